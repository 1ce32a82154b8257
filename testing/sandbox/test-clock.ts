import { SwitchableClock } from '@/lib/sandbox/world/clock';

/**
 * A clock for tests: it starts at the current time, because clients sign with the machine's time, and is advanced
 * manually.
 */
export class TestClock extends SwitchableClock {
  constructor() {
    super();
    this.setVirtual(0);
  }

  /** Advances by `ms`, running what comes due in order. */
  advance(ms: number): void {
    this.moveTo(this.now() + ms);
  }
}
