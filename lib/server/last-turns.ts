import { inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runs } from '@/lib/db/schema';
import { stateOf, turnTypes } from '@/lib/run/fold-run';
import type { RunState } from '@/lib/run/model';

/** The types of events that the index of turns holds: named in full where it is to be used. */
export const turnTypeList = sql.raw(turnTypes.map((type) => `'${type}'`).join(', '));

/**
 * From-clause that gives each `run` its newest attempt's last `turn.event`, null where that attempt has not begun, without
 * reading journals: the index of turns holds these events alone. An attempt that failed of our own before it could begin
 * has its hold alone, as in `foldRun`.
 */
export const runsWithLastTurn = sql`
  run
  cross join lateral (
    select max(attempt) as attempt, count(*) as attempts from run_attempt where run_id = run.id
  ) as attempt
  left join lateral (
    select id from run_event
    where run_id = run.id and event->>'type' in (${turnTypeList})
      and event->>'type' = 'started' and (event->>'attempt')::int = attempt.attempt
    order by id limit 1
  ) as start on true
  left join lateral (
    select event from run_event
    where run_id = run.id and event->>'type' in (${turnTypeList})
      and (run_event.id >= start.id or (start.id is null and attempt.attempts = 1))
    order by id desc limit 1
  ) as turn on true`;

/** What of the last turn decides where a run stands. */
export const turnColumn = sql`
  jsonb_strip_nulls(jsonb_build_object('type', turn.event->'type', 'gate', turn.event->'gate',
    'state', turn.event->'state', 'result', turn.event->'result', 'direction', turn.event->'direction'))`;

/** `turnColumn` as it comes from the database: an empty object where there is no turn. */
export type TurnColumn = NonNullable<Parameters<typeof stateOf>[0]> | { readonly type?: undefined };

/** Where a run stands: what folding its whole journal would say. */
export function stateOfTurn(turn: TurnColumn): RunState {
  return stateOf(turn.type === undefined ? undefined : turn);
}

/** Where each of these runs stands. */
export async function statesOfRuns(
  db: Database,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, RunState>> {
  const { rows } = await db.execute<{ readonly id: string; readonly turn: TurnColumn }>(
    sql`select run.id, ${turnColumn} as turn from ${runsWithLastTurn} where ${inArray(runs.id, [...runIds])}`,
  );
  return new Map(rows.map((row) => [row.id, stateOfTurn(row.turn)]));
}
