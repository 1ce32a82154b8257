import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { RunState, StopReason } from '@/lib/run/model/model';
import {
  runsWithStateEvent,
  type StateEventColumn,
  stateEventColumn,
  toRunState,
} from '@/lib/store/runs/last-state-events';

export type RunCounts = {
  readonly byState: ReadonlyMap<RunState, number>;
  readonly stoppedBy: ReadonlyMap<StopReason['kind'], number>;
  /** The time since the longest stop; null when no run is stopped. */
  readonly stoppedSince: Date | null;
};

type Row = {
  readonly stateEvent: StateEventColumn;
  readonly reason: StopReason['kind'] | null;
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
  const stoppedBy = new Map<StopReason['kind'], number>();
  const stopped: number[] = [];
  for (const row of rows) {
    const state = toRunState(row.stateEvent);
    byState.set(state, (byState.get(state) ?? 0) + row.count);
    if (state !== 'stopped' || row.reason === null) continue;
    stoppedBy.set(row.reason, (stoppedBy.get(row.reason) ?? 0) + row.count);
    if (row.since !== null) stopped.push(Date.parse(row.since));
  }
  return { byState, stoppedBy, stoppedSince: stopped.length === 0 ? null : new Date(Math.min(...stopped)) };
}
