import { type SQL, sql } from 'drizzle-orm';
import type { Alert } from '@/lib/alerts/alert';
import type { Database } from '@/lib/db/database';
import { routes } from '@/lib/routes';
import { isOpenRun, runsWithStateEvent } from '@/lib/store/runs/last-state-events';
import { alertTitle, t } from './alert-words';
import { readScopes } from './read-scopes';

const minuteMs = 60_000;

/** A run with an instant that comes soon. */
type Row = {
  readonly id: string;
  readonly name: string;
  readonly gate: 'T0' | 'T1';
  /** An ISO instant. */
  readonly due: string;
  /** The ISO instant from which it is known: the creation of the run, or its T0. */
  readonly since: string;
};

const events = { T0: 'startsSoon', T1: 'endsSoon' } as const;

/**
 * Finds the runs that move traffic or roll back soon: one alert for each lead time that has begun. A stopped run moves nothing
 * at T0, but rolls back at T1. T1 is told of from T0 on.
 * @param leadMinutes the lead times of all channels
 */
export async function findUpcoming(
  db: Database,
  leadMinutes: readonly number[],
  now: Date,
): Promise<readonly Alert[]> {
  if (leadMinutes.length === 0) return [];
  const last = new Date(now.getTime() + Math.max(...leadMinutes) * minuteMs);
  const isSoon = (at: SQL) => sql`(${at})::timestamptz > ${now.toISOString()}::timestamptz
      and (${at})::timestamptz <= ${last.toISOString()}::timestamptz`;
  const name = sql`plan.plan->'diversion'->>'name' as name`;
  const { rows } = await db.execute<Row>(sql`
    select run.id, ${name}, 'T0' as gate, run.cutover->>'t0' as due, to_json(run.created_at)#>>'{}' as since
    from ${runsWithStateEvent} join plan on plan.id = run.plan_id
    where ${isOpenRun} and state_event.event->>'type' is distinct from 'stopped' and ${isSoon(sql`run.cutover->>'t0'`)}
    union all
    select run.id, ${name}, 'T1', run.cutover->>'t1', passed.at
    from ${runsWithStateEvent} join plan on plan.id = run.plan_id
    cross join lateral (
      select event->>'at' as at from run_event
      where run_id = run.id and event->>'type' = 'passed' and event->>'gate' = 'T0' limit 1
    ) as passed
    where ${isOpenRun} and state_event.event->>'direction' = 'apply' and ${isSoon(sql`run.cutover->>'t1'`)}`);
  if (rows.length === 0) return [];
  const scope = await readScopes(
    db,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id, name, gate, due, since }) => {
    const leftMs = Date.parse(due) - now.getTime();
    const event = events[gate];
    const time = due.slice(0, 16).replace('T', ' ');
    return [...new Set(leadMinutes)]
      .filter((minutes) => leftMs <= minutes * minuteMs)
      .map(
        (minutes): Alert => ({
          event,
          incident: `run ${id}`,
          state: `${gate} ${due} ${minutes}`,
          title: alertTitle(event, name),
          text: t(`message.${event}`, { run: id, time, minutes: Math.ceil(leftMs / minuteMs) }),
          path: routes.run(id),
          at: new Date(Math.max(Date.parse(due) - minutes * minuteMs, Date.parse(since))).toISOString(),
          scope: scope(id),
          leadMinutes: minutes,
        }),
      );
  });
}
