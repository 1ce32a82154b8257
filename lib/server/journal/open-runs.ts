import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/model';
import { runsWithStateEvent } from './last-state-events';
import { loadRuns } from './load-run';

/**
 * Returns the runs that are not over: those whose newest attempt has not ended, or was held. Their age does not matter:
 * a cutover may have been scheduled weeks ago.
 */
export async function openRuns(db: Database): Promise<readonly RunRecord[]> {
  const { rows } = await db.execute<{ id: RunId }>(sql`
    select run.id from ${runsWithStateEvent}
    where state_event.event->>'type' is null or state_event.event->>'type' not in ('finished', 'closed')
    order by run.created_at desc`);
  return loadRuns(
    db,
    rows.map(({ id }) => id),
  );
}
