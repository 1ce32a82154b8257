import 'server-only';
import { eq } from 'drizzle-orm';
import type { ActionError, PlanView } from '@/lib/client/views';
import { plans } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { isUnapproved } from '@/lib/policy/approval';
import type { Result } from '@/lib/result';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/run-id';
import { serverContext } from '@/lib/server/context';
import { closeRun } from '@/lib/server/journal/close-run';
import type { Decision } from '@/lib/server/journal/exclusively';
import { recordSwitchMove } from '@/lib/server/journal/record-switch-move';
import { readApprovalCount } from '@/lib/server/plans/read-approvals';
import { refuse } from '@/lib/server/refusal';
import { readPolicy } from '@/lib/server/settings/read-policies';
import { checkTimes } from './check-apply';
import { insertRun, type NewRun } from './insert-run';

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

/**
 * Stores the run of a checked plan and submits it to the workers: on a schedule, or at once, which requires the
 * approvals of the policy.
 * @param withoutApprovals true = someone has decided that the plan runs without them; the caller stores that
 */
export async function storeRun(
  decision: Decision,
  view: PlanView,
  cutover: Cutover | null,
  actor: NewRun['actor'],
  withoutApprovals = false,
): Promise<Result<{ runId: RunId }, ActionError>> {
  const { engine } = await serverContext();
  const { id: planId, plan } = view;
  const kept = await checkTimes(decision.db, view, cutover);
  if (!kept.ok) return kept;
  // A scheduled plan may still wait for approvals: its last checks before prewarm and before T0 require them.
  const count = await readApprovalCount(decision.db, planId);
  if (cutover === null && !withoutApprovals && isUnapproved(count)) {
    const { given, needed, declined = 0 } = count;
    return declined > 0 && given >= needed
      ? refuse('plan.declined', { plan: planId, count: declined })
      : refuse('plan.unapproved', { plan: planId, given, needed });
  }
  const runs = await withoutReplaced(view, decision, actor.name);
  const { guards } = await readPolicy(decision.db, view.connection.kind);
  const given = { planId, plan, cutover, guards: cutover === null ? guards : [], actor, reason: '' };
  const made = await insertRun({ ...decision, runs }, engine, given);
  // A scheduled plan moves later, or not at all.
  if (made.ok && cutover === null)
    await recordSwitchMove(decision.db, plan, { runId: made.value.runId, actor });
  return made;
}
