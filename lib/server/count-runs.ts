import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { type AttemptEnd, stateOf } from '@/lib/run/fold-run';
import type { Direction, HoldReason, RunState } from '@/lib/run/model';

export type RunCounts = {
  readonly byState: ReadonlyMap<RunState, number>;
  readonly heldBy: ReadonlyMap<HoldReason['kind'], number>;
  /** Since when the run that is held longest is held; null when none is. */
  readonly heldSince: Date | null;
};

type Row = {
  readonly direction: Direction;
  readonly started: boolean;
  readonly end: AttemptEnd['type'] | null;
  readonly result: 'done' | 'reverted' | null;
  readonly reason: HoldReason['kind'] | null;
  readonly since: string | null;
  readonly count: number;
};

function endOf({ end, result }: Row): AttemptEnd | undefined {
  if (end === 'finished') return result === null ? undefined : { type: end, result };
  return end === null ? undefined : { type: end };
}

/**
 * How many runs stand where, without reading their journals: of each run its newest attempt, that attempt's start, and
 * what ended it last. The index of turns holds these events alone.
 */
export async function countRuns(db: Database): Promise<RunCounts> {
  const { rows } = await db.execute<Row>(sql`
    select attempt.direction, start.id is not null as started, turn.event->>'type' as "end",
      turn.event->>'result' as result, turn.event->'reason'->>'kind' as reason,
      min(turn.event->>'at') as since, count(*)::int as count
    from run
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
    ) as turn on true
    group by 1, 2, 3, 4, 5`);
  const byState = new Map<RunState, number>();
  const heldBy = new Map<HoldReason['kind'], number>();
  const held: number[] = [];
  for (const row of rows) {
    const state = stateOf(row.direction, row.started, endOf(row));
    byState.set(state, (byState.get(state) ?? 0) + row.count);
    if (state !== 'held' || row.reason === null) continue;
    heldBy.set(row.reason, (heldBy.get(row.reason) ?? 0) + row.count);
    if (row.since !== null) held.push(Date.parse(row.since));
  }
  return { byState, heldBy, heldSince: held.length === 0 ? null : new Date(Math.min(...held)) };
}
