import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';

/** The time around a T0 or T1 in which background work waits, in ms: the run checks its plan, and sends its first writes. */
const nearMs = { before: 2000, after: 5000 };
/** With many instants in a row, background work continues after this long, in ms. */
const longestMs = 30_000;

async function isInstantNear(db: Pick<Database, 'execute'>, now: Date): Promise<boolean> {
  const from = new Date(now.getTime() - nearMs.after).toISOString();
  const to = new Date(now.getTime() + nearMs.before).toISOString();
  const { rows } = await db.execute<{ readonly near: boolean }>(sql`
    select exists (
      select from run
      where (cutover->>'t0')::timestamptz between ${from} and ${to}
        or (cutover->>'t1')::timestamptz between ${from} and ${to}
    ) as near`);
  return rows[0]?.near === true;
}

/**
 * Creates the check with which background work of this worker lets runs go first: it returns true while a T0 or T1 is
 * near, for 30 s at most. Rollbacks begin at T1.
 */
export function yieldToRuns(db: Pick<Database, 'execute'>, now: () => Date): () => Promise<boolean> {
  let since: number | null = null;
  return async () => {
    const at = now();
    const isNear = await isInstantNear(db, at);
    if (!isNear || (since !== null && at.getTime() - since >= longestMs)) {
      since = null;
      return false;
    }
    since ??= at.getTime();
    return true;
  };
}
