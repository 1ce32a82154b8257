import { invariant } from '@/lib/invariant';
import type { RehearsalClock } from '@/lib/rehearsal/rehearsal-clock';
import { nextTurn } from '@/lib/timing/in-turns';

type Sleeper = { readonly dueMs: number; readonly wake: () => void };

/**
 * Runs everything that can continue without time passing: promises settle before the event loop takes its next turn.
 * Work may wait for one turn itself, as reads do that share a call.
 */
async function settle(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/**
 * Time that passes only when nothing else can happen: sleepers wake one by one, in the order of their instants and, at
 * one instant, in the order in which they fell asleep. Therefore the same work always runs in the same order, and an
 * hour takes no longer than the work in it.
 */
export class VirtualClock implements RehearsalClock {
  readonly #startMs: number;
  /** Milliseconds since the start; never decreases. */
  #elapsedMs = 0;
  /** The offset of the wall clock, in ms. */
  #offMs = 0;
  #sleepers: Sleeper[] = [];
  readonly #outside = new Set<Promise<unknown>>();

  /** @param start the initial time of the clock */
  constructor(start: Date) {
    this.#startMs = start.getTime();
  }

  /** Returns the wall-clock time, jumps included. */
  now(): Date {
    return new Date(this.#startMs + this.#elapsedMs + this.#offMs);
  }

  /** Returns how much time has really passed, in ms, unaffected by jumps of the clock. */
  elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Moves the wall clock forward or back. As with a real timer, pending sleeps keep their length. */
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
   * @returns a function that cancels the call; nothing happens if it was made already.
   */
  after(ms: number, wake: () => void): () => void {
    const sleeper = { dueMs: this.#elapsedMs + Math.max(0, ms), wake };
    const later = this.#sleepers.findLastIndex(({ dueMs }) => dueMs <= sleeper.dueMs);
    this.#sleepers.splice(later + 1, 0, sleeper);
    return () => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
    };
  }

  /** Stops this clock while `fn` waits for something external, such as a socket or a file. */
  async withTimeStopped<T>(fn: () => Promise<T>): Promise<T> {
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
   * @returns the result of the work
   * @throws what the work throws; or an error when it waits for something that no passing of time will bring
   */
  async run<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    for (;;) {
      await settle();
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
