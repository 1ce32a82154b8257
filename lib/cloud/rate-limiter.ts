/**
 * Lets callers through at even distances, in the order in which they came: never more than `perSecond` in any second,
 * because there are no bursts.
 */
export class RateLimiter {
  readonly #intervalMs: number;
  readonly #now: () => Date;
  readonly #sleep: (ms: number) => Promise<void>;
  #queue: Promise<void> = Promise.resolve();
  #lastMs: number | null = null;

  constructor(perSecond: number, now: () => Date, sleep: (ms: number) => Promise<void>) {
    this.#intervalMs = 1000 / perSecond;
    this.#now = now;
    this.#sleep = sleep;
  }

  /** Resolves when the caller may send. */
  pass(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#wait());
    return this.#queue;
  }

  async #wait(): Promise<void> {
    if (this.#lastMs !== null) {
      // A clock that was set back must not stop the traffic: one interval is the longest wait there can be.
      const sinceLast = Math.max(0, this.#now().getTime() - this.#lastMs);
      if (sinceLast < this.#intervalMs) await this.#sleep(Math.ceil(this.#intervalMs - sinceLast));
    }
    this.#lastMs = this.#now().getTime();
  }
}
