'use server';

import 'server-only';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ApplyPlanAction } from '@/lib/client/actions';
import type { PlanView } from '@/lib/client/views';
import { plans } from '@/lib/db/schema';
import { Cutover } from '@/lib/diversion/cutover';
import { PlanId } from '@/lib/plan/model/model';
import { isUnapproved } from '@/lib/policy/approval';
import { foldRun } from '@/lib/run/model/fold-run';
import { serverContext } from '@/lib/server/context';
import { closeRun } from '@/lib/server/journal/close-run';
import { type Decision, exclusively } from '@/lib/server/journal/exclusively';
import { recordSwitchMove } from '@/lib/server/journal/record-switch-move';
import { readPlan } from '@/lib/server/plans/get-plan';
import { readApprovalCount } from '@/lib/server/plans/read-approvals';
import { refuse } from '@/lib/server/refusal';
import { readPolicy } from '@/lib/server/settings/read-policies';
import { verb } from '@/lib/server/verb';
import { checkPlan, checkTimes } from './check-apply';
import { insertRun } from './insert-run';

const ApplyInput = z.object({
  planId: PlanId,
  hash: z.string().min(1),
  typedDomain: z.string().trim().toLowerCase().nullable().default(null),
  cutover: Cutover.nullable().default(null),
});

/** Abandons the held run that the plan continues. @returns the runs left to conflict with */
async function withoutReplaced(
  { id, replaces }: PlanView,
  { db, runs }: Decision,
  actor: string,
): Promise<Decision['runs']> {
  const replaced = runs.find((run) => run.id === replaces?.runId);
  if (replaced === undefined || foldRun(replaced).state !== 'held') return runs;
  const [row] = await db.select({ reason: plans.replacesReason }).from(plans).where(eq(plans.id, id));
  await closeRun(db, replaced, { actor, reason: row?.reason || id });
  return runs.filter((run) => run !== replaced);
}

async function storeRun(view: PlanView, cutover: Cutover | null, actor: string): ReturnType<ApplyPlanAction> {
  const { database, engine } = await serverContext();
  return exclusively(database.pool, async (decision) => {
    const { id: planId, plan } = view;
    const kept = await checkTimes(decision.db, view, cutover);
    if (!kept.ok) return kept;
    // A scheduled plan waits for its approvals: its last checks before prewarm and before T0 require them.
    const count = await readApprovalCount(decision.db, { planId, kind: view.connection.kind });
    if (cutover === null && isUnapproved(count)) return refuse('plan.unapproved', { plan: planId, ...count });
    const runs = await withoutReplaced(view, decision, actor);
    const { guards } = await readPolicy(decision.db, view.connection.kind);
    const given = { planId, plan, cutover, guards: cutover === null ? guards : [], actor, reason: '' };
    const made = await insertRun({ ...decision, runs }, engine, given);
    // A scheduled plan moves later, or not at all.
    if (made.ok && cutover === null)
      await recordSwitchMove(decision.db, plan, { runId: made.value.runId, actor });
    return made;
  });
}

/**
 * Submits a reviewed plan to the worker. Only the reviewed plan runs: the reviewed hash must equal that of the stored
 * plan, and plan and preflight are repeated on the newest snapshot. A real account requires the moved domain to be typed. With
 * a cutover the plan runs on that schedule, without one at once; applying at once requires the approvals of the policy.
 */
export const applyPlan = verb(
  'plan.apply',
  ApplyInput,
  ({ planId }) => ({ plan: planId }),
  async ({ planId, hash, typedDomain, cutover }, actor): ReturnType<ApplyPlanAction> => {
    const { database } = await serverContext();
    const view = await readPlan(database.db, planId);
    if (view === null) return refuse('plan.gone', { plan: planId });
    if (view.hash !== hash) return refuse('plan.otherHash');
    const right = await checkPlan(view, cutover, typedDomain);
    return right.ok ? storeRun(view, cutover, actor.name) : right;
  },
);
