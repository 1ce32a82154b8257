import type { SandboxClock } from './clock';

/** A clock for tests: it starts now, because clients sign with the machine's time, and moves when told to. */
export class TestClock implements SandboxClock {
  #now = Date.now();
  #timers: { time: number; work: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  at(time: number, work: () => void): () => void {
    const timer = { time, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves on by `ms`, running what comes due on the way in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.time <= end).sort((a, b) => a.time - b.time);
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.time);
      next.work();
    }
    this.#now = end;
  }
}
