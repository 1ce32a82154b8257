import { desc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { estates } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { readStoredEstate } from '@/lib/estate/stored-estate';

/** The newest reading of a connection, as of the last look that found it so; null before the first sync. */
export async function newestEstate(
  db: Pick<Database, 'select'>,
  connectionId: string,
): Promise<Estate | null> {
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
