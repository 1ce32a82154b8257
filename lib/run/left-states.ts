import type { Diversion } from '@/lib/diversion/diversion';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { ownedKey } from '@/lib/estate/object';
import type { WriteStep } from '@/lib/plan/model';
import type { RunRecord } from './fold-run';
import type { RunEvent } from './model';
import { bindPlan } from './symbols';

/** The run that did something, and its plan. */
export type RunOfPlan = { readonly runId: string; readonly planId: string };

/** The state that the applied plan has left an object in. */
export type LeftState = {
  readonly object: ObjectRef;
  readonly state: ObjectState;
  /** The newest run that has something in effect on it. */
  readonly by: RunOfPlan;
  /** Of its plan. */
  readonly diversion: Diversion;
  /** Its plan's. */
  readonly connectionId: string;
  /** When its last write was done, as an ISO instant. */
  readonly leftAt: string;
  /** When any run has done its last write to it: there and back again, it may be younger. */
  readonly touchedAt: string;
  /** Tells the write that left it so from all others. */
  readonly write: string;
};

type Done = Extract<RunEvent, { type: 'stepDone' }>;

/** One object in one run. */
type Left = Omit<LeftState, 'diversion' | 'connectionId' | 'touchedAt'> & { readonly isInEffect: boolean };

/** What one run has left each of its objects in, by the object's key among those of all connections. */
export type RunLeft = Pick<LeftState, 'diversion' | 'connectionId'> & {
  readonly objects: ReadonlyMap<string, Left>;
};

/** What of a run's record it takes: of its events, those of done steps. */
export type DoneRun = Pick<RunRecord, 'id' | 'planId' | 'plan' | 'events'>;

/** What a run has left, by its journal alone. Pure: it changes only when the run does another step. */
export function leftByRun({ id: runId, planId, plan, events }: DoneRun): RunLeft {
  const { steps, revert } = bindPlan(plan, events);
  const writes = (list: typeof steps) =>
    new Map(list.flatMap((step) => (step.kind === 'write' ? [[step.id, step] as const] : [])));
  const lists = { apply: writes(steps), revert: writes(revert) };
  const inEffect = new Map<string, Set<string>>();
  const left = new Map<string, Left>();
  for (const event of events) {
    if (event.type !== 'stepDone') continue;
    const step = lists[event.direction].get(event.stepId);
    if (step === undefined) continue;
    const key = ownedKey(step.object, plan.connectionId);
    const own = inEffect.get(key) ?? new Set();
    inEffect.set(key, own);
    noteEffect(own, step, event);
    if (event.outcome === 'notOurs') continue;
    left.set(key, {
      ...{ object: step.object, state: step.after, by: { runId, planId }, leftAt: event.at },
      write: `${runId}/${event.direction}/${step.id}/${event.at}`,
      isInEffect: false,
    });
  }
  const isInEffect = (key: string) => (inEffect.get(key)?.size ?? 0) > 0;
  const objects = new Map([...left].map(([key, each]) => [key, { ...each, isInEffect: isInEffect(key) }]));
  return { diversion: plan.diversion, connectionId: plan.connectionId, objects };
}

/** What was so before the run came is not its own. */
function noteEffect(inEffect: Set<string>, step: WriteStep, { direction, outcome }: Done): void {
  if (direction === 'revert') inEffect.delete(step.undoes ?? '');
  else if (outcome !== 'already') inEffect.add(step.id);
}

/**
 * The state that each object was left in that a plan has written to and that is not taken back: by the newest run that has
 * something in effect on it. A later one that was rolled back altogether counts no more, whatever it had found; and what no
 * run has in effect is nobody's plan any more.
 * @param runs of all connections, oldest first: a plan may write to what another account's plan has left
 */
export function leftStates(runs: readonly RunLeft[]): readonly LeftState[] {
  const applied = new Map<string, Omit<LeftState, 'touchedAt'>>();
  const touched = new Map<string, string>();
  for (const { objects, ...plan } of runs)
    for (const [key, { isInEffect, ...left }] of objects) {
      if (left.leftAt >= (touched.get(key) ?? '')) touched.set(key, left.leftAt);
      if (isInEffect) applied.set(key, { ...left, ...plan });
    }
  return [...applied].map(([key, left]) => ({ ...left, touchedAt: touched.get(key) ?? left.leftAt }));
}
