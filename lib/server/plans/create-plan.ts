import 'server-only';
import { z } from 'zod';
import type { CreatePlanAction } from '@/lib/client/actions';
import { ok } from '@/lib/result';
import { parseInput } from '@/lib/server/parse-input';
import { makePlan } from './make-plan';
import { storePlan } from './store-plan';

/** Plans a diversion on the newest snapshot and stores plan and preflight; a stored plan never changes. */
export const createPlan = async (connectionId: unknown, diversion: unknown): ReturnType<CreatePlanAction> => {
  const id = parseInput(z.string(), connectionId);
  if (!id.ok) return id;
  const made = await makePlan(id.value, diversion);
  return made.ok ? ok({ planId: await storePlan(made.value) }) : made;
};
