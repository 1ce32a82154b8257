import 'server-only';
import { eq } from 'drizzle-orm';
import type { EstateView, SyncView } from '@/lib/client/views';
import { syncs } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { serverContext } from '@/lib/server/context';
import { newestEstate } from './newest-estate';

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

/** Returns the newest snapshot of a connection and the result of its last sync. */
export async function getEstate(connectionId: string): Promise<EstateView> {
  const { database } = await serverContext();
  const [sync] = await database.db.select().from(syncs).where(eq(syncs.connectionId, connectionId));
  return { estate: await latestEstate(connectionId), sync: toSyncView(sync) };
}

/** Returns the newest snapshot of a connection, joined with those of others; null before the first sync of each. */
export async function latestEstate(
  connectionId: string,
  others: readonly string[] = [],
): Promise<Estate | null> {
  const { database } = await serverContext();
  return newestEstate(database.db, connectionId, others);
}
