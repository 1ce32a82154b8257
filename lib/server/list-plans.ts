import 'server-only';
import { desc, eq } from 'drizzle-orm';
import type { PlanSummary } from '@/lib/client/views';
import { connections, plans, runs } from '@/lib/db/schema';
import { stops } from '@/lib/preflight/preflight';
import { serverContext } from './context';
import { readApprovalCounts } from './read-approvals';

const newestMax = 200;

/** The newest plans. */
export async function listPlans(): Promise<readonly PlanSummary[]> {
  const { database } = await serverContext();
  const rows = await database.db
    .select({ plan: plans, connection: connections, runId: runs.id })
    .from(plans)
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .leftJoin(runs, eq(runs.planId, plans.id))
    .orderBy(desc(plans.createdAt))
    .limit(newestMax);
  const countOf = await readApprovalCounts(
    database.db,
    rows.map(({ plan }) => plan.id),
  );
  return rows.map(({ plan, connection, runId }) => ({
    id: plan.id,
    name: plan.plan.diversion.name,
    connectionName: connection.name,
    createdAt: plan.createdAt.toISOString(),
    steps: plan.plan.steps.filter((step) => step.kind === 'write').length,
    blocks: plan.findings.filter(stops).length,
    runId,
    approvals: countOf({ planId: plan.id, kind: connection.kind }),
  }));
}
