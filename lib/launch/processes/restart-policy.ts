import { setTimeout as pause } from 'node:timers/promises';

/** An unexpected end of a supervised process, or a failed start. */
export type Crash = {
  /** Epoch ms. */
  readonly at: number;
  /** True if it had been ready. */
  readonly wasReady: boolean;
  /** True if it ended by SIGKILL, whose cause is external (an operator, the kernel out of memory). */
  readonly wasKilled: boolean;
};

const FIRST_PAUSE_MS = 300;
const WINDOW_MS = 10_000;

/**
 * Returns the delay before a crashed process is restarted: 300 ms, doubled for each further crash within ten seconds or
 * before it was ready, up to `longestMs`. Restarts never stop, because the cause (a full disk, a port in use, a damaged
 * file) may be fixed at any time, and other parts continue to run. A process that was killed after it was ready is
 * always restarted after the first delay.
 * @param falls the recent crashes, oldest first; the last one has just happened
 * @returns the delay, and the crashes to pass the next time
 */
export function nextRestart(
  crashes: readonly Crash[],
  longestMs: number,
): { readonly pauseMs: number; readonly remember: readonly Crash[] } {
  const last = crashes.at(-1);
  if (!last || (last.wasReady && last.wasKilled)) {
    return { pauseMs: FIRST_PAUSE_MS, remember: crashes.slice(0, -1) };
  }
  const recent = last.wasReady ? crashes.filter((crash) => crash.at > last.at - WINDOW_MS) : crashes;
  // The delay doesn't grow with older ones, so dropping them bounds the memory of a process that crashes for days.
  const remember = recent.slice(-20);
  return { pauseMs: Math.min(FIRST_PAUSE_MS * 2 ** (remember.length - 1), longestMs), remember };
}

const LONGEST_PAUSE_MS = 5_000;
const REPORT_EVERY_MS = 60_000;

/**
 * Retries a prerequisite, such as a connection to the database, until it succeeds, with delays that grow to 5 s.
 * @param what a noun for messages, such as "the database"; the first failure is reported, then one per minute
 * @param signal stops it: the promise then rejects with the signal's reason
 */
export async function retryUntilDone<T>(
  what: string,
  attempt: () => Promise<T>,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<T> {
  let crashes: readonly Crash[] = [];
  let reportedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    try {
      const done = await attempt();
      if (crashes.length > 0) say(`${what}: done`);
      return done;
    } catch (error) {
      const now = Date.now();
      if (now - reportedAt >= REPORT_EVERY_MS) {
        say(`${what}: ${error instanceof Error ? error.message : String(error)}; retrying`);
        reportedAt = now;
      }
      const { pauseMs, remember } = nextRestart(
        [...crashes, { at: now, wasReady: false, wasKilled: false }],
        LONGEST_PAUSE_MS,
      );
      crashes = remember;
      await pause(pauseMs, undefined, { signal });
    }
  }
}
