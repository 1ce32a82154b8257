import type { Stop } from './cloud/scenario';
import type { SimulatedRun } from './simulated-run';

/**
 * Pauses all changes, and resumes them, when a scenario says so; meanwhile nothing that goes forward is begun or
 * resumed.
 */
export class EmergencyStop {
  #isActive = false;
  #isOver = false;
  #onRelease: (() => void)[] = [];

  constructor(
    stops: readonly Stop[],
    private readonly run: SimulatedRun,
  ) {
    for (const { atMs, forMs } of stops) run.clock.after(atMs, () => this.#set(forMs));
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** Resolves when changes are not paused, or not any more. */
  released(): Promise<void> {
    return this.#isActive ? new Promise((resolve) => void this.#onRelease.push(resolve)) : Promise.resolve();
  }

  /** Resumes changes for good. */
  end(): void {
    this.#isOver = true;
    this.#release();
  }

  #set(forMs: number): void {
    const { clock, witness, trace } = this.run;
    if (this.#isActive || this.#isOver) return;
    this.#isActive = true;
    witness.stops.push({ setAt: witness.events.length, isReleased: false });
    trace.add('stop', 'set');
    this.run.commandStop('pause');
    clock.after(forMs, () => this.#release());
  }

  #release(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    const stop = this.run.witness.stops.at(-1);
    if (stop !== undefined) stop.isReleased = true;
    this.run.trace.add('stop', 'released');
    this.run.commandStop('continue');
    for (const resolve of this.#onRelease.splice(0)) resolve();
  }
}
