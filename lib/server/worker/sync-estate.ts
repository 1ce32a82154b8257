import { and, desc, eq, notInArray } from 'drizzle-orm';
import { CloudError, type CloudErrorData } from '@/lib/cloud/errors';
import type { Cloud, SyncProgress } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { connections, estates, syncs } from '@/lib/db/schema';

/** Snapshots kept per connection; a plan carries what it needs of its own. */
const snapshotsKept = 20;

async function setSync(
  db: Database,
  connectionId: string,
  values: Partial<typeof syncs.$inferInsert>,
): Promise<void> {
  await db.update(syncs).set(values).where(eq(syncs.connectionId, connectionId));
}

async function forgetOld(db: Database, connectionId: string): Promise<void> {
  const kept = db
    .select({ id: estates.id })
    .from(estates)
    .where(eq(estates.connectionId, connectionId))
    .orderBy(desc(estates.id))
    .limit(snapshotsKept);
  await db.delete(estates).where(and(eq(estates.connectionId, connectionId), notInArray(estates.id, kept)));
}

function errorData(error: unknown): CloudErrorData {
  if (error instanceof CloudError) return error.data;
  throw error;
}

/**
 * Reads the whole estate of a connection and stores it as a snapshot, telling its progress on the way.
 * A cloud that can't be read leaves the last snapshot in place and its error beside it.
 */
export async function syncEstate(db: Database, cloud: Cloud, connectionId: string): Promise<void> {
  const startedAt = new Date();
  const running = { state: 'running', startedAt, finishedAt: null, progress: null, error: null } as const;
  await db
    .insert(syncs)
    .values({ connectionId, ...running })
    .onConflictDoUpdate({ target: syncs.connectionId, set: running });

  // Progress is written one at a time and only the newest: a slow database must not slow the sync.
  let newest: SyncProgress | null = null;
  let writing: Promise<void> | null = null;
  const writeNewest = async (): Promise<void> => {
    while (newest !== null) {
      const progress: SyncProgress = newest;
      newest = null;
      await setSync(db, connectionId, { progress });
    }
    writing = null;
  };
  let last: SyncProgress | null = null;
  try {
    const estate = await cloud.readEstate((progress) => {
      last = progress;
      newest = progress;
      writing ??= writeNewest();
    });
    await writing;
    await db.transaction(async (tx) => {
      await tx.insert(estates).values({ connectionId, takenAt: new Date(estate.takenAt), estate });
      await tx.update(connections).set({ uin: estate.account.uin }).where(eq(connections.id, connectionId));
      const done = { state: 'done', finishedAt: new Date(), progress: last } as const;
      await tx.update(syncs).set(done).where(eq(syncs.connectionId, connectionId));
    });
    await forgetOld(db, connectionId);
  } catch (error) {
    await writing;
    await setSync(db, connectionId, { state: 'failed', finishedAt: new Date(), error: errorData(error) });
  }
}
