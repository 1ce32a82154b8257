import 'server-only';
import { asc } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '@/lib/db/database';
import { changeFreezes } from '@/lib/db/schema';
import type { Freeze } from '@/lib/diversion/freeze-times';
import { serverContext } from '@/lib/server/context';
import { query } from '@/lib/server/verb';

export type StoredFreeze = Freeze & { readonly id: number };

/** Reads all change freezes, in the order in which they were created. */
export async function readFreezes(db: Database): Promise<readonly StoredFreeze[]> {
  const rows = await db.select().from(changeFreezes).orderBy(asc(changeFreezes.id));
  return rows.map(({ id, name, span }) => ({ id, name, span }));
}

/** Returns all change freezes, in the order in which they were created. */
export const listFreezes = query('changeFreeze.list', z.void(), 'all', async () =>
  readFreezes((await serverContext()).database.db),
);
