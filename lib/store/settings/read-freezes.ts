import 'server-only';
import { asc } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { changeFreezes } from '@/lib/db/schema';
import { readStoredFreeze, type StoredFreeze } from '@/lib/diversion/stored-freeze';

/** Reads all change freezes, in the order in which they were created. */
export async function readFreezes(db: Database): Promise<readonly StoredFreeze[]> {
  const rows = await db.select().from(changeFreezes).orderBy(asc(changeFreezes.id));
  return rows.map(readStoredFreeze);
}
