import 'server-only';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { SyncView } from '@/lib/contract/connection';
import type { EstateSummaryView, EstateView } from '@/lib/contract/estate';
import { syncs } from '@/lib/db/schema';
import { summarizeEstate } from '@/lib/estate/topology/summarize-estate';
import { invariant } from '@/lib/invariant';
import { seeEstate } from '@/lib/server/access/see-estate';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';

function toSyncView(row: typeof syncs.$inferSelect | undefined): SyncView {
  if (row === undefined) return { state: 'never' };
  if (row.state === 'running') {
    return { state: 'running', startedAt: row.startedAt.toISOString(), progress: row.progress };
  }
  invariant(row.finishedAt !== null, 'a sync that is over has an end');
  const finishedAt = row.finishedAt.toISOString();
  if (row.state === 'failed') {
    invariant(row.error !== null, 'a failed sync has an error');
    return { state: 'failed', finishedAt, error: row.error };
  }
  const durationMs = row.finishedAt.getTime() - row.startedAt.getTime();
  return { state: 'done', finishedAt, calls: row.progress?.calls ?? 0, durationMs };
}

/** Returns the newest estate of a connection and the result of its last sync. */
export const getEstate = query(
  'estate.get',
  z.string(),
  (connectionId) => ({ connections: [connectionId] }),
  async (connectionId, actor): Promise<EstateView> => {
    const { db } = (await serverContext()).database;
    const [sync] = await db.select().from(syncs).where(eq(syncs.connectionId, connectionId));
    const estate = await newestEstate(db, connectionId);
    return { estate: estate && seeEstate(actor, 'estate.get', estate), sync: toSyncView(sync) };
  },
);

/** Returns the counts of the newest estate of a connection, and the result of its last sync. */
export const getEstateSummary = query(
  'estate.getSummary',
  z.string(),
  (connectionId) => ({ connections: [connectionId] }),
  async (connectionId, actor): Promise<EstateSummaryView> => {
    const { db } = (await serverContext()).database;
    const [sync] = await db.select().from(syncs).where(eq(syncs.connectionId, connectionId));
    const estate = await newestEstate(db, connectionId);
    const seen = estate && seeEstate(actor, 'estate.getSummary', estate);
    return { estate: seen && summarizeEstate(seen), sync: toSyncView(sync) };
  },
);

/** Returns the newest estate of a connection, joined with those of others; null before the first sync of each. */
export const getSnapshot = query(
  'estate.getSnapshot',
  z.object({ connectionId: z.string(), others: z.array(z.string()).readonly().default([]) }),
  ({ connectionId, others }) => ({ connections: [connectionId, ...others] }),
  async ({ connectionId, others }, actor) => {
    const estate = await newestEstate((await serverContext()).database.db, connectionId, others);
    return estate && seeEstate(actor, 'estate.getSnapshot', estate);
  },
);
