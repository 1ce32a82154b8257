import { desc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { estates } from '@/lib/db/schema';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import { readStoredEstate } from '@/lib/estate/stored-estate';

type Reader = Pick<Database, 'select'>;
type Kept = { readonly row: number; readonly estate: Promise<Estate | null | undefined> };

/** What was read of the newest snapshots, by who reads, then connection: the newest of each is kept, and only that. */
const keptBy = new WeakMap<Reader, Map<string, Kept>>();

/** Reads what a row holds; undefined where the row has gone: another snapshot has taken its place. */
async function readRow(db: Reader, row: number): Promise<Estate | null | undefined> {
  const [found] = await db.select({ estate: estates.estate }).from(estates).where(eq(estates.id, row));
  return found === undefined ? undefined : readStoredEstate(found.estate);
}

/**
 * What the newest row holds. A row keeps its snapshot for good, and only its times change: a large one is read and parsed once
 * for all who ask, and they share it.
 */
async function sharedRow(db: Reader, connectionId: string, row: number): Promise<Estate | null | undefined> {
  const kept = keptBy.get(db) ?? new Map<string, Kept>();
  keptBy.set(db, kept);
  const known = kept.get(connectionId);
  if (known?.row === row) return known.estate;
  const estate = readRow(db, row);
  kept.set(connectionId, { row, estate });
  const forget = () => {
    if (kept.get(connectionId)?.estate === estate) kept.delete(connectionId);
  };
  // One that failed, or had gone, is read again.
  estate.then((found) => found === undefined && forget(), forget);
  return estate;
}

async function newestOfOne(db: Reader, connectionId: string): Promise<Estate | null> {
  const [row] = await db
    .select({ id: estates.id, takenAt: estates.takenAt, partsAt: estates.partsAt })
    .from(estates)
    .where(eq(estates.connectionId, connectionId))
    .orderBy(desc(estates.id))
    .limit(1);
  if (row === undefined) return null;
  const estate = await sharedRow(db, connectionId, row.id);
  if (estate === undefined) return newestOfOne(db, connectionId);
  if (estate === null) return null;
  return {
    ...estate,
    takenAt: row.takenAt.toISOString(),
    // A build that knows nothing of it leaves it as it was.
    partsAt: row.partsAt !== null && row.partsAt > row.takenAt ? row.partsAt.toISOString() : null,
  };
}

/**
 * The newest reading of a connection, as of the last look that found it so; null before the first sync.
 * @param others connections whose estates are joined to it; null while one of them has not been read either
 */
export async function newestEstate(
  db: Reader,
  connectionId: string,
  others: readonly string[] = [],
): Promise<Estate | null> {
  const own = await newestOfOne(db, connectionId);
  if (own === null || others.length === 0) return own;
  const beside = others.filter((id) => id !== connectionId);
  const read = await Promise.all(beside.map((id) => newestOfOne(db, id)));
  const known = read.filter((estate) => estate !== null);
  return known.length < read.length ? null : joinEstates(own, known);
}
