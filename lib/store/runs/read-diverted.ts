import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import type { Diversion, DiversionId } from '@/lib/diversion/diversion';
import type { RunState } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import {
  isOpenRun,
  runsWithStateEvent,
  type StateEventColumn,
  stateEventColumn,
  toRunState,
} from './last-state-events';

/** The maximum number besides those in progress: more would cost too many monitoring calls. */
const restingMax = 10;
/** The maximum number of those in progress, whose guards need the figures. */
const openMax = 50;

/** A diversion whose run has started to move traffic, or has moved it and was not rolled back. */
export type Diverted = {
  readonly diversionId: DiversionId;
  readonly runId: RunId;
  readonly name: string;
  readonly connectionId: string;
  readonly connectionName: string;
  /** Further accounts that it spans. */
  readonly connections: readonly string[];
  readonly domains: readonly string[];
  readonly kind: Diversion['kind'];
  readonly state: RunState;
};

/**
 * Reads diversions with moved traffic, without a journal: those in progress, then those whose run ended last. A run may
 * have been scheduled long before it starts, so that its age does not count.
 */
export async function readDiverted(db: Pick<Database, 'execute'>): Promise<readonly Diverted[]> {
  const { rows } = await db.execute<
    Omit<Diverted, 'state' | 'name' | 'kind' | 'domains' | 'connections'> & {
      readonly diversion: Pick<Diversion, 'name' | 'kind' | 'routes' | 'connections'>;
      readonly stateEvent: StateEventColumn;
    }
  >(sql`
    select * from (
      select *, row_number() over (partition by "isOpen" order by "changedBy" desc) as place from (
        select distinct on (plan.diversion_id) plan.diversion_id as "diversionId", run.id as "runId",
          plan.connection_id as "connectionId", connection.name as "connectionName",
          plan.plan->'diversion' as diversion, ${stateEventColumn} as "stateEvent", ${isOpenRun} as "isOpen",
          state_event.id as "changedBy"
        from ${runsWithStateEvent}
        join plan on plan.id = run.plan_id
        join connection on connection.id = plan.connection_id
        where state_event.event->>'type' not in ('missed', 'closed')
          and (state_event.event->>'result' is distinct from 'rolledBack')
          and (state_event.event->>'gate' is null or state_event.event->>'gate' = 'T1'
            or state_event.event->>'type' <> 'gate')
        order by plan.diversion_id, run.created_at desc
      ) as diverted
    ) as placed
    where place <= case when "isOpen" then ${openMax}::int else ${restingMax}::int end
    order by "isOpen" desc, place`);
  return rows.map(({ diversion, stateEvent, ...row }) => ({
    diversionId: row.diversionId,
    runId: row.runId,
    connectionId: row.connectionId,
    connectionName: row.connectionName,
    name: diversion.name,
    kind: diversion.kind,
    connections: diversion.connections ?? [],
    domains: [...new Set(diversion.routes.map(({ domain }) => domain))],
    state: toRunState(stateEvent),
  }));
}
