import { sql } from 'drizzle-orm';
import type { Change } from '@/lib/contract/change';
import type { Database } from '@/lib/db/database';
import { estates } from '@/lib/db/schema';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import type { EngineClient } from '@/lib/run/durable/connect-engine';
import type { RunJob } from '@/lib/run/durable/work';
import type { Problem, RunState } from '@/lib/run/model/model';
import { listConnectionIds } from '@/lib/store/connections/list-connection-ids';
import {
  isOpenRun,
  runsWithStateEvent,
  type StateEventColumn,
  stateEventColumn,
  stateEventTypeList,
  toRunState,
} from '@/lib/store/runs/last-state-events';
import { readFreezes } from '@/lib/store/settings/read-freezes';

type WaitingRun = RunJob & {
  readonly planId: PlanId;
  readonly connectionId: string;
  readonly diversion: Pick<Plan['diversion'], 'connections'>;
  /** From the last check; null if the run has not been checked. */
  readonly problems: readonly Problem[] | null;
  readonly state: RunState;
  /** The start of its prewarm or T0. ISO. */
  readonly due: string;
};

/** Returns the runs that wait for their prewarm or T0. Runs whose T0 has passed are left out before journals are read. */
async function listWaitingRuns(db: Database): Promise<readonly WaitingRun[]> {
  const { rows } = await db.execute<
    Omit<WaitingRun, 'state'> & { readonly stateEvent: StateEventColumn }
  >(sql`
    select run.id as "runId", attempt.attempt, plan.id as "planId", plan.connection_id as "connectionId",
      jsonb_build_object('connections', coalesce(plan.plan->'diversion'->'connections', '[]')) as diversion,
      checked.event->'problems' as problems, gate.event->>'due' as due, ${stateEventColumn} as "stateEvent"
    from ${runsWithStateEvent}
    join plan on plan.id = run.plan_id
    left join lateral (
      select event from run_event
      where run_id = run.id and event->>'type' = 'checked' and run_event.id >= start.id
      order by run_event.id desc limit 1
    ) as checked on true
    join lateral (
      select event from run_event
      where run_id = run.id and event->>'type' = 'gate' and event->>'type' in (${stateEventTypeList})
        and run_event.id >= start.id
      order by run_event.id desc limit 1
    ) as gate on true
    where (run.cutover->>'t0')::timestamptz > now() and ${isOpenRun}`);
  const runs = rows.map(({ stateEvent, ...run }) => ({ ...run, state: toRunState(stateEvent) }));
  return runs.filter(({ state }) => state === 'scheduled' || state === 'ready');
}

/** A run whose prewarm is this far can resume after others, in ms. */
const farFromMs = 120_000;

/** Returns the runs whose prewarm is not near, nearest first. */
export async function listFarRuns(db: Database): Promise<readonly RunJob[]> {
  const far = Date.now() + farFromMs;
  const runs = (await listWaitingRuns(db)).filter(
    ({ state, due }) => state === 'scheduled' && Date.parse(due) > far,
  );
  return runs.toSorted((a, b) => Date.parse(a.due) - Date.parse(b.due));
}

/** The changes that a check reads. Those of runs come several a second, and those of charts. */
const readKinds: ReadonlySet<Change['kind']> = new Set([
  'anything',
  'connection',
  'drift',
  'estate',
  'plan',
  'policy',
  'schedule',
]);

/**
 * Creates the handler of database changes that has waiting runs re-validate at once: all of them after a change of the
 * freezes, those of a plan after an approval, those of a connection after a change of its keys, and after any other
 * change those whose last check found a problem. The others notice it at their next regular check: an estate that
 * changes every few seconds must not cost a check of a thousand runs each time. A check that arrives twice, from two
 * workers, does no harm.
 */
export function recheckWaiting(
  db: Database,
  engine: Pick<EngineClient, 'send'>,
): (changes: readonly Change[]) => Promise<void> {
  const known = new Map<'freezes' | 'snapshots', string>();
  /** Returns whether this is not what was read the last time. */
  const isNew = (name: 'freezes' | 'snapshots', value: unknown) => {
    const before = known.get(name);
    known.set(name, JSON.stringify(value));
    return before !== undefined && before !== known.get(name);
  };
  return async (all) => {
    const changes = all.filter(({ kind }) => readKinds.has(kind));
    if (changes.length === 0) return;
    const areFreezesNew = isNew('freezes', await readFreezes(db));
    // A sync tells its progress, too: only another snapshot, or a newer one, decides anything.
    const columns = { connectionId: estates.connectionId, id: estates.id, takenAt: estates.takenAt };
    const areSnapshotsNew = isNew('snapshots', await db.select(columns).from(estates).orderBy(estates.id));
    if (!areFreezesNew && !areSnapshotsNew && changes.every(({ kind }) => kind === 'estate')) return;
    const idsOf = (kind: 'plan' | 'connection') =>
      new Set<string>(changes.flatMap((change) => (change.kind === kind ? [change.id] : [])));
    const [plans, connections] = [idsOf('plan'), idsOf('connection')];
    for (const run of await listWaitingRuns(db)) {
      const isConcerned =
        areFreezesNew ||
        (run.problems ?? []).length > 0 ||
        plans.has(run.planId) ||
        listConnectionIds(run).some((id) => connections.has(id));
      if (isConcerned) await engine.send(run, { command: 'check' });
    }
  };
}
