import { inArray, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { runs } from '@/lib/db/schema';
import { getRunState, turnTypes } from '@/lib/run/model/fold-run';
import type { RunId, RunState } from '@/lib/run/model/model';

/** The event types in the index of turns: listed in full wherever the index must be used. */
export const turnTypeList = sql.raw(turnTypes.map((type) => `'${type}'`).join(', '));

/**
 * From-clause that joins each `run` with its newest attempt's last `turn.event`, null if that attempt has not begun,
 * without reading journals: the index of turns contains these events alone. An attempt that failed through our own
 * fault before it could begin has only its hold, as in `foldRun`.
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

/** The parts of the last turn that decide a run's state. */
export const turnColumn = sql`
  jsonb_strip_nulls(jsonb_build_object('type', turn.event->'type', 'gate', turn.event->'gate',
    'state', turn.event->'state', 'result', turn.event->'result', 'direction', turn.event->'direction'))`;

/** `turnColumn` as the database returns it: an empty object if there is no turn. */
export type TurnColumn = NonNullable<Parameters<typeof getRunState>[0]> | { readonly type?: undefined };

/** Returns a run's state: the same as folding its whole journal. */
export function stateOfTurn(turn: TurnColumn): RunState {
  return getRunState(turn.type === undefined ? undefined : turn);
}

/** Returns the state of each of these runs. */
export async function statesOfRuns(
  db: Database,
  runIds: readonly RunId[],
): Promise<ReadonlyMap<string, RunState>> {
  const { rows } = await db.execute<{ readonly id: string; readonly turn: TurnColumn }>(
    sql`select run.id, ${turnColumn} as turn from ${runsWithLastTurn} where ${inArray(runs.id, [...runIds])}`,
  );
  return new Map(rows.map((row) => [row.id, stateOfTurn(row.turn)]));
}
