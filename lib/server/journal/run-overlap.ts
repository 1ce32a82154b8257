import type { Cutover } from '@/lib/diversion/cutover';
import { prewarmAt } from '@/lib/diversion/cutover-times';
import { ConnectionId } from '@/lib/estate/ids';
import type { ObjectRef } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { refName } from '@/lib/estate/ref-name';
import type { Plan } from '@/lib/plan/model/model';
import { buildTimeline } from '@/lib/plan/model/timeline';
import { type OtherPlan, type Span, spansMeet } from '@/lib/preflight/model/conditions';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { liveStates, type RunState } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';

/** States in which a run may still write; so may a held one, once it is resumed. */
const active: readonly RunState[] = [...liveStates, 'held'];
/** States in which a run keeps to its times. */
const onTime: readonly RunState[] = [
  'scheduled',
  'ready',
  'applying',
  'baking',
  'holding',
  'reverting',
  'retrying',
];

/**
 * Returns the time that a cutover takes: from prewarm until all is rolled back, by the forecasts of its plan. A cutover
 * without T1 leaves a state that no earlier plan has taken into account: its time has no end. null = without a
 * schedule, any time.
 */
export function getPlanSpan(plan: Plan, cutover: Cutover | null): Span | null {
  if (cutover === null) return null;
  const from = prewarmAt(cutover).toISOString();
  if (cutover.t1 === null) return { from, until: null };
  const backMs = buildTimeline(plan.revert).totalMs;
  return { from, until: new Date(Date.parse(cutover.t1) + backMs).toISOString() };
}

/** Returns when a plan is under way: from prewarm on its schedule, or from now if it is applied at once. */
export function spanOfPlan(plan: Plan, cutover: Cutover | null, now: Date): Span {
  return getPlanSpan(plan, cutover) ?? { from: now.toISOString(), until: null };
}

/** Returns when a run is under way; null = unknown: it has no schedule, waits for a person, or is late. */
function spanOfRun({ plan, cutover }: OpenRun, state: RunState, now: Date): Span | null {
  if (!onTime.includes(state) && state !== 'queued') return null;
  const span = getPlanSpan(plan, cutover);
  return span?.until && Date.parse(span.until) <= now.getTime() ? null : span;
}

type OpenRun = Pick<RunRecord, 'id' | 'plan' | 'cutover'>;

function stateFor({ cutover }: OpenRun, state: RunState): OtherPlan['state'] {
  if (state === 'held' || state === 'scheduled') return state;
  // No worker has claimed it yet: it does nothing before its scheduled time.
  return state === 'queued' && cutover !== null ? 'scheduled' : 'active';
}

/**
 * Describes a run that is not over for the checks of other plans.
 * @param from the connection of the plan being checked
 */
export function toOtherPlan(run: OpenRun, state: RunState, now: Date, from: string): OtherPlan {
  return {
    id: run.id,
    name: run.plan.diversion.name,
    state: stateFor(run, state),
    span: spanOfRun(run, state, now),
    objects: objectKeys(run.plan, from),
  };
}

/** Returns what a plan writes to, as keys from the viewpoint of a plan of another connection. */
function touched({ connectionId, steps }: Pick<Plan, 'connectionId' | 'steps'>, from: string) {
  const seen = (ref: ObjectRef): ObjectRef => {
    const owner = ConnectionId.parse(ref.connectionId ?? connectionId);
    const { connectionId: _own, ...place } = ref;
    return owner === from ? place : { ...place, connectionId: owner };
  };
  return new Map(
    steps.flatMap((s) => (s.kind === 'write' ? [[objectKey(seen(s.object)), s.object] as const] : [])),
  );
}

/** Returns the keys of what a plan writes to. @param from the connection of the plan being checked */
export function objectKeys(
  plan: Pick<Plan, 'connectionId' | 'steps'>,
  from: string = plan.connectionId,
): readonly string[] {
  return [...touched(plan, from).keys()];
}

export type Overlap = { readonly runId: RunId; readonly isHeld: boolean; readonly object: string };

/**
 * Returns the run, if any, that is or will then be under way on something that this plan wants to write: the condition
 * that the check `overlap` blocks, checked again where runs are stored.
 * @param span when the plan is under way; null = at any time
 */
export function findOverlap(
  plan: Plan,
  span: Span | null,
  others: readonly RunRecord[],
  now = new Date(),
): Overlap | null {
  const mine = touched(plan, plan.connectionId);
  for (const run of others) {
    const { state } = foldRun(run);
    if (!active.includes(state)) continue;
    const other = toOtherPlan(run, state, now, plan.connectionId);
    const object = mine.get(other.objects.find((key) => mine.has(key)) ?? '');
    if (object !== undefined && spansMeet(span, other.span))
      return { runId: run.id, isHeld: state === 'held', object: refName(object) };
  }
  return null;
}
