import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { ObjectRef } from '@/lib/estate/object';

/** A write that the cloud accepted from one of Spillway's runs. */
export type OwnWrite = {
  readonly runId: string;
  /** Who had the run go this way. */
  readonly actor: string;
  /** ISO instant, by Spillway's clock. */
  readonly at: string;
  readonly requestId: string;
  readonly action: string;
  readonly object: ObjectRef;
};

/** The writes of a connection's runs in a span of time, oldest first: by the journals, which know each request. */
export async function ownWrites(
  db: Pick<Database, 'execute'>,
  connectionId: string,
  from: Date,
  to: Date,
): Promise<readonly OwnWrite[]> {
  const { rows } = await db.execute<OwnWrite>(sql`
    select run.id as "runId", coalesce(attempt.actor, run.created_by) as actor, accepted.event->>'at' as at,
      accepted.event->>'requestId' as "requestId", step->'call'->>'action' as action, step->'object' as object
    from run_event as accepted
    join run on run.id = accepted.run_id
    join plan on plan.id = run.plan_id
    cross join lateral (
      select step from jsonb_array_elements(
        plan.plan->(case accepted.event->>'direction' when 'apply' then 'steps' else 'revert' end)
      ) as step
      where step->>'id' = accepted.event->>'stepId'
    ) as named
    left join lateral (
      select actor from run_attempt
      where run_attempt.run_id = run.id and requested_at <= (accepted.event->>'at')::timestamptz
      order by attempt desc limit 1
    ) as attempt on true
    where accepted.event->>'type' = 'accepted'
      and accepted.event->>'at' between ${from.toISOString()} and ${to.toISOString()}
      and coalesce(step->'object'->>'connectionId', plan.connection_id) = ${connectionId}
    order by accepted.id`);
  return rows;
}
