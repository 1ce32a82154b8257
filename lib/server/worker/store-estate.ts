import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm';
import { connections, estates, estateVersions } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { type Filed, fileReading, type Statements } from './file-reading';

/** Forgets versions that were no longer so before the time that is kept. */
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

/** Only one reading of a connection is filed at a time. Other rows may still come to refer to the connection meanwhile. */
export async function lockConnection(db: Statements, connectionId: string): Promise<void> {
  await db
    .select({ id: connections.id })
    .from(connections)
    .where(eq(connections.id, connectionId))
    .for('no key update');
}

const timesOf = ({ takenAt, partsAt }: Estate) => ({
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
    ...{ connectionId, ...timesOf(reading), estate: reading, version },
    known: known === reading ? null : known,
  });
}

/**
 * Makes a reading the newest estate of its connection and files it in the history: what has changed, or that nothing
 * has. Readings that an older build has left are filed before it. To be called in a transaction.
 * @param lookedAt when the cloud was seen like this; `reading.takenAt` may be older where only a part was read anew
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
  if (isSame) await db.update(estates).set(timesOf(reading)).where(mine);
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
