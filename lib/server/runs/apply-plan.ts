'use server';

import 'server-only';
import { z } from 'zod';
import type { ApplyPlanAction } from '@/lib/contract/plan';
import { CutoverRequest } from '@/lib/diversion/cutover';
import { PlanId } from '@/lib/plan/model/model';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { checkPlan } from '@/lib/store/plans/check-apply';
import { readPlan } from '@/lib/store/plans/read-plan';
import { storeRun } from '@/lib/store/plans/store-run';
import { refuse } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';
import { guardCutover } from './guard-cutover';

const ApplyInput = z.object({
  planId: PlanId,
  hash: z.string().min(1),
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
  cutover: CutoverRequest.nullable().default(null),
});

/**
 * Submits a reviewed plan to the worker. The hash of the stored plan must equal the reviewed one, and plan and
 * preflight are repeated on the newest snapshot. A real account requires the moved domain to be typed. With a cutover
 * the plan runs on that schedule, otherwise at once, which requires the approvals of the policy. A cutover without guards
 * gets those of the policy.
 */
export const applyPlan = verb(
  'plan.apply',
  ApplyInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, hash, typedDomain, cutover: requested }, actor, note): ReturnType<ApplyPlanAction> => {
    note({ t0: requested?.t0 ?? 'now', t1: requested?.t1 ?? 'none' });
    const { database } = await serverContext();
    const view = await readPlan(database.db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    if (view.hash !== hash) return refuse('plan.otherHash');
    const cutover = requested && guardCutover(requested, view, note);
    const right = await checkPlan(view, cutover, typedDomain);
    return right.ok
      ? exclusively(database.pool, (decision) => storeRun(decision, view, cutover, actor))
      : right;
  },
);
