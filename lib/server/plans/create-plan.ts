'use server';

import { z } from 'zod';
import type { CreatePlanAction } from '@/lib/client/actions';
import type { ActionError } from '@/lib/client/views';
import { Diversion } from '@/lib/diversion/diversion';
import { ok, type Result } from '@/lib/result';
import { parseInput } from '@/lib/server/parse-input';
import { verb } from '@/lib/server/verb';
import { makePlan, storePlan } from './make-plan';

const CreateInput = z.object({ connectionId: z.string(), diversion: z.unknown() });
type CreateInput = { readonly connectionId: string; readonly diversion: Diversion };

/** Parses the input; field errors are named by the fields of the diversion, as its form has them. */
function parseCreate(input: unknown): Result<CreateInput, ActionError> {
  const outer = parseInput(CreateInput, input);
  if (!outer.ok) return outer;
  const diversion = parseInput(Diversion, outer.value.diversion);
  return diversion.ok
    ? ok({ connectionId: outer.value.connectionId, diversion: diversion.value })
    : diversion;
}

/** Plans a diversion on the newest snapshot and stores plan and preflight; a stored plan never changes. */
export const createPlan = verb(
  'plan.create',
  parseCreate,
  ({ connectionId, diversion }) => ({ connections: [connectionId, ...diversion.connections] }),
  async ({ connectionId, diversion }, actor): ReturnType<CreatePlanAction> => {
    const made = await makePlan(connectionId, diversion);
    return made.ok ? ok({ planId: await storePlan(made.value, actor) }) : made;
  },
);
