/** What the bench's own worker tells of its runs, over the channel to the process that started it. */
export type Told =
  /** The step after a wait has begun. `at`: epoch ms. */
  | { readonly kind: 'fired'; readonly runId: string; readonly at: number }
  /** How long each step took, in ms: alone, and with the look for messages that the executor takes before each. */
  | { readonly kind: 'stepped'; readonly alone: readonly number[]; readonly looking: readonly number[] };

const timerName = /^timer-(\d+)-\d+$/;

/** The name of a run that waits until an instant (epoch ms); the job of a run is its name alone. */
export function timerRunId(due: number, number: number): string {
  return `timer-${due}-${number}`;
}

/** When the run of this name is due; null when it is none that waits. */
export function dueOf(runId: string): number | null {
  const [, due] = timerName.exec(runId) ?? [];
  return due === undefined ? null : Number(due);
}
