import { isDatabaseAway } from '@/lib/database-away';

const withinMs = 60_000;
const pauseMs = 250;

/**
 * Repeats a statement while the database is unavailable (it restarts within a second after a crash), for a minute at
 * most. Only for statements that may run twice: one may have taken effect before its connection broke.
 */
export async function reconnecting<T>(statement: () => Promise<T>): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
