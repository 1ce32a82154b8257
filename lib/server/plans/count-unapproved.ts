import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runsWithStateEvent, stateEventTypeList } from '@/lib/server/journal/last-state-events';

/**
 * Counts the plans that wait for approval: those with a scheduled run that is not over, whose T0 is in the future, and
 * fewer approvals than the policy of their kind of connection requires. Reads no journal.
 */
export async function countUnapproved(db: Database): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    select count(*)::int as count
    from ${runsWithStateEvent}
    join plan on plan.id = run.plan_id
    join connection on connection.id = plan.connection_id
    join policy on policy.kind = connection.kind
    where run.cutover is not null
      and (state_event.event->>'type' is null or state_event.event->>'type' not in ('finished', 'closed'))
      and (state_event.event->>'direction' is null or state_event.event->>'direction' = 'apply')
      and not exists (
        select 1 from run_event
        where run_id = run.id and event->>'type' in (${stateEventTypeList})
          and event->>'type' = 'passed' and event->>'gate' = 'T0'
      )
      and policy.approvals > (
        select count(*) from approval
        where approval.plan_id = plan.id and approval.hash = plan.hash and approval.withdrawn_at is null
      )`);
  return rows[0]?.count ?? 0;
}
