import { count, eq, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runSamples } from '@/lib/db/schema';
import type { RunId } from '@/lib/run/model/run-id';

/** The maximum number of rows per run: above it, every second row of the older half is removed. */
export const samplesMax = 2000;

/** Removes every second row of the older half of a run that has too many. */
export async function thinOut(db: Database, runId: RunId): Promise<void> {
  const [rows] = await db.select({ count: count() }).from(runSamples).where(eq(runSamples.runId, runId));
  if ((rows?.count ?? 0) <= samplesMax) return;
  await db.execute(sql`
    delete from run_sample where id in (
      select id from (
        select id, row_number() over (order by id) as place from run_sample where run_id = ${runId}
      ) as placed where place <= ${samplesMax / 2} and place % 2 = 0)`);
}
