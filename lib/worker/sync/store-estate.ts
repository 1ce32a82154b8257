import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { connections, estates, estateVersions } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { type Statements, type StoredVersion, storeVersion } from './store-version';

/** Deletes versions that had ended before the retention period. */
async function forgetOld(db: Statements, connectionId: string, keptDays: number): Promise<void> {
  await db.delete(estateVersions).where(
    and(
      eq(estateVersions.connectionId, connectionId),
      lt(
        estateVersions.number,
        sql`(select max(number) from estate_version where connection_id = ${connectionId}
          and first_at < now() - make_interval(days => ${keptDays}))`,
      ),
    ),
  );
}

/**
 * Locks a connection so that only one of its snapshots is stored at a time. Other rows may still be added that refer to
 * the connection.
 */
export async function lockConnection(db: Statements, connectionId: string): Promise<void> {
  await db
    .select({ id: connections.id })
    .from(connections)
    .where(eq(connections.id, connectionId))
    .for('no key update');
}

const estateTimes = ({ takenAt, partsAt }: Estate) => ({
  takenAt: new Date(takenAt),
  partsAt: partsAt === null ? null : new Date(partsAt),
});

async function replaceNewest(
  db: Statements,
  connectionId: string,
  { number: version, merged }: StoredVersion,
  snapshot: Estate,
): Promise<void> {
  await db.delete(estates).where(eq(estates.connectionId, connectionId));
  await db.insert(estates).values({
    connectionId,
    ...estateTimes(snapshot),
    estate: snapshot,
    version,
    merged: merged === snapshot ? null : merged,
  });
}

/**
 * Makes a snapshot the newest of its connection and stores it in the history: what has changed, or that nothing has.
 * Must be called in a transaction.
 * @param observedAt when the cloud was in this state; `snapshot.takenAt` may be older if only a part was read again
 * @param keptDays how far the history goes back
 */
export async function storeEstate(
  db: Statements,
  connectionId: string,
  snapshot: Estate,
  { observedAt, keptDays }: { readonly observedAt: Date; readonly keptDays: number },
): Promise<void> {
  await lockConnection(db, connectionId);
  const mine = eq(estates.connectionId, connectionId);
  const [newest] = await db.select().from(estates).where(mine).orderBy(desc(estates.id)).limit(1);
  const before =
    newest === undefined ? null : { number: newest.version, merged: newest.merged ?? newest.estate };
  const storedVersion = await storeVersion(db, connectionId, before, snapshot, observedAt);
  if (storedVersion === before) await db.update(estates).set(estateTimes(snapshot)).where(mine);
  else await replaceNewest(db, connectionId, storedVersion, snapshot);
  await forgetOld(db, connectionId, keptDays);
}
