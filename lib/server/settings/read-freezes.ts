import 'server-only';
import { asc } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/lib/db/database';
import { changeFreezes } from '@/lib/db/schema';
import { readStoredFreeze, type StoredFreeze } from '@/lib/diversion/stored-freeze';
import { serverContext } from '@/lib/server/context';
import { query } from '@/lib/server/verb';

/** Reads all change freezes, in the order in which they were created. */
export async function readFreezes(db: Database): Promise<readonly StoredFreeze[]> {
  const rows = await db.select().from(changeFreezes).orderBy(asc(changeFreezes.id));
  return rows.map(readStoredFreeze);
}

/** Returns all change freezes, in the order in which they were created. */
export const listFreezes = query('changeFreeze.list', z.void(), 'all', async () =>
  readFreezes((await serverContext()).database.db),
);
