import 'server-only';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { AddFreezeAction, RemoveFreezeAction } from '@/lib/client/actions';
import { freezes } from '@/lib/db/schema';
import { FreezeSpan } from '@/lib/diversion/freeze';
import { ok } from '@/lib/result';
import { currentActor } from '@/lib/server/actor';
import { serverContext } from '@/lib/server/context';
import { parseInput } from '@/lib/server/parse-input';
import { refuse } from '@/lib/server/refusal';

const FreezeInput = z.object({
  name: z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong'),
  span: FreezeSpan,
});

/** Adds a change freeze. Cutovers that it affects report it at their next check, and do not begin during it. */
export const addFreeze = async (input: unknown): ReturnType<AddFreezeAction> => {
  const parsed = parseInput(FreezeInput, input);
  if (!parsed.ok) return parsed;
  const { database } = await serverContext();
  await database.db.insert(freezes).values({ ...parsed.value, createdBy: currentActor() });
  return ok(null);
};

/** Removes a change freeze. */
export const removeFreeze = async (input: unknown): ReturnType<RemoveFreezeAction> => {
  const id = parseInput(z.number().int(), input);
  if (!id.ok) return id;
  const { database } = await serverContext();
  const gone = await database.db
    .delete(freezes)
    .where(eq(freezes.id, id.value))
    .returning({ id: freezes.id });
  return gone.length === 0 ? refuse('freeze.gone') : ok(null);
};
