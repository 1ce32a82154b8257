import 'server-only';
import { asc, eq } from 'drizzle-orm';
import type { ApprovalsView, ApprovalView, PlanView, TrafficView } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { approvals, connections, plans, planTraffic, runs } from '@/lib/db/schema';
import { planHash } from '@/lib/plan/model/hash';
import { PlanId } from '@/lib/plan/model/model';
import { foldRun, type RunRecord } from '@/lib/run/model/fold-run';
import { canChangeSchedule, hasBegun, isCanceled } from '@/lib/run/model/schedule-change';
import { listConnectionIds } from '@/lib/server/connections/list-connection-ids';
import { listDisconnected } from '@/lib/server/connections/list-connections';
import { serverContext } from '@/lib/server/context';
import { loadRun } from '@/lib/server/journal/load-run';
import { findLostRights } from '@/lib/server/journal/lost-rights';
import { readReplaced } from '@/lib/server/journal/read-replaced';
import { readPolicy } from '@/lib/server/settings/read-policies';
import { query } from '@/lib/server/verb';
import { approvalState } from './approval-state';

function trafficView({ at, readings, unmeasured, error }: typeof planTraffic.$inferSelect): TrafficView {
  return { at: at.toISOString(), readings, unmeasured, error };
}

/** Reads a stored plan with its preflight; null if it does not exist. */
export async function readPlan(db: Database, planId: PlanId): Promise<PlanView | null> {
  const [row] = await db
    .select({ plan: plans, connection: connections, runId: runs.id, traffic: planTraffic })
    .from(plans)
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .leftJoin(runs, eq(runs.planId, plans.id))
    .leftJoin(planTraffic, eq(planTraffic.planId, plans.id))
    .where(eq(plans.id, planId));
  if (row === undefined) return null;
  const { plan, connection, traffic } = row;
  const stored = row.runId === null ? null : await loadRun(db, row.runId);
  // A plan whose schedule was canceled before it started can be applied as if it had no run.
  const run = stored !== null && isCanceled(stored) ? null : stored;
  const policy = await readPolicy(db, connection.kind);
  const { hash } = plan;
  const approvals = await listApprovals(db, { planId, hash, run, needed: policy.approvals });
  return {
    id: plan.id,
    diversionId: plan.diversionId,
    hash,
    createdAt: plan.createdAt.toISOString(),
    createdBy: plan.createdBy,
    connection,
    plan: plan.plan,
    isIntact: (await planHash(plan.plan)) === hash,
    findings: plan.findings,
    runId: run?.id ?? null,
    disconnected: await listDisconnected(db, listConnectionIds(plan.plan)),
    reschedulable:
      run !== null && canChangeSchedule('reschedule', { state: foldRun(run).state, isBegun: hasBegun(run) })
        ? run.cutover
        : null,
    policy,
    approvals,
    replaces: await readReplaced(db, planId),
    traffic: traffic && trafficView(traffic),
  };
}

/** Returns a stored plan with its preflight; null if it does not exist. */
export const getPlan = query(
  'plan.get',
  PlanId,
  (planId) => ({ plan: planId }),
  async (planId) => readPlan((await serverContext()).database.db, planId),
);

type Of = {
  readonly planId: PlanId;
  readonly hash: string;
  readonly run: RunRecord | null;
  /** The number that the policy requires. */
  readonly needed: number;
};

/** Returns all approvals of a plan, in order, and their state. */
async function listApprovals(db: Database, { planId, hash, run, needed }: Of): Promise<ApprovalsView> {
  const rows = await db
    .select()
    .from(approvals)
    .where(eq(approvals.planId, planId))
    .orderBy(asc(approvals.id));
  const own = rows.filter((row) => row.hash === hash);
  const actors = own.map(({ actor }) => actor);
  const lost = await findLostRights(db, actors, 'plan.approve');
  const all = own.map(
    ({ id, name, comment, at, withdrawnAt, actor }): ApprovalView => ({
      id,
      name,
      comment,
      at: at.toISOString(),
      withdrawnAt: withdrawnAt?.toISOString() ?? null,
      isVoid: lost.has(actor),
    }),
  );
  return {
    all,
    count: { needed, given: all.filter(({ withdrawnAt, isVoid }) => withdrawnAt === null && !isVoid).length },
    state: approvalState(run, new Date()),
  };
}
