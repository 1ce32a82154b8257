import { sql } from 'drizzle-orm';
import { type AttemptEnd, stateOf } from '@/lib/run/fold-run';
import type { Direction, RunState } from '@/lib/run/model';

/**
 * Joins to each row of `run` what its state depends on, without reading its journal: its newest attempt (`attempt`), that
 * attempt's start (`start`), and what ended it last (`turn`). The index of turns holds these events alone.
 */
export const joinTurn = sql`
  cross join lateral (
    select attempt, direction from run_attempt where run_id = run.id order by attempt desc limit 1
  ) as attempt
  left join lateral (
    select id from run_event
    where run_id = run.id and event->>'type' in ('started', 'held', 'finished', 'closed')
      and event->>'type' = 'started' and (event->>'attempt')::int = attempt.attempt
    order by id limit 1
  ) as start on true
  left join lateral (
    select event from run_event
    where run_id = run.id and run_event.id > start.id
      and event->>'type' in ('started', 'held', 'finished', 'closed') and event->>'type' <> 'started'
    order by id desc limit 1
  ) as turn on true`;

/** The columns of `Turn`, as they come from `joinTurn`. */
export const turnColumns = sql`
  attempt.direction, start.id is not null as started, turn.event->>'type' as "end", turn.event->>'result' as result`;

export type Turn = {
  readonly direction: Direction;
  readonly started: boolean;
  readonly end: AttemptEnd['type'] | null;
  readonly result: 'done' | 'reverted' | null;
};

function endOf({ end, result }: Turn): AttemptEnd | undefined {
  if (end === 'finished') return result === null ? undefined : { type: end, result };
  return end === null ? undefined : { type: end };
}

/** Where a run stands: what folding its whole journal would say. */
export function stateOfTurn(turn: Turn): RunState {
  return stateOf(turn.direction, turn.started, endOf(turn));
}
