import { asc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { acceptedDrift } from '@/lib/db/schema';

/** An acceptance of drift: the state accepted in place of what a write left. */
export type Acceptance = typeof acceptedDrift.$inferSelect;

/**
 * Returns the newest acceptance of each object of a connection, by the object's key. It is valid only for the write
 * that it names.
 */
export async function readAcceptances(
  db: Pick<Database, 'select'>,
  connectionId: string,
): Promise<ReadonlyMap<string, Acceptance>> {
  const rows = await db
    .select()
    .from(acceptedDrift)
    .where(eq(acceptedDrift.connectionId, connectionId))
    .orderBy(asc(acceptedDrift.id));
  return new Map(rows.map((row) => [row.key, row]));
}
