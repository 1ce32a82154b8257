'use server';

import { z } from 'zod';
import type { BreakGlassAction } from '@/lib/client/actions';
import type { ActionError, PlanView } from '@/lib/client/views';
import { breakGlasses } from '@/lib/db/schema';
import { PlanId } from '@/lib/plan/model/model';
import { isUnapproved } from '@/lib/policy/approval';
import { breakGlassReasonMin } from '@/lib/policy/break-glass';
import { ok, type Result } from '@/lib/result';
import { serverContext } from '@/lib/server/context';
import { exclusively } from '@/lib/server/journal/exclusively';
import { readPlan } from '@/lib/server/plans/get-plan';
import { refuse } from '@/lib/server/refusal';
import { verb } from '@/lib/server/verb';
import { checkPlan } from './check-apply';
import { storeRun } from './store-run';

const BreakGlassInput = z.object({
  planId: PlanId,
  hash: z.string().min(1),
  reason: z.string().trim().min(breakGlassReasonMin, 'breakGlass.reason').max(500, 'reason.tooLong'),
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
});

/** Checks that a plan lacks approvals, and that its rules let someone do without them. */
function checkNeed({ approvals, id }: PlanView): Result<null, ActionError> {
  const { count, requirement, state } = approvals;
  if (state !== 'open') return refuse(`breakGlass.${state}`);
  if (!isUnapproved(count)) return refuse('breakGlass.notNeeded', { plan: id });
  const rules = requirement.rules.map(({ name }) => name).join(', ');
  return requirement.breakGlass ? ok(null) : refuse('breakGlass.forbidden', { rules });
}

/**
 * Applies a reviewed plan at once without the approvals that it needs. All other checks of an apply hold: the hash, the
 * snapshot, preflight and safety rules, change freezes and the pause of all changes. If the plan is scheduled, it stays
 * so, and its next checks don't ask for approvals. The mark stays with the plan, and an alert is open until somebody
 * acknowledges it.
 */
export const breakGlass = verb(
  'plan.breakGlass',
  BreakGlassInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, hash, reason, typedDomain }, { name: actor }, note): ReturnType<BreakGlassAction> => {
    note({ reason });
    const { database } = await serverContext();
    const view = await readPlan(database.db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    if (view.hash !== hash || !view.isIntact) return refuse('plan.otherHash');
    const needed = checkNeed(view);
    if (!needed.ok) return needed;
    const mark = { planId, hash, reason, actor };
    const { runId } = view;
    if (runId !== null) {
      await database.db.insert(breakGlasses).values(mark);
      return ok({ runId });
    }
    const right = await checkPlan(view, null, typedDomain);
    if (!right.ok) return right;
    // A refusal rolls the mark back: nothing was applied.
    return exclusively(database.pool, async (decision) => {
      await decision.db.insert(breakGlasses).values(mark);
      return storeRun(decision, view, null, actor);
    });
  },
);
