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
  { number: version, known }: StoredVersion,
  reading: Estate,
): Promise<void> {
  await db.delete(estates).where(eq(estates.connectionId, connectionId));
  await db.insert(estates).values({
    connectionId,
    ...estateTimes(reading),
    estate: reading,
    version,
    known: known === reading ? null : known,
  });
}

/**
 * Makes a snapshot the newest of its connection and stores it in the history: what has changed, or that nothing has.
 * Must be called in a transaction.
 * @param lookedAt when the cloud was in this state; `reading.takenAt` may be older if only a part was read again
 * @param keptDays how far the history goes back
 */
export async function storeEstate(
  db: Statements,
  connectionId: string,
  reading: Estate,
  { lookedAt, keptDays }: { readonly lookedAt: Date; readonly keptDays: number },
): Promise<void> {
  await lockConnection(db, connectionId);
  const mine = eq(estates.connectionId, connectionId);
  const [newest] = await db.select().from(estates).where(mine).orderBy(desc(estates.id)).limit(1);
  const before =
    newest === undefined ? null : { number: newest.version, known: newest.known ?? newest.estate };
  const filed = await storeVersion(db, connectionId, before, reading, lookedAt);
  if (filed === before) await db.update(estates).set(estateTimes(reading)).where(mine);
  else await replaceNewest(db, connectionId, filed, reading);
  await forgetOld(db, connectionId, keptDays);
}
