import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { runEvents } from '@/lib/db/schema';
import type { Journal } from '@/lib/run/steps/ports';
import { type RunFence, RunTakenOverError } from './run-fence';

/**
 * Returns the journal of one run in the database, for one execution: an event is written only while that execution is
 * the latest. The row with the fencing number stays locked until the event is stored, so the next worker to claim the
 * run reads it. An event may be written twice when its connection breaks; folding tolerates that.
 * @throws RunTakenOverError from `append`, with nothing written, if another worker has claimed the run
 */
export function databaseJournal(db: Database, fence: RunFence): Journal {
  const { runId, number } = fence;
  return {
    append: async (event) => {
      const { rows } = await reconnecting(() =>
        db.execute(sql`
          with mine as (select id from run where id = ${runId} and fence = ${number} for share)
          insert into run_event (run_id, event) select id, ${JSON.stringify(event)}::jsonb from mine
          returning id`),
      );
      if (rows.length === 0) throw new RunTakenOverError(fence);
    },
    read: () =>
      reconnecting(async () => {
        const rows = await db
          .select({ event: runEvents.event })
          .from(runEvents)
          .where(eq(runEvents.runId, runId))
          .orderBy(asc(runEvents.id));
        return rows.map((row) => row.event);
      }),
  };
}
