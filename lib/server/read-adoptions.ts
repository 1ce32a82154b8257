import { asc, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { driftAdoptions } from '@/lib/db/schema';

/** An acceptance of drift: the state accepted in place of what a write had left. */
export type Adoption = typeof driftAdoptions.$inferSelect;

/**
 * Returns the newest acceptance of each object of a connection, by the object's key; it counts for the write that it
 * names.
 */
export async function readAdoptions(
  db: Pick<Database, 'select'>,
  connectionId: string,
): Promise<ReadonlyMap<string, Adoption>> {
  const rows = await db
    .select()
    .from(driftAdoptions)
    .where(eq(driftAdoptions.connectionId, connectionId))
    .orderBy(asc(driftAdoptions.id));
  return new Map(rows.map((row) => [row.key, row]));
}
