import 'server-only';
import { desc, eq } from 'drizzle-orm';
import type { RunSummary } from '@/lib/client/views';
import { connections, plans, runs } from '@/lib/db/schema';
import { foldRun } from '@/lib/run/fold-run';
import { serverContext } from './context';
import { loadRun } from './load-run';

const newestMax = 100;

/** The newest runs with their states. */
export async function listRuns(): Promise<readonly RunSummary[]> {
  const { database } = await serverContext();
  const rows = await database.db
    .select({ run: runs, connectionName: connections.name })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .orderBy(desc(runs.createdAt))
    .limit(newestMax);
  const summaries = await Promise.all(
    rows.map(async ({ run, connectionName }): Promise<RunSummary[]> => {
      const record = await loadRun(database.db, run.id);
      if (record === null) return [];
      const { id, planId, name, state, cutover } = foldRun(record);
      return [
        {
          id,
          planId,
          name,
          connectionName,
          state,
          createdAt: run.createdAt.toISOString(),
          actor: run.createdBy,
          cutover,
        },
      ];
    }),
  );
  return summaries.flat();
}
