import type { SandboxClock } from '../world/clock';

/** Something that takes effect at a time, in epoch milliseconds. */
export type Ending = { readonly at: number; readonly end: () => void };

/** A source of endings, which stores their end times. */
export type EndingSource = {
  /** Returns when the next one ends; null = none does. */
  next(): number | null;
  /** Returns all that end by `now`, in any order. */
  due(now: number): readonly Ending[];
};

/**
 * Ends whatever takes time in the sandbox, in time order. All of it is stored with its end time, so one timer is
 * enough, and a restarted sandbox continues where it was.
 */
export class Timeline {
  readonly #clock: SandboxClock;
  readonly #sources: readonly EndingSource[];
  readonly #ended: () => void;
  #cancel: () => void = () => {};
  #stopped = false;

  /** @param ended called after each round that ended something */
  constructor(clock: SandboxClock, sources: readonly EndingSource[], ended: () => void) {
    this.#clock = clock;
    this.#sources = sources;
    this.#ended = ended;
  }

  /** Sets the timer for whatever ends next. Must be called after each change that adds or moves an end time. */
  arm(): void {
    this.#cancel();
    this.#cancel = () => {};
    if (this.#stopped) return;
    const times = this.#sources.map((source) => source.next()).filter((time) => time !== null);
    if (times.length > 0) this.#cancel = this.#clock.at(Math.min(...times), () => this.#endDue());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #endDue(): void {
    const now = this.#clock.now();
    const due = this.#sources.flatMap((source) => source.due(now));
    for (const ending of due.sort((a, b) => a.at - b.at)) ending.end();
    this.#ended();
    this.arm();
  }
}
