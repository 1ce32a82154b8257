import { sql } from 'drizzle-orm';
import type { Alert } from '@/lib/alerts/alert';
import type { Database } from '@/lib/db/database';
import { routes } from '@/lib/routes';
import { isOpenRun, runsWithStateEvent } from '@/lib/server/journal/last-state-events';
import { alertTitle, t } from './alert-words';
import { readScopes } from './read-scopes';

const minuteMs = 60_000;

type Row = {
  readonly id: string;
  readonly name: string;
  /** ISO instants. */
  readonly t0: string;
  readonly createdAt: string;
};

/**
 * Finds the runs that move traffic soon: one alert for each lead time that has begun. A held run is not one of them.
 * @param leadMinutes the lead times of all channels
 */
export async function findUpcoming(
  db: Database,
  leadMinutes: readonly number[],
  now: Date,
): Promise<readonly Alert[]> {
  if (leadMinutes.length === 0) return [];
  const last = new Date(now.getTime() + Math.max(...leadMinutes) * minuteMs);
  const { rows } = await db.execute<Row>(sql`
    select run.id, plan.plan->'diversion'->>'name' as name, run.cutover->>'t0' as t0,
      to_json(run.created_at)#>>'{}' as "createdAt"
    from ${runsWithStateEvent} join plan on plan.id = run.plan_id
    where ${isOpenRun} and state_event.event->>'type' is distinct from 'held'
      and (run.cutover->>'t0')::timestamptz > ${now.toISOString()}::timestamptz
      and (run.cutover->>'t0')::timestamptz <= ${last.toISOString()}::timestamptz`);
  if (rows.length === 0) return [];
  const scope = await readScopes(
    db,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id, name, t0, createdAt }) => {
    const leftMs = Date.parse(t0) - now.getTime();
    return [...new Set(leadMinutes)]
      .filter((minutes) => leftMs <= minutes * minuteMs)
      .map(
        (minutes): Alert => ({
          event: 'startsSoon',
          incident: `run ${id}`,
          state: `T0 ${t0} ${minutes}`,
          title: alertTitle('startsSoon', name),
          text: t('message.startsSoon', {
            run: id,
            t0: t0.slice(0, 16).replace('T', ' '),
            minutes: Math.ceil(leftMs / minuteMs),
          }),
          path: routes.run(id),
          at: new Date(Math.max(Date.parse(t0) - minutes * minuteMs, Date.parse(createdAt))).toISOString(),
          scope: scope(id),
          leadMinutes: minutes,
        }),
      );
  });
}
