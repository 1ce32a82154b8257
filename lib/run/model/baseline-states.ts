import type { Diversion } from '@/lib/diversion/diversion';
import type { KnownIds } from '@/lib/estate/call';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { ownedKey, recordKey } from '@/lib/estate/object-state';
import type { KeptWeight } from '@/lib/estate/record-shares';
import type { PlanId, WriteStep } from '@/lib/plan/model/model';
import type { RunRecord } from './fold-run';
import type { RunEvent } from './model';
import { bindPlan } from './placeholders';
import type { RunId } from './run-id';

/** The run that made a change, and its plan. */
export type RunOfPlan = { readonly runId: RunId; readonly planId: PlanId };

/** The baseline of an object: the state in which the applied plan left it. */
export type BaselineState = {
  readonly object: ObjectRef;
  readonly state: ObjectState;
  /** The newest run with a change in effect on it. */
  readonly by: RunOfPlan;
  /** The diversion of that run's plan. */
  readonly diversion: Diversion;
  /** The connection of that run's plan. */
  readonly connectionId: string;
  /** The time of its last write, as an ISO instant. */
  readonly leftAt: string;
  /** The time of any run's last write to it: later than the above after another apply and rollback. */
  readonly touchedAt: string;
  /** Identifies the write that left this state. */
  readonly write: string;
};

type Done = Extract<RunEvent, { type: 'stepDone' }>;

/** One object as one run has left it. */
export type WrittenState = Omit<BaselineState, 'diversion' | 'connectionId' | 'touchedAt'> & {
  readonly isInEffect: boolean;
  /** Weights that the cloud has kept on records whose state has none. */
  readonly keptWeights: readonly KeptWeight[];
  /** The cloud's ids of the records in the state, by `recordKey`. */
  readonly recordIds: KnownIds;
  /** The cloud's id of the rule in the state; null = unknown, or it is no rule that exists. */
  readonly ruleId: string | null;
};

/** The states in which one run has left its objects, by the object's key among those of all connections. */
export type RunBaseline = Pick<BaselineState, 'diversion' | 'connectionId'> & {
  readonly objects: ReadonlyMap<string, WrittenState>;
};

/** The required part of a run's record: of its events, those of completed steps. */
export type DoneRun = Pick<RunRecord, 'id' | 'planId' | 'plan' | 'events'>;

/**
 * Returns the states that a run has left, from its journal alone. Pure: the result changes only when the run completes
 * another step.
 */
export function runBaseline({ id: runId, planId, plan, events }: DoneRun): RunBaseline {
  const { steps, rollback } = bindPlan(plan, events);
  const writes = (list: typeof steps) =>
    new Map(list.flatMap((step) => (step.kind === 'write' ? [[step.id, step] as const] : [])));
  const lists = { apply: writes(steps), rollback: writes(rollback) };
  const inEffect = new Map<string, Set<string>>();
  const left = new Map<string, WrittenState>();
  for (const event of events) {
    if (event.type !== 'stepDone') continue;
    const step = lists[event.direction].get(event.stepId);
    if (step === undefined) continue;
    const key = ownedKey(step.object, plan.connectionId);
    const own = inEffect.get(key) ?? new Set();
    inEffect.set(key, own);
    noteEffect(own, step, event);
    if (event.outcome === 'notOurs') continue;
    const kept = [...(left.get(key)?.keptWeights ?? []), ...(event.keptWeights ?? [])];
    left.set(key, {
      object: step.object,
      state: step.after,
      by: { runId, planId },
      leftAt: event.at,
      write: `${runId}/${event.direction}/${step.id}/${event.at}`,
      isInEffect: false,
      keptWeights: kept.filter((each) => isUnweighted(step.after, each)),
      recordIds: event.recordIds ?? {},
      ruleId: event.ruleId ?? null,
    });
  }
  const isInEffect = (key: string) => (inEffect.get(key)?.size ?? 0) > 0;
  const objects = new Map([...left].map(([key, each]) => [key, { ...each, isInEffect: isInEffect(key) }]));
  return { diversion: plan.diversion, connectionId: plan.connectionId, objects };
}

/** Returns whether a state contains this record without a weight. */
function isUnweighted(state: ObjectState, record: KeptWeight): boolean {
  if (state.kind !== 'recordSet') return false;
  return state.records.some((each) => recordKey(each) === recordKey(record) && !each.weight);
}

/** Stores the effect of a step. A state from before the run does not belong to it. */
function noteEffect(inEffect: Set<string>, step: WriteStep, { direction, outcome }: Done): void {
  if (direction === 'rollback') inEffect.delete(step.undoes ?? '');
  else if (outcome !== 'already') inEffect.add(step.id);
}

/**
 * Returns the baseline of each object that a plan has written to and that is not rolled back: from the newest run with
 * a change in effect on it. A later run that was rolled back completely no longer counts, independently of the state
 * that it found; an object without any change in effect belongs to no plan.
 * @param runs of all connections, oldest first: a plan may write to objects of another account's plan
 */
export function baselineStates(runs: readonly RunBaseline[]): readonly BaselineState[] {
  const applied = new Map<string, Omit<BaselineState, 'touchedAt'>>();
  const touched = new Map<string, string>();
  for (const { objects, ...plan } of runs)
    for (const [key, { isInEffect, keptWeights: _, recordIds: __, ruleId: ___, ...left }] of objects) {
      if (left.leftAt >= (touched.get(key) ?? '')) touched.set(key, left.leftAt);
      if (isInEffect) applied.set(key, { ...left, ...plan });
    }
  return [...applied].map(([key, left]) => ({ ...left, touchedAt: touched.get(key) ?? left.leftAt }));
}
