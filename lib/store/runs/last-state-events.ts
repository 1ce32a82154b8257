import { inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runs } from '@/lib/db/schema';
import { getRunState, stateEventTypes } from '@/lib/run/model/fold-run';
import type { Problem, RunState } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';

/** The event types in the index of state events. PostgreSQL uses that index only for queries that list all of them. */
export const stateEventTypeList = sql.raw(stateEventTypes.map((type) => `'${type}'`).join(', '));

/**
 * The from-clause that joins each `run` with its newest attempt's last `state_event`, without reading journals: the
 * index contains only state events. null if that attempt has not started. An attempt that failed by our own error
 * before it started has only its stop, as in `foldRun`.
 */
export const runsWithStateEvent = sql`
  run
  cross join lateral (
    select max(attempt) as attempt, count(*) as attempts from run_attempt where run_id = run.id
  ) as attempt
  left join lateral (
    select id from run_event
    where run_id = run.id and event->>'type' in (${stateEventTypeList})
      and event->>'type' = 'started' and (event->>'attempt')::int = attempt.attempt
    order by id limit 1
  ) as start on true
  left join lateral (
    select id, event from run_event
    where run_id = run.id and event->>'type' in (${stateEventTypeList})
      and (run_event.id >= start.id or (start.id is null and attempt.attempts = 1))
    order by id desc limit 1
  ) as state_event on true`;

/** Of `runsWithStateEvent`: the run has not ended. Its newest attempt is waiting, in progress or stopped. */
export const isOpenRun = sql`
  (state_event.event->>'type' is null or state_event.event->>'type' not in ('finished', 'closed'))`;

/** The fields of the last state event that determine a run's state. */
export const stateEventColumn = sql`
  jsonb_strip_nulls(jsonb_build_object('type', state_event.event->'type', 'gate', state_event.event->'gate',
    'state', state_event.event->'state', 'result', state_event.event->'result', 'direction', state_event.event->'direction'))`;

/** `stateEventColumn` as the database returns it: an empty object if there is no state event. */
export type StateEventColumn = NonNullable<Parameters<typeof getRunState>[0]> | { readonly type?: undefined };

/** Returns a run's state: the same as folding its full journal. */
export function toRunState(event: StateEventColumn): RunState {
  return getRunState(event.type === undefined ? undefined : event);
}

/** Returns the state of each of these runs. */
export async function readRunStates(
  db: Database,
  runIds: readonly RunId[],
): Promise<ReadonlyMap<string, RunState>> {
  const { rows } = await db.execute<{ readonly id: string; readonly stateEvent: StateEventColumn }>(
    sql`select run.id, ${stateEventColumn} as "stateEvent" from ${runsWithStateEvent} where ${inArray(runs.id, [...runIds])}`,
  );
  return new Map(rows.map((row) => [row.id, toRunState(row.stateEvent)]));
}

/** Returns the problems that the last re-validation of each of these runs found: the same as `checked` of `foldRun`. */
export async function readLastProblems(
  db: Database,
  runIds: readonly RunId[],
): Promise<ReadonlyMap<string, readonly Problem[]>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await db.execute<{ readonly id: string; readonly problems: readonly Problem[] }>(sql`
    select run.id, checked.event->'problems' as problems from ${runsWithStateEvent}
    cross join lateral (
      select event from run_event
      where run_id = run.id and event->>'type' = 'checked' and run_event.id >= coalesce(start.id, 0)
      order by run_event.id desc limit 1
    ) as checked
    where ${inArray(runs.id, [...runIds])}`);
  return new Map(rows.map(({ id, problems }) => [id, problems]));
}
