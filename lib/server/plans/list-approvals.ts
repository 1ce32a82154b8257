import { asc, eq } from 'drizzle-orm';
import type { ApprovalsView, ApprovalView } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { approvals } from '@/lib/db/schema';
import type { PlanId } from '@/lib/plan/model/model';
import type { RunId } from '@/lib/run/model/model';
import { loadRun } from '@/lib/server/journal/load-run';
import { approvalState } from './approval-state';

type Of = {
  readonly planId: PlanId;
  readonly hash: string;
  readonly runId: RunId | null;
  /** The number that the policy requires. */
  readonly needed: number;
};

/** Returns all approvals of a plan, in their order, and whether they decide anything now. */
export async function listApprovals(
  db: Database,
  { planId, hash, runId, needed }: Of,
): Promise<ApprovalsView> {
  const rows = await db
    .select()
    .from(approvals)
    .where(eq(approvals.planId, planId))
    .orderBy(asc(approvals.id));
  const all = rows
    .filter((row) => row.hash === hash)
    .map(
      ({ id, name, comment, at, withdrawnAt }): ApprovalView => ({
        id,
        name,
        comment,
        at: at.toISOString(),
        withdrawnAt: withdrawnAt?.toISOString() ?? null,
      }),
    );
  const run = runId === null ? null : await loadRun(db, runId);
  return {
    all,
    count: { needed, given: all.filter(({ withdrawnAt }) => withdrawnAt === null).length },
    standing: approvalState(run, new Date()),
  };
}
