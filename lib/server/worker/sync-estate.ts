import { and, desc, eq, notInArray } from 'drizzle-orm';
import type { Cloud, SyncProgress } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { connections, estates, syncs } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { choreErrorOf } from './chore-error';
import { newestOnly } from './newest-only';

/** Snapshots kept per connection; a plan carries what it needs of its own. */
const snapshotsKept = 20;

async function setSync(
  db: Database,
  connectionId: string,
  values: Partial<typeof syncs.$inferInsert>,
): Promise<void> {
  await reconnecting(() => db.update(syncs).set(values).where(eq(syncs.connectionId, connectionId)));
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

export type SyncDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Cloud;
  /** Told of what is not the cloud's own failure, with its stack. */
  readonly onError: (error: unknown, connectionId: string) => void;
};

/** Stores a snapshot and that its sync is done. A connection that breaks at its commit may leave it twice: no harm. */
async function store(
  db: Database,
  connectionId: string,
  estate: Estate,
  progress: SyncProgress | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.insert(estates).values({ connectionId, takenAt: new Date(estate.takenAt), estate });
    await tx.update(connections).set({ uin: estate.account.uin }).where(eq(connections.id, connectionId));
    const done = { state: 'done', finishedAt: new Date(), progress } as const;
    await tx.update(syncs).set(done).where(eq(syncs.connectionId, connectionId));
  });
  await forgetOld(db, connectionId);
}

/**
 * Reads the whole estate of a connection and stores it as a snapshot, telling its progress on the way.
 * Whatever fails, the last snapshot stays in place with the error beside it.
 */
export async function syncEstate(deps: SyncDeps, connectionId: string): Promise<void> {
  const { db, cloudOf } = deps;
  const onError = (error: unknown) => deps.onError(error, connectionId);
  const running = {
    state: 'running',
    startedAt: new Date(),
    finishedAt: null,
    progress: null,
    error: null,
  } as const;
  await reconnecting(() =>
    db
      .insert(syncs)
      .values({ connectionId, ...running })
      .onConflictDoUpdate({ target: syncs.connectionId, set: running }),
  );
  const shown = newestOnly<SyncProgress>((progress) => setSync(db, connectionId, { progress }), onError);
  let last: SyncProgress | null = null;
  try {
    const estate = await cloudOf(connectionId).readEstate((progress) => {
      last = progress;
      shown.push(progress);
    });
    await shown.settled();
    await reconnecting(() => store(db, connectionId, estate, last));
  } catch (error) {
    await shown.settled();
    const data = choreErrorOf(error, {
      action: 'ReadEstate',
      region: null,
      mayHaveHappened: false,
      whatToDo: 'Refresh to try again.',
    });
    if (data.code === 'Internal') onError(error);
    await setSync(db, connectionId, { state: 'failed', finishedAt: new Date(), error: data });
  }
}
