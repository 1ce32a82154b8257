import { RunId } from '@/lib/run/model/run-id';

/** The messages of the bench's own worker about its runs, over the channel to its parent process. */
export type TimerReport =
  /** The step after a wait has begun. `at`: epoch ms. */
  | { readonly kind: 'fired'; readonly runId: RunId; readonly at: number }
  /** The duration of each step, in ms: alone, and with the message check that the executor makes before it. */
  | { readonly kind: 'stepped'; readonly alone: readonly number[]; readonly looking: readonly number[] };

const timerName = /^timer-(\d+)-\d+$/;

/** Returns the name of a run that waits until an instant (epoch ms); the job of a run is its name alone. */
export function timerRunId(due: number, number: number): RunId {
  return RunId.parse(`timer-${due}-${number}`);
}

/** Returns when the run of this name is due; null if it does not wait. */
export function getDueInstant(runId: string): number | null {
  const [, due] = timerName.exec(runId) ?? [];
  return due === undefined ? null : Number(due);
}
