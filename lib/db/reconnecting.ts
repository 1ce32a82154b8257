import { isDatabaseAway } from '@/lib/database-away';

const withinMs = 60_000;
const pauseMs = 250;

/**
 * Repeats a statement while the database is unavailable (it restarts within a second after a crash, and has no space
 * until space is freed), for a minute at most. Only for statements that may run twice: one may have taken effect before its connection broke.
 */
export function reconnecting<T>(statement: () => Promise<T>): Promise<T> {
  return repeatUntil(performance.now() + withinMs, statement);
}

/**
 * Repeats a statement of a run for as long as the database is unavailable: a run waits for it, so that its T1 is met as
 * soon as it is back. A worker that loses its connection altogether ends, and the run continues in another process.
 */
export function reconnectingForRun<T>(statement: () => Promise<T>): Promise<T> {
  return repeatUntil(Number.POSITIVE_INFINITY, statement);
}

async function repeatUntil<T>(end: number, statement: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
