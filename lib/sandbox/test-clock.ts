import { SwitchableClock } from './clock';

/** A clock for tests: it starts now, because clients sign with the machine's time, and moves when told to. */
export class TestClock extends SwitchableClock {
  constructor() {
    super();
    this.setVirtual(0);
  }

  /** Moves on by `ms`, running what comes due on the way in its order. */
  advance(ms: number): void {
    this.moveTo(this.now() + ms);
  }
}
