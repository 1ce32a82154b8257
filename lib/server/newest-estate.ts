import { desc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { estates } from '@/lib/db/schema';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import { readStoredEstate } from '@/lib/estate/stored-estate';

async function newestOfOne(db: Pick<Database, 'select'>, connectionId: string): Promise<Estate | null> {
  const [row] = await db
    .select({ estate: estates.estate, takenAt: estates.takenAt, partsAt: estates.partsAt })
    .from(estates)
    .where(eq(estates.connectionId, connectionId))
    .orderBy(desc(estates.id))
    .limit(1);
  const estate = row === undefined ? null : readStoredEstate(row.estate);
  if (row === undefined || estate === null) return null;
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
  db: Pick<Database, 'select'>,
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
