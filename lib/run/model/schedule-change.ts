import { foldRun, type RunRecord } from './fold-run';
import type { RunState } from './model';

/**
 * Returns whether a run has started. A scheduled run starts with prewarm, and changes nothing before. A run that was
 * applied at once has started.
 */
export function hasBegun({ cutover, events }: Pick<RunRecord, 'cutover' | 'events'>): boolean {
  return cutover === null || events.some(({ type }) => type === 'passed');
}

/** Returns whether the schedule of a run was canceled before it started: its plan can be scheduled or applied again. */
export function isCanceled(run: RunRecord): boolean {
  return !hasBegun(run) && foldRun(run).state === 'closed';
}

/** A change of the schedule of a run that has not started. */
export type ScheduleChange = 'reschedule' | 'cancelSchedule';

/**
 * The states in which a run that has not started can be rescheduled. A paused run must be resumed first, because a new
 * schedule would resume it.
 */
const states: Readonly<Record<ScheduleChange, readonly RunState[]>> = {
  reschedule: ['queued', 'scheduled', 'stopped'],
  cancelSchedule: ['queued', 'scheduled', 'paused', 'stopped'],
};

/** Returns whether the schedule of a run can be changed, or canceled. */
export function canChangeSchedule(
  change: ScheduleChange,
  { state, isBegun }: { readonly state: RunState | null; readonly isBegun: boolean },
): boolean {
  return !isBegun && state !== null && states[change].includes(state);
}
