import 'server-only';
import { desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { PlanSummary } from '@/lib/client/views';
import { connections, plans, runs } from '@/lib/db/schema';
import { stops } from '@/lib/preflight/preflight';
import { serverContext } from '@/lib/server/context';
import { query } from '@/lib/server/verb';
import { readApprovalCounts } from './read-approvals';

const newestMax = 200;

type PlanRow = typeof plans.$inferSelect;

/** Returns the newest plans, with the fields that a list shows: a full plan with its findings takes some hundred kB. */
export const listPlans = query('plan.list', z.void(), 'all', async (): Promise<readonly PlanSummary[]> => {
  const { database } = await serverContext();
  const rows = await database.db
    .select({
      id: plans.id,
      createdAt: plans.createdAt,
      name: sql<string>`${plans.plan}->'diversion'->>'name'`,
      steps: sql<number>`jsonb_array_length(jsonb_path_query_array(${plans.plan}, '$.steps[*] ? (@.kind == "write")'))`,
      findings: sql<
        PlanRow['findings']
      >`jsonb_path_query_array(${plans.findings}, '$[*] ? (@.status == "block" || @.status == "unknown")')`,
      connectionName: connections.name,
      connectionKind: connections.kind,
      runId: runs.id,
    })
    .from(plans)
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .leftJoin(runs, eq(runs.planId, plans.id))
    .orderBy(desc(plans.createdAt))
    .limit(newestMax);
  const approvalCounts = await readApprovalCounts(
    database.db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ createdAt, findings, connectionKind, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    blocks: findings.filter(stops).length,
    approvals: approvalCounts({ planId: row.id, kind: connectionKind }),
  }));
});
