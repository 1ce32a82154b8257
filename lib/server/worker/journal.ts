import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { runEvents } from '@/lib/db/schema';
import type { Journal } from '@/lib/run/ports';
import { type RunFence, RunTakenOverError } from './run-fence';

/**
 * The journal of one run in the database, for one execution: an event is written only while that is the latest. The row
 * that holds the number stays locked until the event is there, so whoever takes the run up next reads it.
 * An event may be written twice when its connection breaks; folding bears it.
 * @throws RunTakenOverError from `append`, with nothing written, when the run has been taken up by another worker
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
