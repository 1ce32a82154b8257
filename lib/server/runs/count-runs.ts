import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { HoldReason, RunState } from '@/lib/run/model/model';
import {
  runsWithStateEvent,
  type StateEventColumn,
  stateEventColumn,
  toRunState,
} from '@/lib/store/runs/last-state-events';

export type RunCounts = {
  readonly byState: ReadonlyMap<RunState, number>;
  readonly heldBy: ReadonlyMap<HoldReason['kind'], number>;
  /** The time since the longest hold; null when no run is held. */
  readonly heldSince: Date | null;
};

type Row = {
  readonly stateEvent: StateEventColumn;
  readonly reason: HoldReason['kind'] | null;
  readonly since: string | null;
  readonly count: number;
};

/** Counts runs by state, without reading their journals. */
export async function countRuns(db: Database): Promise<RunCounts> {
  const { rows } = await db.execute<Row>(sql`
    select ${stateEventColumn} as "stateEvent",
      state_event.event->'reason'->>'kind' as reason, min(state_event.event->>'at') as since, count(*)::int as count
    from ${runsWithStateEvent}
    group by 1, 2`);
  const byState = new Map<RunState, number>();
  const heldBy = new Map<HoldReason['kind'], number>();
  const held: number[] = [];
  for (const row of rows) {
    const state = toRunState(row.stateEvent);
    byState.set(state, (byState.get(state) ?? 0) + row.count);
    if (state !== 'held' || row.reason === null) continue;
    heldBy.set(row.reason, (heldBy.get(row.reason) ?? 0) + row.count);
    if (row.since !== null) held.push(Date.parse(row.since));
  }
  return { byState, heldBy, heldSince: held.length === 0 ? null : new Date(Math.min(...held)) };
}
