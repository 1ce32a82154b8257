import { inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runs } from '@/lib/db/schema';
import { type DoneRun, type RunBaseline, runBaseline } from '@/lib/run/model/baseline-states';
import type { RunId } from '@/lib/run/model/run-id';

type Statements = Pick<Database, 'execute'>;

/** Reads the plans of some runs, with the events of their completed steps. */
export async function readDoneRuns(db: Statements, runIds: readonly RunId[]): Promise<readonly DoneRun[]> {
  if (runIds.length === 0) return [];
  const { rows } = await db.execute<DoneRun>(sql`
    select run.id, plan.id as "planId", plan.plan, done.events
    from run
    join plan on plan.id = run.plan_id
    cross join lateral (
      select coalesce(jsonb_agg(event order by id), '[]') as events from run_event
      where run_id = run.id and event->>'type' = 'stepDone'
    ) as done
    where ${inArray(runs.id, [...runIds])}`);
  return rows;
}

/** Returns the states in which each of these runs left its objects, from its plan and its completed steps. */
export async function readRunBaselines(
  db: Statements,
  runIds: readonly RunId[],
): Promise<readonly (readonly [RunId, RunBaseline])[]> {
  return (await readDoneRuns(db, runIds)).map((run) => [run.id, runBaseline(run)] as const);
}

/**
 * Returns the object states left by runs over a connection that have completed a step since an instant, whichever
 * connection their plans belong to.
 * @param since ISO instant
 */
export async function readBaselinesSince(
  db: Statements,
  connectionId: string,
  since: string,
): Promise<readonly RunBaseline[]> {
  const { rows } = await db.execute<{ readonly id: RunId }>(sql`
    select run.id
    from run
    join plan on plan.id = run.plan_id
    where run.id in (select run_id from run_event where event->>'type' = 'stepDone' and event->>'at' > ${since})
      and (plan.connection_id = ${connectionId} or plan.plan->'diversion'->'connections' ? ${connectionId})`);
  const found = await readRunBaselines(
    db,
    rows.map(({ id }) => id),
  );
  return found.map(([, baseline]) => baseline);
}

/** Returns the ids of the load balancers that runs of a connection's plans have created, from the cloud's responses. */
export async function readOwnLoadBalancers(db: Statements, connectionId: string): Promise<readonly string[]> {
  const { rows } = await db.execute<{ readonly id: string }>(sql`
    select distinct run_event.event->>'loadBalancerId' as id
    from run_event
    join run on run.id = run_event.run_id
    join plan on plan.id = run.plan_id
    where run_event.event->>'loadBalancerId' is not null and plan.connection_id = ${connectionId}`);
  return rows.map(({ id }) => id);
}
