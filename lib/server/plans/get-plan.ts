import 'server-only';
import { eq } from 'drizzle-orm';
import type { PlanView, TrafficView } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { connections, plans, planTraffic, runs } from '@/lib/db/schema';
import { planHash } from '@/lib/plan/model/hash';
import { PlanId } from '@/lib/plan/model/model';
import { serverContext } from '@/lib/server/context';
import { readReplaced } from '@/lib/server/journal/read-replaced';
import { readPolicy } from '@/lib/server/settings/read-policies';
import { query } from '@/lib/server/verb';
import { listApprovals } from './list-approvals';

function trafficView({ at, readings, unmeasured, error }: typeof planTraffic.$inferSelect): TrafficView {
  return { at: at.toISOString(), readings, unmeasured, error };
}

/** Reads a stored plan with its preflight; null if there is none with this id. */
export async function readPlan(db: Database, planId: PlanId): Promise<PlanView | null> {
  const [row] = await db
    .select({ plan: plans, connection: connections, runId: runs.id, traffic: planTraffic })
    .from(plans)
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .leftJoin(runs, eq(runs.planId, plans.id))
    .leftJoin(planTraffic, eq(planTraffic.planId, plans.id))
    .where(eq(plans.id, planId));
  if (row === undefined) return null;
  const { plan, connection, runId, traffic } = row;
  const policy = await readPolicy(db, connection.kind);
  const { hash } = plan;
  const approvals = await listApprovals(db, { planId, hash, runId, needed: policy.approvals });
  return {
    id: plan.id,
    hash,
    createdAt: plan.createdAt.toISOString(),
    createdBy: plan.createdBy,
    connection,
    plan: plan.plan,
    isIntact: (await planHash(plan.plan)) === hash,
    findings: plan.findings,
    runId,
    policy,
    approvals,
    replaces: await readReplaced(db, planId),
    traffic: traffic && trafficView(traffic),
  };
}

/** Returns a stored plan with its preflight; null if there is none with this id. */
export const getPlan = query(
  'plan.get',
  PlanId,
  (planId) => ({ plan: planId }),
  async (planId) => readPlan((await serverContext()).database.db, planId),
);
