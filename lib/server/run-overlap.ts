import { type Cutover, prewarmAt } from '@/lib/diversion/cutover';
import { type ObjectRef, objectKey } from '@/lib/estate/object';
import { refName } from '@/lib/estate/ref-name';
import type { Plan } from '@/lib/plan/model';
import { timelineOf } from '@/lib/plan/timeline';
import type { OtherPlan, Span } from '@/lib/preflight/circumstances';
import { foldRun, type RunRecord } from '@/lib/run/fold-run';
import { liveStates, type RunState } from '@/lib/run/model';

/** In these states a run may still write; so may a held one, once somebody takes it up again. */
const active: readonly RunState[] = [...liveStates, 'held'];
/** And in these it keeps to its times. */
const onTime: readonly RunState[] = ['scheduled', 'ready', 'applying', 'baking', 'holding', 'reverting'];

/** The time in which a run may write, or in which what it leaves would surprise another plan, in epoch ms. */
export type Window = { readonly from: number; readonly to: number };

const always: Window = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/**
 * The time that a cutover takes: from prewarm until all is back, by the forecasts of its plan. One that stays, or has no
 * clock, leaves an estate behind that no plan made before has reckoned with: its time has no end.
 */
export function windowOf(plan: Plan, cutover: Cutover | null): Window {
  if (cutover === null) return always;
  const backMs = timelineOf(plan.revert).totalMs;
  const to = cutover.t1 === null ? always.to : Date.parse(cutover.t1) + backMs;
  return { from: prewarmAt(cutover).getTime(), to };
}

function windowOfRun(run: Pick<RunRecord, 'plan' | 'cutover'>, state: RunState): Window {
  return onTime.includes(state) || state === 'queued' ? windowOf(run.plan, run.cutover) : always;
}

/** A window as a span; null = it has no end on either side. */
function spanOf({ from, to }: Window): Span | null {
  if (!Number.isFinite(from)) return null;
  return {
    from: new Date(from).toISOString(),
    until: Number.isFinite(to) ? new Date(to).toISOString() : null,
  };
}

/** When a plan is under way: from prewarm on its clock, or from now where it is applied at once. */
export function spanOfPlan(plan: Plan, cutover: Cutover | null, now: Date): Span {
  return spanOf(windowOf(plan, cutover)) ?? { from: now.toISOString(), until: null };
}

type OpenRun = Pick<RunRecord, 'id' | 'plan' | 'cutover'>;

function stateFor({ cutover }: OpenRun, state: RunState): OtherPlan['state'] {
  if (state === 'held' || state === 'scheduled') return state;
  // No worker has taken it up yet: it does nothing before its clock says so.
  return state === 'queued' && cutover !== null ? 'scheduled' : 'active';
}

/** A run that is not over as the checks of other plans are told of it. One that is late has no known end. */
export function otherPlanOf(run: OpenRun, state: RunState, now: Date): OtherPlan {
  const window = windowOfRun(run, state);
  return {
    id: run.id,
    name: run.plan.diversion.name,
    state: stateFor(run, state),
    span: spanOf(window.to <= now.getTime() ? always : window),
    objects: objectKeys(run.plan),
  };
}

/** The keys of what a plan writes to. */
export function objectKeys({ steps }: Pick<Plan, 'steps'>): readonly string[] {
  return [...new Set(steps.flatMap((s) => (s.kind === 'write' ? [objectKey(s.object)] : [])))];
}

export type Overlap = { readonly runId: string; readonly isHeld: boolean; readonly object: string };

function touched(plan: Plan): ReadonlyMap<string, ObjectRef> {
  return new Map(plan.steps.flatMap((s) => (s.kind === 'write' ? [[objectKey(s.object), s.object]] : [])));
}

/** The run that is under way, or will be at that time, on something that this plan wants to write, if there is one. */
export function findOverlap(plan: Plan, window: Window, others: readonly RunRecord[]): Overlap | null {
  const mine = touched(plan);
  for (const other of others) {
    const { state } = foldRun(other);
    if (other.plan.connectionId !== plan.connectionId || !active.includes(state)) continue;
    const theirs = windowOfRun(other, state);
    if (theirs.from >= window.to || theirs.to <= window.from) continue;
    const object = [...touched(other.plan).values()].find((ref) => mine.has(objectKey(ref)));
    if (object !== undefined) return { runId: other.id, isHeld: state === 'held', object: refName(object) };
  }
  return null;
}
