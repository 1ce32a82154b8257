'use server';

import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { CreatePlanAction } from '@/lib/contract/plan';
import { Diversion, DiversionId } from '@/lib/diversion/diversion';
import { ok, type Result } from '@/lib/result';
import { checkPlanAccess } from '@/lib/server/access/check-plan-access';
import { listNamedObjects } from '@/lib/server/access/named-objects';
import { parseInput } from '@/lib/server/parse-input';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { makePlan, storePlanIf } from '@/lib/store/plans/make-plan';
import { checkDiversion } from './check-diversion';
import { lockContent } from './content-version';

const CreateInput = z.object({
  connectionId: z.string(),
  diversion: z.unknown(),
  diversionId: DiversionId.nullable().default(null),
  contentVersion: z.string().max(64).nullable().default(null),
});
type CreateInput = z.infer<typeof CreateInput> & { readonly diversion: Diversion };

/** Parses the input; field errors use the field names of the diversion form. */
function parseCreate(input: unknown): Result<CreateInput, ActionError> {
  const outer = parseInput(CreateInput, input);
  if (!outer.ok) return outer;
  const diversion = parseInput(Diversion, outer.value.diversion);
  return diversion.ok ? ok({ ...outer.value, diversion: diversion.value }) : diversion;
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
  async (input, actor): ReturnType<CreatePlanAction> => {
    const { connectionId, diversion, diversionId } = input;
    const { db } = (await serverContext()).database;
    const open = await checkDiversion(db, input);
    if (!open.ok) return open;
    const made = await makePlan(connectionId, diversion);
    if (!made.ok) return made;
    const permitted = await checkPlanAccess(actor, 'plan.create', made.value.plan);
    if (!permitted.ok) return permitted;
    // Making a plan takes seconds, in which someone else may have saved or planned.
    const stored = await storePlanIf({ ...made.value, diversionId }, actor, async (transaction) => {
      if (diversionId !== null) await lockContent(transaction, diversionId);
      return checkDiversion(transaction, input);
    });
    return stored.ok ? ok({ planId: stored.value }) : stored;
  },
);
