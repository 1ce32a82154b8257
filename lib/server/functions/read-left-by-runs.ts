import { sql } from 'drizzle-orm';
import type { LeftByRun } from '@/lib/contract/function';
import type { Database } from '@/lib/db/database';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import type { RunId } from '@/lib/run/model/run-id';
import { runsWithStateEvent } from '@/lib/store/runs/last-state-events';

/** Returns the key of a function in the result of `readLeftByRuns`. */
export function leftKey({ region, namespace, name }: FunctionId): string {
  return `${region}/${namespace}/${name}`;
}

/** The maximum number of routes of rolled-back runs, newest first: older ones left nothing of interest. */
const routesMax = 2000;

/**
 * Returns for each function of a connection the last rolled-back run that routed traffic to it: what the run deployed
 * and published still exists.
 */
export async function readLeftByRuns(
  db: Database,
  connectionId: string,
): Promise<ReadonlyMap<string, LeftByRun>> {
  const { rows } = await db.execute<{ runId: RunId; at: string; fn: FunctionId }>(sql`
    select run.id as "runId", state_event.event->>'at' as at, route->'function' as fn
    from ${runsWithStateEvent}
    join plan on plan.id = run.plan_id
    cross join lateral jsonb_array_elements(plan.plan->'diversion'->'routes') as route
    where state_event.event->>'type' = 'finished' and state_event.event->>'result' = 'rolledBack'
      and route->>'to' = 'function'
      and (plan.connection_id = ${connectionId} or plan.plan->'diversion'->'connections' ? ${connectionId})
    order by state_event.id desc limit ${routesMax}`);
  // The newest run is set last.
  return new Map(rows.toReversed().map(({ runId, at, fn }) => [leftKey(fn), { runId, at }]));
}
