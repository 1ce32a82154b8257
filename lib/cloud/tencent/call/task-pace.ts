/** The number of past tasks from which the duration is estimated. */
const remembered = 8;
/** The share of the shortest of them: the first poll should be a little early rather than late. */
const share = 0.95;
const longestMs = 10_000;

/**
 * Estimates when a task is worth polling for the first time. Polls are scarce (20 a second for a whole account), and a
 * task that has just begun has not ended: polling when the shortest of the recent ones would have ended leaves the
 * polls to those that are due. Times in ms.
 */
export class TaskPace {
  #recent: readonly number[] = [];

  /** Returns how long after its write a task needs no poll. */
  firstPollMs(): number {
    return this.#recent.length < remembered / 2 ? 0 : Math.min(longestMs, Math.min(...this.#recent) * share);
  }

  /** Records that a task has ended this long after its write. */
  ended(ms: number): void {
    this.#recent = [...this.#recent, ms].slice(-remembered);
  }
}
