import { and, eq, gt } from 'drizzle-orm';
import type { Cloud, SyncProgress } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { connections, estates, syncs } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { toJobError } from '@/lib/worker/loop/job-error';
import { newestOnly } from '@/lib/worker/loop/newest-only';
import { readAudit } from './read-audit';
import { lockConnection, storeEstate } from './store-estate';

async function setSync(
  db: Database,
  connectionId: string,
  values: Partial<typeof syncs.$inferInsert>,
): Promise<void> {
  await reconnecting(() => db.update(syncs).set(values).where(eq(syncs.connectionId, connectionId)));
}

export type SyncDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Cloud;
  /** The retention of a connection's history. */
  readonly historyDays: number;
  /** Called with errors other than the cloud's own failures, with their stack. */
  readonly onError: (error: unknown, connectionId: string) => void;
};

/**
 * Stores a snapshot, and that its sync is done. If the connection breaks at the commit, it may be stored twice, which
 * is harmless. A sync that ends late, because its worker was frozen, does not replace one that began after it.
 */
async function store(
  { db, historyDays: keptDays }: Pick<SyncDeps, 'db' | 'historyDays'>,
  connectionId: string,
  estate: Estate,
  progress: SyncProgress | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockConnection(tx, connectionId);
    const observedAt = new Date(estate.takenAt);
    const [newer] = await tx
      .select({ id: estates.id })
      .from(estates)
      .where(and(eq(estates.connectionId, connectionId), gt(estates.takenAt, observedAt)))
      .limit(1);
    if (newer === undefined) await storeEstate(tx, connectionId, estate, { observedAt, keptDays });
    await tx.update(connections).set({ uin: estate.account.uin }).where(eq(connections.id, connectionId));
    const done = { state: 'done', finishedAt: new Date(), progress } as const;
    await tx.update(syncs).set(done).where(eq(syncs.connectionId, connectionId));
  });
}

/**
 * Reads the whole estate of a connection, stores it as its newest snapshot and in the history, and reports progress. On
 * any failure, the last snapshot stays, and the error is stored with it.
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
    await reconnecting(() => store(deps, connectionId, estate, last));
  } catch (error) {
    await shown.settled();
    const data = toJobError(error, {
      action: 'ReadEstate',
      region: null,
      mayHaveHappened: false,
      whatToDo: 'Refresh to try again.',
    });
    if (data.code === 'Internal') onError(error);
    await setSync(db, connectionId, { state: 'failed', finishedAt: new Date(), error: data });
    return;
  }
  // The snapshot is already stored and shown; the authors of its changes may be missing or follow later.
  await readAudit(deps, connectionId).catch(onError);
}
