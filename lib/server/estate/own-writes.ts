import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { ObjectRef } from '@/lib/estate/object';
import type { RunId } from '@/lib/run/model/run-id';

/** A write that the cloud accepted from one of Spillway's runs. */
export type OwnWrite = {
  readonly runId: RunId;
  /** The actor who started this direction of the run. */
  readonly actor: string;
  /** ISO instant, by Spillway's clock. */
  readonly at: string;
  readonly requestId: string;
  readonly action: string;
  readonly object: ObjectRef;
};

/** Returns the writes of a connection's runs in a period, oldest first, from the requests in their journals. */
export async function ownWrites(
  db: Pick<Database, 'execute'>,
  connectionId: string,
  from: Date,
  to: Date,
): Promise<readonly OwnWrite[]> {
  const { rows } = await db.execute<OwnWrite>(sql`
    with accepted as materialized (
      select id, run_id, event->>'at' as at, event->>'requestId' as request_id,
        event->>'direction' as direction, event->>'stepId' as step_id
      from run_event
      where event->>'type' = 'accepted'
        and event->>'at' between ${from.toISOString()} and ${to.toISOString()}
    ), named as materialized (
      -- Each plan is taken apart once: once for each event, it would take as long as the square of its steps.
      select run.id as run_id, way.direction, step->>'id' as step_id,
        step->'call'->>'action' as action, step->'object' as object
      from run
      join plan on plan.id = run.plan_id
      cross join lateral (
        values ('apply', plan.plan->'steps'), ('rollback', plan.plan->'rollback')
      ) as way (direction, steps)
      cross join lateral jsonb_array_elements(way.steps) as step
      where run.id in (select run_id from accepted) and step->>'kind' = 'write'
        and coalesce(step->'object'->>'connectionId', plan.connection_id) = ${connectionId}
    )
    select run.id as "runId", coalesce(attempt.actor, run.created_by) as actor, accepted.at,
      accepted.request_id as "requestId", named.action, named.object
    from accepted
    join named using (run_id, direction, step_id)
    join run on run.id = accepted.run_id
    left join lateral (
      select actor from run_attempt
      where run_attempt.run_id = run.id and requested_at <= accepted.at::timestamptz
      order by attempt desc limit 1
    ) as attempt on true
    order by accepted.id`);
  return rows;
}
