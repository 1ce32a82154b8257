import type { RehearsalClock } from '@/lib/rehearsal/rehearsal-clock';

type Sleeper = { readonly dueMs: number; readonly wake: () => void };

/** Longer waits overflow: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestWaitMs = 2 ** 31 - 1;

/**
 * The machine's time, in which waits are shortened: it runs `speed` times as fast while nothing is on the wire, and at
 * the machine's pace while a call is, so that calls take as long as they really do. Sleepers wake in the order of their
 * instants, never early.
 */
export class FastClock implements RehearsalClock {
  readonly #startMs: number;
  readonly #speed: number;
  /** The machine's time and that of this clock when the pace last changed, in ms. */
  #sinceMs = performance.now();
  #elapsedThenMs = 0;
  #offMs = 0;
  #calls = 0;
  #sleepers: Sleeper[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isResting = false;

  /** @param speed at least 1 */
  constructor(start: Date, speed: number) {
    this.#startMs = start.getTime();
    this.#speed = speed;
  }

  now(): Date {
    return new Date(this.#startMs + this.elapsedMs() + this.#offMs);
  }

  elapsedMs(): number {
    return this.#elapsedThenMs + (performance.now() - this.#sinceMs) * this.#pace();
  }

  jump(byMs: number): void {
    this.#offMs += byMs;
  }

  sleepUntil(instant: Date): Promise<void> {
    return new Promise((resolve) => {
      this.after(instant.getTime() - this.now().getTime(), resolve);
    });
  }

  after(ms: number, wake: () => void): () => void {
    const sleeper = { dueMs: this.elapsedMs() + Math.max(0, ms), wake };
    const later = this.#sleepers.findLastIndex(({ dueMs }) => dueMs <= sleeper.dueMs);
    this.#sleepers.splice(later + 1, 0, sleeper);
    this.#arm();
    return () => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
    };
  }

  /** Runs at the machine's pace until `call` has ended. */
  async duringCall<T>(call: () => Promise<T>): Promise<T> {
    this.#change(() => {
      this.#calls += 1;
    });
    try {
      return await call();
    } finally {
      this.#change(() => {
        this.#calls -= 1;
      });
    }
  }

  /** Stops until `over` resolves: no sleep ends meanwhile. Calls on the wire continue. */
  async restUntil(over: Promise<void>): Promise<void> {
    this.#change(() => {
      this.#isResting = true;
    });
    await over;
    this.#change(() => {
      this.#isResting = false;
    });
  }

  /** Wakes no one any more. */
  stop(): void {
    this.#isStopped = true;
    this.#sleepers = [];
    clearTimeout(this.#timer);
  }

  #pace(): number {
    if (this.#isResting) return 0;
    return this.#calls > 0 ? 1 : this.#speed;
  }

  /** Changes the pace from now on. */
  #change(change: () => void): void {
    this.#elapsedThenMs = this.elapsedMs();
    this.#sinceMs = performance.now();
    change();
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const [next] = this.#sleepers;
    if (next === undefined || this.#isStopped || this.#isResting) return;
    const waitMs = Math.max(0, next.dueMs - this.elapsedMs()) / this.#pace();
    this.#timer = setTimeout(() => this.#wake(), Math.min(longestWaitMs, Math.ceil(waitMs)));
  }

  #wake(): void {
    // A timer may fire a little early.
    const nowMs = this.elapsedMs();
    const due = this.#sleepers.filter(({ dueMs }) => dueMs <= nowMs);
    this.#sleepers = this.#sleepers.filter(({ dueMs }) => dueMs > nowMs);
    for (const { wake } of due) wake();
    this.#arm();
  }
}
