import { isDeepStrictEqual } from 'node:util';
import type { Cutover } from '@/lib/diversion/cutover';
import { prewarmAt } from '@/lib/diversion/cutover-times';
import { ConnectionId } from '@/lib/estate/ids';
import type { ObjectRef } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { refName } from '@/lib/estate/ref-name';
import type { Plan } from '@/lib/plan/model/model';
import { buildTimeline } from '@/lib/plan/model/timeline';
import { type FunctionBinding, type OtherPlan, type Span, spansMeet } from '@/lib/preflight/model/conditions';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { liveStates, type RunState } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { AccountConnections } from './read-account-connections';

/** States in which a run may still write, including stopped runs, which can be resumed. */
const active: readonly RunState[] = [...liveStates, 'stopped'];
/** States in which a run follows its schedule. */
const onTime: readonly RunState[] = [
  'scheduled',
  'ready',
  'applying',
  'baking',
  'diverted',
  'rollingBack',
  'retrying',
];

/**
 * Returns the period of a cutover: from prewarm until everything is rolled back, by its plan's forecasts. A cutover
 * without T1 leaves a state that no earlier plan accounts for, so its period has no end. null = without a schedule, any
 * time.
 */
export function getPlanSpan(plan: Plan, cutover: Cutover | null): Span | null {
  if (cutover === null) return null;
  const from = prewarmAt(cutover).toISOString();
  if (cutover.t1 === null) return { from, until: null };
  const backMs = buildTimeline(plan.rollback).totalMs;
  return { from, until: new Date(Date.parse(cutover.t1) + backMs).toISOString() };
}

/** Returns the period in which a plan is executed: from prewarm on its schedule, or from now if applied at once. */
export function spanOfPlan(plan: Plan, cutover: Cutover | null, now: Date): Span {
  return getPlanSpan(plan, cutover) ?? { from: now.toISOString(), until: null };
}

/** Returns the period in which a run is executed; null = unknown, because it has no schedule, is stopped, or is late. */
function spanOfRun({ plan, cutover }: OpenRun, state: RunState, now: Date): Span | null {
  if (!onTime.includes(state) && state !== 'queued') return null;
  const span = getPlanSpan(plan, cutover);
  return span?.until && Date.parse(span.until) <= now.getTime() ? null : span;
}

type OpenRun = Pick<RunRecord, 'id' | 'plan' | 'cutover'>;

function stateFor({ cutover }: OpenRun, state: RunState): OtherPlan['state'] {
  if (state === 'stopped' || state === 'scheduled') return state;
  // Not claimed by a worker yet: it does nothing before its scheduled time.
  return state === 'queued' && cutover !== null ? 'scheduled' : 'active';
}

/** The viewpoint of a plan that is checked: its connection, and which connections belong to one account. */
export type Viewpoint = { readonly connectionId: string; readonly accounts: AccountConnections };

/** Describes an open run for the checks of another plan. */
export function toOtherPlan(run: OpenRun, state: RunState, now: Date, from: Viewpoint): OtherPlan {
  return {
    id: run.id,
    name: run.plan.diversion.name,
    state: stateFor(run, state),
    span: spanOfRun(run, state, now),
    objects: listKeysSeen(run.plan, from),
    // A rollback binds nothing.
    binds: state === 'rollingBack' ? [] : listBindings(run.plan, from),
  };
}

/** Returns the functions that a plan binds to rules of the accounts that the viewing plan uses. */
function listBindings({ connectionId, steps }: Written, from: Viewpoint): readonly FunctionBinding[] {
  return steps.flatMap((step): readonly FunctionBinding[] => {
    if (step.kind !== 'write') return [];
    const { object, before, after } = step;
    if (object.kind !== 'rule' || before.kind !== 'rule' || after.kind !== 'rule') return [];
    const { connectionId: named, ...rule } = object;
    const added = after.functions.filter(
      (fn) => !before.functions.some((known) => isDeepStrictEqual(known, fn)),
    );
    return from.accounts(named ?? connectionId).flatMap((owner) => {
      const owned = owner === from.connectionId ? {} : { connectionId: ConnectionId.parse(owner) };
      return added.map(({ namespace, name, qualifier }) => ({
        rule: { ...rule, ...owned },
        function: { ...owned, region: rule.region, namespace, name, qualifier },
      }));
    });
  });
}

type Written = Pick<Plan, 'connectionId' | 'steps'>;

/** Returns the keys under which a plan of a connection has an object of this owner. */
function keySeen(ref: ObjectRef, owner: string, connectionId: string): string {
  const { connectionId: _own, ...place } = ref;
  return objectKey(owner === connectionId ? place : { ...place, connectionId: ConnectionId.parse(owner) });
}

/** Returns the objects that a plan writes to, by their keys in this plan. */
function listWritten({ connectionId, steps }: Written): ReadonlyMap<string, ObjectRef> {
  return new Map(
    steps.flatMap((s) =>
      s.kind === 'write'
        ? [[keySeen(s.object, s.object.connectionId ?? connectionId, connectionId), s.object] as const]
        : [],
    ),
  );
}

/** Returns the keys of the objects that a plan writes to, in this plan. */
export function objectKeys(plan: Written): readonly string[] {
  return [...listWritten(plan).keys()];
}

/**
 * Returns the keys of the objects that a plan writes to from the viewpoint of another plan. An object of an account with
 * several connections has one for each: the other plan may use any of them.
 */
export function listKeysSeen(plan: Written, { connectionId, accounts }: Viewpoint): readonly string[] {
  const keys = [...listWritten(plan).values()].flatMap((ref) =>
    accounts(ref.connectionId ?? plan.connectionId).map((owner) => keySeen(ref, owner, connectionId)),
  );
  return [...new Set(keys)];
}

export type Overlap = { readonly runId: RunId; readonly isStopped: boolean; readonly object: string };

/**
 * Returns a run that is executed in the same period on an object that this plan writes to, through whichever connection of
 * the object's account. The check `overlap` blocks on this condition, and it is checked again when a run is stored.
 * @param span the plan's period; null = at any time
 */
export function findOverlap(
  plan: Plan,
  span: Span | null,
  others: readonly RunRecord[],
  accounts: AccountConnections,
  now = new Date(),
): Overlap | null {
  const mine = listWritten(plan);
  for (const run of others) {
    const { state } = foldRun(run);
    if (!active.includes(state)) continue;
    const other = toOtherPlan(run, state, now, { connectionId: plan.connectionId, accounts });
    const object = mine.get(other.objects.find((key) => mine.has(key)) ?? '');
    if (object !== undefined && spansMeet(span, other.span))
      return { runId: run.id, isStopped: state === 'stopped', object: refName(object) };
  }
  return null;
}
