import 'server-only';
import type { CreatePlanAction } from '@/lib/client/actions';
import { ok } from '@/lib/result';
import { makePlan } from './make-plan';
import { storePlan } from './store-plan';

/** Plans a diversion over the newest snapshot and stores plan and preflight; a stored plan never changes. */
export const createPlan = async (connectionId: unknown, diversion: unknown): ReturnType<CreatePlanAction> => {
  const made = await makePlan(String(connectionId), diversion);
  return made.ok ? ok({ planId: await storePlan(made.value) }) : made;
};
