/** Time as the sandbox sees it: a test steps it by hand. Times are epoch milliseconds. */
export interface SandboxClock {
  now(): number;
  /** Runs `work` once at `time` (at once when it has passed). @returns a function that calls it off. */
  at(time: number, work: () => void): () => void;
}

/** The machine's clock. Its timers don't keep the process alive. */
export const systemClock: SandboxClock = {
  now: () => Date.now(),
  at: (time, work) => {
    const timer = setTimeout(work, Math.max(0, time - Date.now()));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

const beijingOffsetMs = 8 * 3_600_000;

/**
 * A time as CLB, SCF and DNSPod answer it: `2024-12-17 17:52:48`, without a zone, in Beijing time (UTC+8).
 * Assumption: the API pages show the form but do not name the zone.
 */
export function cloudTime(epochMs: number): string {
  return new Date(epochMs + beijingOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}
