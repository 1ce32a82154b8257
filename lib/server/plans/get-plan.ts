import 'server-only';
import { PlanId } from '@/lib/plan/model/model';
import { unchangedReads } from '@/lib/server/unchanged-read';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { readPlan } from '@/lib/store/plans/read-plan';

const readKeptPlan = unchangedReads(async (planId: PlanId) =>
  readPlan((await serverContext()).database.db, planId),
);

/** Returns a stored plan with its preflight; null if it does not exist. */
export const getPlan = query('plan.get', PlanId, (planId) => ({ plan: planId }), readKeptPlan);
