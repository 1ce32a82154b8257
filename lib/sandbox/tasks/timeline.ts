import type { SandboxClock } from '../world/clock';

/** Something that takes effect at a time, in epoch milliseconds. */
export type TimedEvent = { readonly at: number; readonly fire: () => void };

/** A source of events, which stores their times. */
export type TimelineSource = {
  /** Returns when the next one is due; null = none is. */
  next(): number | null;
  /** Returns all that are due by `now`, in any order. */
  due(now: number): readonly TimedEvent[];
};

/**
 * Fires what is due in the sandbox, in time order. Every event is stored with its time, so one timer is enough, and a
 * restarted sandbox continues from the data.
 */
export class Timeline {
  readonly #clock: SandboxClock;
  readonly #sources: readonly TimelineSource[];
  readonly #onFired: () => void;
  #cancel: () => void = () => {};
  #stopped = false;

  /** @param onFired called after each round that ended something */
  constructor(clock: SandboxClock, sources: readonly TimelineSource[], onFired: () => void) {
    this.#clock = clock;
    this.#sources = sources;
    this.#onFired = onFired;
  }

  /** Sets the timer for the next due event. Must be called after each change that adds or moves a time. */
  arm(): void {
    this.#cancel();
    this.#cancel = () => {};
    if (this.#stopped) return;
    const times = this.#sources.map((source) => source.next()).filter((time) => time !== null);
    if (times.length > 0) this.#cancel = this.#clock.at(Math.min(...times), () => this.#fireDue());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #fireDue(): void {
    const now = this.#clock.now();
    const due = this.#sources.flatMap((source) => source.due(now));
    for (const ending of due.sort((a, b) => a.at - b.at)) ending.fire();
    this.#onFired();
    this.arm();
  }
}
