'use server';

import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { AddFreezeAction, RemoveFreezeAction } from '@/lib/contract/schedule';
import { changeFreezes } from '@/lib/db/schema';
import { FreezeSpan } from '@/lib/diversion/freeze';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';

const FreezeInput = z.object({
  name: z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong'),
  span: FreezeSpan,
});

/** Adds a change freeze. Affected cutovers report it at once, and do not start during it. */
export const addFreeze = verb(
  'changeFreeze.add',
  FreezeInput,
  'all',
  async (input, actor, note): ReturnType<AddFreezeAction> => {
    note({ name: input.name });
    const { database } = await serverContext();
    await database.db.insert(changeFreezes).values({ ...input, createdBy: actor.name });
    return ok(null);
  },
);

/** Removes a change freeze. */
export const removeFreeze = verb(
  'changeFreeze.remove',
  z.number().int(),
  (id) => ({ changeFreeze: String(id) }),
  async (id): ReturnType<RemoveFreezeAction> => {
    const { database } = await serverContext();
    const gone = await database.db
      .delete(changeFreezes)
      .where(eq(changeFreezes.id, id))
      .returning({ id: changeFreezes.id });
    return gone.length === 0 ? refuse('freeze.gone') : ok(null);
  },
);
