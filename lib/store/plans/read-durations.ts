import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { Durations } from '@/lib/plan/model/forecast';

/** The number of recent runs: enough for each action, and few enough to follow a cloud that slows down. */
const runsMax = 30;
/** With fewer writes, the default time is a better estimate. */
const writesMin = 3;

/**
 * Returns the recent duration of a connection's writes, by action, in ms: the median of the last ones, each from the
 * cloud's acceptance until its object was read back as intended. Waiting in the load balancer's queue happens before
 * and is excluded. Writes that a run found already done are excluded.
 */
export async function readDurations(db: Pick<Database, 'execute'>, connectionId: string): Promise<Durations> {
  const { rows } = await db.execute<{ action: string; ms: number }>(sql`
    with recent as (
      select run.id, run.plan_id from run
      join plan on plan.id = run.plan_id
      where plan.connection_id = ${connectionId}
      order by run.created_at desc limit ${runsMax}
    ), named as materialized (
      -- Each plan is taken apart once: once for each event, it would take as long as the square of its steps.
      select recent.id as run_id,
        jsonb_object_agg(way.direction || ' ' || (step->>'id'), step->'call'->>'action') as actions
      from recent
      join plan on plan.id = recent.plan_id
      cross join lateral (
        values ('apply', plan.plan->'steps'), ('rollback', plan.plan->'rollback')
      ) as way (direction, steps)
      cross join lateral jsonb_array_elements(way.steps) as step
      where step->>'kind' = 'write'
      group by recent.id
    ), said as (
      select run_event.run_id, event->>'type' as type, event->>'outcome' as outcome, (event->>'at')::timestamptz as at,
        (event->>'direction') || ' ' || (event->>'stepId') as step, lag(event) over same as before
      from recent
      join run_event on run_event.run_id = recent.id
      where event->>'type' in ('accepted', 'stepDone')
      window same as (
        partition by run_event.run_id, event->>'direction', event->>'stepId' order by run_event.id
      )
    ), taken as (
      select actions->>said.step as action,
        extract(epoch from said.at - (before->>'at')::timestamptz) * 1000 as ms
      from said
      join named using (run_id)
      where said.type = 'stepDone' and outcome = 'applied' and before->>'type' = 'accepted'
    )
    select action, percentile_cont(0.5) within group (order by ms)::float8 as ms
    from taken where ms >= 0 and action is not null
    group by action having count(*) >= ${writesMin}`);
  return Object.fromEntries(rows.map(({ action, ms }) => [action, Math.round(ms)]));
}
