import { setTimeout as pause } from 'node:timers/promises';
import { type Fall, pauseAfter } from './restart-policy';

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
