import 'server-only';
import { and, eq, inArray } from 'drizzle-orm';
import type { ActionError } from '@/lib/contract/answer';
import type { PlanView } from '@/lib/contract/plan';
import type { Database } from '@/lib/db/database';
import { plans, switches } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { listMovedNames, movedDomain } from '@/lib/diversion/routes';
import type { Plan } from '@/lib/plan/model/model';
import type { Actor } from '@/lib/policy/actor';
import { isUnapproved } from '@/lib/policy/approval';
import type { Result } from '@/lib/result';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/run-id';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { closeRun } from '@/lib/store/runs/close-run';
import type { Decision } from '@/lib/store/runs/exclusively';
import { insertRun, type NewRun } from '@/lib/store/runs/insert-run';
import { readPolicy } from '@/lib/store/settings/read-policies';
import { checkTimes } from './check-apply';
import { readApprovalCount } from './read-approvals';

/**
 * Records on the switchboard that an operator moves Switches by this run. A Switch that failed over returns to manual
 * control, with failover disabled. Plans of other kinds, of names that are not on the board, and plans that restore
 * drift have no effect.
 */
export async function recordSwitchMove(
  db: Database,
  { connectionId, diversion, restores }: Plan,
  { runId, actor }: { readonly runId: RunId; readonly actor: Pick<Actor, 'name' | 'accountId'> },
): Promise<void> {
  if (diversion.kind !== 'switch' || restores !== undefined) return;
  const rows = await db
    .select({ id: switches.id, diversion: switches.diversion })
    .from(switches)
    .where(eq(switches.connectionId, connectionId));
  const moved = new Set(listMovedNames(diversion));
  const own = rows.flatMap((row) => (moved.has(movedDomain(row.diversion)) ? [row.id] : []));
  if (own.length === 0) return;
  const isIt = inArray(switches.id, own);
  const now = new Date();
  await db.update(switches).set({ movedAt: now, lastRunId: runId }).where(isIt);
  await db
    .update(switches)
    .set({ state: 'disabled', decision: null, setBy: actor.name, setByAccount: actor.accountId, setAt: now })
    .where(and(isIt, eq(switches.state, 'failedOver')));
}

/** Abandons the stopped run that the plan continues. @returns the runs left to conflict with */
async function withoutReplaced(
  { id, replaces }: PlanView,
  { db, runs }: Decision,
  actor: string,
): Promise<Decision['runs']> {
  const replaced = runs.find((run) => run.id === replaces?.runId);
  if (replaced === undefined || foldRun(replaced).state !== 'stopped') return runs;
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
