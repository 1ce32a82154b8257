/** So many tasks say how long one takes. */
const remembered = 8;
/** Of the shortest of them: the first look comes a little early rather than late. */
const share = 0.9;
const longestMs = 10_000;

/**
 * When it is worth looking at a task for the first time. Looks are few (20 a second for all of an account), and a task that
 * has just begun is not over: looking when the shortest of the last ones would have ended leaves the looks for those that
 * are due. Times in ms.
 */
export class TaskPace {
  #recent: readonly number[] = [];

  /** How long after its write a task needs no look. */
  firstLookMs(): number {
    return this.#recent.length < remembered / 2 ? 0 : Math.min(longestMs, Math.min(...this.#recent) * share);
  }

  /** A task has ended this long after its write. */
  ended(ms: number): void {
    this.#recent = [...this.#recent, ms].slice(-remembered);
  }
}
