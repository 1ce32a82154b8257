import { setTimeout as pause } from 'node:timers/promises';

/** An unexpected end of a supervised process, or a failed start. */
export type Fall = {
  /** Epoch ms. */
  readonly at: number;
  /** True if it was ready before it ended. */
  readonly wasReady: boolean;
  /** True if it ended by SIGKILL: caused from outside (an operator, the kernel out of memory), not by the program. */
  readonly wasKilled: boolean;
};

const FIRST_PAUSE_MS = 300;
const WINDOW_MS = 10_000;

/**
 * Returns how long to wait before a fallen process is restarted: 300 ms, doubled with each further fall within ten
 * seconds or before it was ready, up to `longestMs`. There is no last attempt: what prevents a start (a full disk, a
 * port in use, a damaged file) may end at any time, and other parts continue meanwhile. A process that was killed after
 * it was ready is always restarted after the first pause.
 * @param falls the recent ones, oldest first; the last has just happened
 * @returns the pause, and the falls to remember for the next time
 */
export function pauseAfter(
  falls: readonly Fall[],
  longestMs: number,
): { readonly pauseMs: number; readonly remember: readonly Fall[] } {
  const last = falls.at(-1);
  if (!last || (last.wasReady && last.wasKilled)) {
    return { pauseMs: FIRST_PAUSE_MS, remember: falls.slice(0, -1) };
  }
  const recent = last.wasReady ? falls.filter((fall) => fall.at > last.at - WINDOW_MS) : falls;
  // Beyond these the pause does not grow: a process that falls for days must not fill the memory.
  const remember = recent.slice(-20);
  return { pauseMs: Math.min(FIRST_PAUSE_MS * 2 ** (remember.length - 1), longestMs), remember };
}

const LONGEST_PAUSE_MS = 5_000;
const TELL_EVERY_MS = 60_000;

/**
 * Retries what others wait for until it succeeds, with pauses that grow to 5 s: the obstacle, such as an unavailable
 * database, may pass at any time.
 * @param what a noun, such as "the database"; the first failure is reported, then one each minute
 * @param signal ends it: the promise then rejects with the signal's reason
 */
export async function keepTrying<T>(
  what: string,
  attempt: () => Promise<T>,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<T> {
  let falls: readonly Fall[] = [];
  let toldAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    try {
      const done = await attempt();
      if (falls.length > 0) say(`${what}: done`);
      return done;
    } catch (error) {
      const now = Date.now();
      if (now - toldAt >= TELL_EVERY_MS) {
        say(`${what}: ${error instanceof Error ? error.message : String(error)}; trying again`);
        toldAt = now;
      }
      const { pauseMs, remember } = pauseAfter(
        [...falls, { at: now, wasReady: false, wasKilled: false }],
        LONGEST_PAUSE_MS,
      );
      falls = remember;
      await pause(pauseMs, undefined, { signal });
    }
  }
}
