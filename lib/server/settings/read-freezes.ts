import { asc } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { changeFreezes } from '@/lib/db/schema';
import type { Freeze } from '@/lib/diversion/freeze';

export type StoredFreeze = Freeze & { readonly id: number };

/** Returns all change freezes, in the order in which they were created. */
export async function readFreezes(db: Database): Promise<readonly StoredFreeze[]> {
  const rows = await db.select().from(changeFreezes).orderBy(asc(changeFreezes.id));
  return rows.map(({ id, name, span }) => ({ id, name, span }));
}
