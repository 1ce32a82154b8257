import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { Durations } from '@/lib/plan/forecast';

/** How many of the last runs are looked at: enough for each action, and few enough to follow a cloud that slows down. */
const runsMax = 30;
/** Below this, the usual time says more. */
const writesMin = 3;

/**
 * How long writes of a connection have taken lately, by action, in ms: the middle of the last ones, each from when the cloud
 * accepted it until its object was read back as wanted. Turns at a load balancer are waited for before that, so the time
 * is the write's own. Only what a run did itself counts, not what it found done.
 */
export async function readDurations(db: Pick<Database, 'execute'>, connectionId: string): Promise<Durations> {
  const { rows } = await db.execute<{ action: string; ms: number }>(sql`
    with recent as (
      select run.id, run.plan_id from run
      join plan on plan.id = run.plan_id
      where plan.connection_id = ${connectionId}
      order by run.created_at desc limit ${runsMax}
    ), done as (
      select run_event.id, run_event.run_id, run_event.event, plan.plan
      from recent
      join run_event on run_event.run_id = recent.id
      join plan on plan.id = recent.plan_id
      where event->>'type' = 'stepDone' and event->>'outcome' = 'applied'
    ), taken as (
      select step->'call'->>'action' as action,
        extract(epoch from (done.event->>'at')::timestamptz - (accepted.event->>'at')::timestamptz) * 1000 as ms
      from done
      cross join lateral (
        select step from jsonb_array_elements(
          done.plan->(case done.event->>'direction' when 'apply' then 'steps' else 'revert' end)
        ) as step
        where step->>'id' = done.event->>'stepId'
      ) as named
      cross join lateral (
        select event from run_event as earlier
        where earlier.run_id = done.run_id and earlier.id < done.id and earlier.event->>'type' = 'accepted'
          and earlier.event->>'stepId' = done.event->>'stepId'
          and earlier.event->>'direction' = done.event->>'direction'
        order by earlier.id desc limit 1
      ) as accepted
    )
    select action, percentile_cont(0.5) within group (order by ms)::float8 as ms
    from taken where ms >= 0
    group by action having count(*) >= ${writesMin}`);
  return Object.fromEntries(rows.map(({ action, ms }) => [action, Math.round(ms)]));
}
