import { type Cutover, prewarmAt } from '@/lib/diversion/cutover';
import { type ObjectRef, objectKey } from '@/lib/estate/object';
import { refName } from '@/lib/estate/ref-name';
import type { Plan } from '@/lib/plan/model';
import { timelineOf } from '@/lib/plan/timeline';
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

function windowOfRun(run: RunRecord, state: RunState): Window {
  return onTime.includes(state) || state === 'queued' ? windowOf(run.plan, run.cutover) : always;
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
