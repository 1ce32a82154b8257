import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm';
import { connections, estates, estateVersions } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { type Filed, fileReading, type Statements } from './file-reading';

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
  { number: version, known }: Filed,
  reading: Estate,
  rows: readonly number[],
): Promise<void> {
  await db.delete(estates).where(inArray(estates.id, [...rows]));
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
 * Snapshots left by an older build are stored before it. Must be called in a transaction.
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
  const rows = await db
    .select({ id: estates.id, version: estates.version, takenAt: estates.takenAt })
    .from(estates)
    .where(mine)
    .orderBy(asc(estates.id));
  let filed: Filed | null = null;
  for (const row of rows) {
    const [whole] = await db.select().from(estates).where(eq(estates.id, row.id));
    if (whole === undefined) continue;
    if (row.version !== null) filed = { number: row.version, known: whole.known ?? whole.estate };
    else filed = await fileReading(db, connectionId, filed, whole.estate, row.takenAt);
  }
  const before = filed;
  filed = await fileReading(db, connectionId, before, reading, lookedAt);
  const isSame = filed === before && rows.every(({ version }) => version !== null);
  if (isSame) await db.update(estates).set(estateTimes(reading)).where(mine);
  else
    await replaceNewest(
      db,
      connectionId,
      filed,
      reading,
      rows.map(({ id }) => id),
    );
  await forgetOld(db, connectionId, keptDays);
}
