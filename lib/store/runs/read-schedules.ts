import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { PlanId } from '@/lib/plan/model/model';
import { runsWithStateEvent } from './last-state-events';

/** The current schedule of a plan's run. */
export type RunSchedule = {
  /** From 1: one more for each time that the run was rescheduled, or scheduled again after its schedule was canceled. */
  readonly schedule: number;
  /** True if it was canceled before the run started, and the run was not scheduled again. */
  readonly isCanceled: boolean;
};

/** Returns the current schedule of the run of each of these plans; none for a plan that has no run. */
export async function readSchedules(
  db: Pick<Database, 'execute'>,
  planIds: readonly PlanId[],
): Promise<ReadonlyMap<PlanId, RunSchedule>> {
  if (planIds.length === 0) return new Map();
  const list = sql.join(
    planIds.map((id) => sql`${id}`),
    sql`, `,
  );
  const { rows } = await db.execute<RunSchedule & { readonly planId: PlanId }>(sql`
    select run.plan_id as "planId", run.cutover is not null and coalesce(state_event.event->>'type' = 'closed', false)
        and not exists (select from run_event where run_id = run.id and event->>'type' = 'passed') as "isCanceled",
      1 + (select count(*)::int from run_event where run_id = run.id and event->>'type' = 'rescheduled') as schedule
    from ${runsWithStateEvent} where run.plan_id in (${list})`);
  return new Map(rows.map(({ planId, ...schedule }) => [planId, schedule]));
}
