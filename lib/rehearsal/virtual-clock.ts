import { invariant } from '@/lib/invariant';
import type { Clock } from '@/lib/run/ports';

type Sleeper = { readonly dueMs: number; readonly wake: () => void };

/** Lets all that can go on without time passing do so: promises run dry before the event loop takes its next turn. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Time that passes only when nothing else can happen: sleepers wake one by one, in the order of their instants and, at
 * one instant, in the order in which they lay down. The same work therefore takes the same way each time, and an hour
 * takes no longer than what is done in it.
 */
export class VirtualClock implements Clock {
  readonly #startMs: number;
  /** Since the start, in ms; never goes back. */
  #elapsedMs = 0;
  /** How far the clock on the wall is off, in ms. */
  #offMs = 0;
  #sleepers: Sleeper[] = [];
  readonly #outside = new Set<Promise<unknown>>();

  /** @param start what the clock shows at first */
  constructor(start: Date) {
    this.#startMs = start.getTime();
  }

  /** What the clock on the wall shows: jumps included. */
  now(): Date {
    return new Date(this.#startMs + this.#elapsedMs + this.#offMs);
  }

  /** How much time has really passed, in ms: what no jump of the clock can change. */
  elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Puts the clock on the wall forward or back. Like a real timer, whoever sleeps already sleeps as long as before. */
  jump(byMs: number): void {
    this.#offMs += byMs;
  }

  sleepUntil(instant: Date): Promise<void> {
    return new Promise((resolve) => {
      this.after(instant.getTime() - this.now().getTime(), resolve);
    });
  }

  /**
   * Calls `wake` once this time has passed, in ms.
   * @returns takes the call back; nothing happens if it was made already.
   */
  after(ms: number, wake: () => void): () => void {
    const sleeper = { dueMs: this.#elapsedMs + Math.max(0, ms), wake };
    const later = this.#sleepers.findLastIndex(({ dueMs }) => dueMs <= sleeper.dueMs);
    this.#sleepers.splice(later + 1, 0, sleeper);
    return () => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
    };
  }

  /** Lets `fn` wait for something outside, such as a socket or a file: this clock stands still meanwhile. */
  async standingStill<T>(fn: () => Promise<T>): Promise<T> {
    const work = fn();
    this.#outside.add(work);
    try {
      return await work;
    } finally {
      this.#outside.delete(work);
    }
  }

  /**
   * Lets time pass until the work is done.
   * @returns what the work results in
   * @throws what the work throws; or an error when it waits for something that no passing of time will bring
   */
  async run<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    for (;;) {
      await nextTurn();
      if (isOver) return work;
      if (this.#outside.size > 0) {
        await Promise.race([...this.#outside].map((outside) => outside.catch(() => {})));
        continue;
      }
      const next = this.#sleepers.shift();
      invariant(next !== undefined, 'the work waits for something that time can bring');
      this.#elapsedMs = next.dueMs;
      next.wake();
    }
  }
}
