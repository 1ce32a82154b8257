import { SwitchableClock } from '@/lib/sandbox/world/clock';

/** A clock for tests: it starts now, because clients sign with the machine's time, and moves only when told to. */
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
