import 'server-only';
import { desc, eq, sql } from 'drizzle-orm';
import type { RunSummary } from '@/lib/client/views';
import { connections, plans, runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { serverContext } from './context';
import { statesOfRuns } from './last-turns';

const newestMax = 100;

/** The newest runs with their states, without reading plans and journals. */
export async function listRuns(): Promise<readonly RunSummary[]> {
  const { db } = (await serverContext()).database;
  // Chosen before anything is joined: else every plan there is would be read for its name.
  const newest = db.select().from(runs).orderBy(desc(runs.createdAt)).limit(newestMax).as('newest');
  const rows = await db
    .select({
      ...{ id: newest.id, planId: newest.planId, createdAt: newest.createdAt, actor: newest.createdBy },
      cutover: newest.cutover,
      name: sql<string>`${plans.plan}->'diversion'->>'name'`,
      connectionName: connections.name,
    })
    .from(newest)
    .innerJoin(plans, eq(plans.id, newest.planId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .orderBy(desc(newest.createdAt));
  const states = await statesOfRuns(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map(({ createdAt, ...row }) => {
    const state = states.get(row.id);
    invariant(state !== undefined, `${row.id} was stored with its first attempt`);
    return { ...row, state, createdAt: createdAt.toISOString() };
  });
}
