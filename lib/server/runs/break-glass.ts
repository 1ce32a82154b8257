'use server';

import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { BreakGlassAction } from '@/lib/contract/approval';
import type { PlanView } from '@/lib/contract/plan';
import { breakGlasses } from '@/lib/db/schema';
import { PlanId } from '@/lib/plan/model/model';
import { isUnapproved } from '@/lib/policy/approval';
import { ok, type Result } from '@/lib/result';
import type { RunId } from '@/lib/run/model/run-id';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { checkPlan } from '@/lib/store/plans/check-apply';
import { readPlan } from '@/lib/store/plans/read-plan';
import { storeRun } from '@/lib/store/plans/store-run';
import { refuse } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';
import { readSchedules } from '@/lib/store/runs/read-schedules';

/** The shortest reason: people read it when they ask what happened. */
const reasonMin = 10;

const BreakGlassInput = z.object({
  planId: PlanId,
  hash: z.string().min(1),
  reason: z.string().trim().min(reasonMin, 'breakGlass.reason').max(500, 'reason.tooLong'),
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
 * so, and the next checks of this schedule don't ask for approvals. The mark stays with the plan, and an alert is open
 * until someone acknowledges it.
 */
export const breakGlass = verb(
  'plan.breakGlass',
  BreakGlassInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, hash, reason, typedDomain }, actor, note): ReturnType<BreakGlassAction> => {
    note({ reason });
    const { database } = await serverContext();
    const view = await readPlan(database.db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    if (view.hash !== hash || !view.isIntact) return refuse('plan.otherHash');
    const needed = checkNeed(view);
    if (!needed.ok) return needed;
    const isScheduled = view.runId !== null;
    const right = isScheduled ? ok(null) : await checkPlan(view, null, typedDomain);
    if (!right.ok) return right;
    return exclusively(database.pool, async (decision) => {
      // Read again: its schedule may have been canceled, and another plan approved, since.
      const now = await readPlan(decision.db, planId);
      const stillNeeded = now === null ? refuse('plan.gone', { plan: planId }) : checkNeed(now);
      if (!stillNeeded.ok) return stillNeeded;
      if ((now?.runId ?? null) !== view.runId) return refuse('breakGlass.changed', { plan: planId });
      const run =
        view.runId === null
          ? await storeRun(decision, view, null, actor, true)
          : ok<{ runId: RunId }>({ runId: view.runId });
      if (!run.ok) return run;
      const schedule = (await readSchedules(decision.db, [planId])).get(planId)?.schedule ?? 1;
      await decision.db
        .insert(breakGlasses)
        .values({ planId, hash, reason, actor: actor.name, accountId: actor.accountId, schedule });
      return run;
    });
  },
);
