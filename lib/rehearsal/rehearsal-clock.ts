import type { Clock } from '@/lib/run/steps/ports';

/** The clock of a rehearsal: virtual, or the machine's with shortened waits. */
export type RehearsalClock = Clock & {
  /** Returns the time that has passed since the start, in ms, unaffected by jumps. */
  elapsedMs(): number;
  /** Moves the wall clock forward or back. Pending waits keep their length. */
  jump(byMs: number): void;
  /**
   * Calls `wake` once this time has passed, in ms.
   * @returns a function that cancels the call
   */
  after(ms: number, wake: () => void): () => void;
};
