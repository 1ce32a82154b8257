import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { type StoredPlan, upgradePlan } from '@/lib/plan/stored-plan';
import type { DoneRun } from '@/lib/run/left-states';
import type { RunEvent } from '@/lib/run/model';

/** The runs of a connection that have done anything, oldest first, each with the steps that it has done. */
export async function doneRuns(
  db: Pick<Database, 'execute'>,
  connectionId: string,
): Promise<readonly DoneRun[]> {
  const { rows } = await db.execute<{
    readonly id: string;
    readonly planId: string;
    readonly plan: StoredPlan;
    readonly events: readonly RunEvent[];
  }>(sql`
    select run.id, plan.id as "planId", plan.plan, done.events
    from run
    join plan on plan.id = run.plan_id
    cross join lateral (
      select jsonb_agg(event order by id) as events from run_event
      where run_id = run.id and event->>'type' = 'stepDone'
    ) as done
    where plan.connection_id = ${connectionId} and done.events is not null
    order by run.created_at, run.id`);
  return rows.map((row) => ({ ...row, plan: upgradePlan(row.plan) }));
}
