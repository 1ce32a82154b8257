'use server';

import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { CreatePlanAction } from '@/lib/client/actions';
import type { ActionError } from '@/lib/client/views';
import { diversions } from '@/lib/db/schema';
import { Diversion, DiversionId } from '@/lib/diversion/diversion';
import { ok, type Result } from '@/lib/result';
import { checkPlanAccess } from '@/lib/server/access/check-plan-access';
import { listNamedObjects } from '@/lib/server/access/named-objects';
import { serverContext } from '@/lib/server/context';
import { parseInput } from '@/lib/server/parse-input';
import { refuse } from '@/lib/server/refusal';
import { verb } from '@/lib/server/verb';
import { makePlan, storePlan } from './make-plan';

const CreateInput = z.object({
  connectionId: z.string(),
  diversion: z.unknown(),
  diversionId: DiversionId.nullable().default(null),
});
type CreateInput = z.infer<typeof CreateInput> & { readonly diversion: Diversion };

/** Parses the input; field errors use the field names of the diversion form. */
function parseCreate(input: unknown): Result<CreateInput, ActionError> {
  const outer = parseInput(CreateInput, input);
  if (!outer.ok) return outer;
  const diversion = parseInput(Diversion, outer.value.diversion);
  return diversion.ok ? ok({ ...outer.value, diversion: diversion.value }) : diversion;
}

/** Checks that a diversion can have another revision: it exists on the connection and is not discarded. */
async function checkDiversion(
  id: DiversionId | null,
  connectionId: string,
): Promise<Result<null, ActionError>> {
  if (id === null) return ok(null);
  const { db } = (await serverContext()).database;
  const [found] = await db.select().from(diversions).where(eq(diversions.id, id));
  if (found?.connectionId !== connectionId) return refuse('diversion.gone', { diversion: id });
  return found.discardedAt === null ? ok(null) : refuse('diversion.discarded', { diversion: id });
}

/**
 * Plans a diversion on the newest snapshot and stores plan and preflight; a stored plan is immutable. Without a
 * `diversionId` this creates a new diversion, otherwise the next revision of the existing one.
 */
export const createPlan = verb(
  'plan.create',
  parseCreate,
  ({ connectionId, diversion, diversionId }) => ({
    ...listNamedObjects(connectionId, diversion),
    ...(diversionId !== null && { diversion: diversionId }),
  }),
  async ({ connectionId, diversion, diversionId }, actor): ReturnType<CreatePlanAction> => {
    const open = await checkDiversion(diversionId, connectionId);
    if (!open.ok) return open;
    const made = await makePlan(connectionId, diversion);
    if (!made.ok) return made;
    const permitted = await checkPlanAccess(actor, 'plan.create', made.value.plan);
    if (!permitted.ok) return permitted;
    return ok({ planId: await storePlan({ ...made.value, diversionId }, actor) });
  },
);
