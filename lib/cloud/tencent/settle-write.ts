import { fullJitterMs } from '@/lib/timing/backoff';
import { CloudError } from '../errors';
import type { Waiting } from './clb/wait-for-task';

const attempts = 5;
const backoff = { baseMs: 500, capMs: 8000 };

/**
 * Sends an idempotent write, and repeats it after each transient failure, five times at most. After a failure with an
 * unknown outcome it first checks for the effect.
 * @param found returns what the write would have returned if its effect is there; otherwise undefined.
 * @throws CloudError of the last attempt.
 */
export async function settleWrite<T>(
  send: () => Promise<T>,
  found: () => Promise<T | undefined>,
  { sleep, random }: Pick<Waiting, 'sleep' | 'random'>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (cause) {
      if (!(cause instanceof CloudError) || cause.data.advice === 'giveUp') throw cause;
      if (cause.data.advice === 'readBack') {
        const effect = await found();
        if (effect !== undefined) return effect;
      }
      if (attempt >= attempts) throw cause;
      await sleep(fullJitterMs(attempt, backoff, random));
    }
  }
}
