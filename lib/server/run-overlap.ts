import { type Cutover, prewarmAt } from '@/lib/diversion/cutover';
import { ConnectionId } from '@/lib/estate/ids';
import { type ObjectRef, objectKey } from '@/lib/estate/object';
import { refName } from '@/lib/estate/ref-name';
import type { Plan } from '@/lib/plan/model';
import { timelineOf } from '@/lib/plan/timeline';
import { type OtherPlan, type Span, spansMeet } from '@/lib/preflight/circumstances';
import { foldRun, type RunRecord } from '@/lib/run/fold-run';
import { liveStates, type RunState } from '@/lib/run/model';

/** In these states a run may still write; so may a held one, once somebody takes it up again. */
const active: readonly RunState[] = [...liveStates, 'held'];
/** And in these it keeps to its times. */
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
 * The time that a cutover takes: from prewarm until all is back, by the forecasts of its plan. One that stays leaves an
 * estate behind that no plan made before has reckoned with: its time has no end. null = without a clock, any time.
 */
export function spanOf(plan: Plan, cutover: Cutover | null): Span | null {
  if (cutover === null) return null;
  const from = prewarmAt(cutover).toISOString();
  if (cutover.t1 === null) return { from, until: null };
  const backMs = timelineOf(plan.revert).totalMs;
  return { from, until: new Date(Date.parse(cutover.t1) + backMs).toISOString() };
}

/** When a plan is under way: from prewarm on its clock, or from now where it is applied at once. */
export function spanOfPlan(plan: Plan, cutover: Cutover | null, now: Date): Span {
  return spanOf(plan, cutover) ?? { from: now.toISOString(), until: null };
}

/** When a run is under way; null = nobody knows: it has no clock, waits for a person, or is late. */
function spanOfRun({ plan, cutover }: OpenRun, state: RunState, now: Date): Span | null {
  if (!onTime.includes(state) && state !== 'queued') return null;
  const span = spanOf(plan, cutover);
  return span?.until && Date.parse(span.until) <= now.getTime() ? null : span;
}

type OpenRun = Pick<RunRecord, 'id' | 'plan' | 'cutover'>;

function stateFor({ cutover }: OpenRun, state: RunState): OtherPlan['state'] {
  if (state === 'held' || state === 'scheduled') return state;
  // No worker has taken it up yet: it does nothing before its clock says so.
  return state === 'queued' && cutover !== null ? 'scheduled' : 'active';
}

/**
 * A run that is not over as the checks of other plans are told of it.
 * @param from the connection of the plan that asks
 */
export function otherPlanOf(run: OpenRun, state: RunState, now: Date, from: string): OtherPlan {
  return {
    id: run.id,
    name: run.plan.diversion.name,
    state: stateFor(run, state),
    span: spanOfRun(run, state, now),
    objects: objectKeys(run.plan, from),
  };
}

/** What a plan writes to, by keys as a plan of another connection has them. */
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

/** The keys of what a plan writes to. @param from the connection of the plan that asks */
export function objectKeys(
  plan: Pick<Plan, 'connectionId' | 'steps'>,
  from: string = plan.connectionId,
): readonly string[] {
  return [...touched(plan, from).keys()];
}

export type Overlap = { readonly runId: string; readonly isHeld: boolean; readonly object: string };

/**
 * The run that is under way, or will be at that time, on something that this plan wants to write, if there is one: what
 * the check `overlap` blocks, asked again where runs are stored.
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
    const other = otherPlanOf(run, state, now, plan.connectionId);
    const object = mine.get(other.objects.find((key) => mine.has(key)) ?? '');
    if (object !== undefined && spansMeet(span, other.span))
      return { runId: run.id, isHeld: state === 'held', object: refName(object) };
  }
  return null;
}
