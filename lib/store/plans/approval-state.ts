import { eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runs } from '@/lib/db/schema';
import type { PlanId } from '@/lib/plan/model/model';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import type { RunState } from '@/lib/run/model/model';
import { lastCheckMs } from '@/lib/run/model/retry';
import { isCanceled } from '@/lib/run/model/schedule-change';
import { loadRun } from '@/lib/store/runs/load-run';

const over: readonly RunState[] = ['done', 'rolledBack', 'closed'];
/** States in which a run writes nothing, and is checked again before it does. */
const checkedAgain: readonly RunState[] = ['queued', 'stopped', 'missed'];

/**
 * The state of a plan's approvals. `open`: they are still required, because the plan has no run, or one that is
 * re-validated before T0, was canceled before it started, or waits for a person and is checked again when it continues.
 * `begun`: the last check has passed, and traffic moves, or has moved, with the approvals of that time. `over`: its run
 * has ended, and a plan runs once.
 */
export type ApprovalState = 'open' | 'begun' | 'over';

/** @param run the plan's run; null = it has none */
export function approvalState(run: RunRecord | null, now: Date): ApprovalState {
  if (run === null) return 'open';
  if (isCanceled(run)) return 'open';
  const { state, direction } = foldRun(run);
  if (over.includes(state)) return 'over';
  if (direction === 'rollback') return 'begun';
  if (checkedAgain.includes(state)) return 'open';
  if (run.cutover === null) return 'begun';
  if (run.events.some((event) => event.type === 'passed' && event.gate === 'T0')) return 'begun';
  // The last check is complete or in progress: a change may come too late for it.
  const isLastLook = state === 'ready' && now.getTime() >= Date.parse(run.cutover.t0) - lastCheckMs;
  return isLastLook ? 'begun' : 'open';
}

/** Returns the approval state for the plan's run, read in the same transaction as the change that depends on it. */
export async function readApprovalState(db: Database, planId: PlanId) {
  const [run] = await db.select({ id: runs.id }).from(runs).where(eq(runs.planId, planId));
  return approvalState(run === undefined ? null : await loadRun(db, run.id), new Date());
}
