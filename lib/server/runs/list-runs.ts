import 'server-only';
import { desc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { RunSummary } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { connections, plans, runEvents, runs } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import type { RunEvent, RunId } from '@/lib/run/model/model';
import { serverContext } from '@/lib/server/context';
import { readRunStates, stateEventTypeList } from '@/lib/server/journal/last-state-events';
import { query } from '@/lib/server/verb';

const newestMax = 100;

/** Returns the newest runs with their states, without reading plans and journals. */
export const listRuns = query('run.list', z.void(), 'all', async (): Promise<readonly RunSummary[]> => {
  const { db } = (await serverContext()).database;
  // Chosen before anything is joined: otherwise every stored plan would be read for its name.
  const newest = db.select().from(runs).orderBy(desc(runs.createdAt)).limit(newestMax).as('newest');
  const rows = await db
    .select({
      id: newest.id,
      planId: newest.planId,
      createdAt: newest.createdAt,
      actor: newest.createdBy,
      cutover: newest.cutover,
      name: sql<string>`${plans.plan}->'diversion'->>'name'`,
      connectionName: connections.name,
    })
    .from(newest)
    .innerJoin(plans, eq(plans.id, newest.planId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .orderBy(desc(newest.createdAt));
  const states = await readRunStates(
    db,
    rows.map(({ id }) => id),
  );
  const retried = await readRetried(
    db,
    rows.flatMap(({ id }) => (states.get(id) === 'retrying' ? [id] : [])),
  );
  return rows.map(({ createdAt, ...row }) => {
    const state = states.get(row.id);
    invariant(state !== undefined, `${row.id} was stored with its first attempt`);
    return { ...row, state, retrying: retried.get(row.id) ?? null, createdAt: createdAt.toISOString() };
  });
});

/** Reads what each of these retrying runs is retrying. */
async function readRetried(
  db: Database,
  runIds: readonly RunId[],
): Promise<ReadonlyMap<string, RunSummary['retrying']>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await db.execute<{ readonly id: string; readonly event: RunEvent }>(sql`
    select distinct on (run_id) run_id as id, event from run_event
    where ${inArray(runEvents.runId, [...runIds])} and event->>'type' in (${stateEventTypeList})
      and event->>'type' = 'retrying'
    order by run_id, run_event.id desc`);
  return new Map(
    rows.flatMap(({ id, event }) => {
      if (event.type !== 'retrying') return [];
      const { cause, since, everyMs } = event;
      const what = cause.kind === 'cloudError' ? cause.error.action : cause.answer.address;
      return [[id, { what, since, everyMs }] as const];
    }),
  );
}
