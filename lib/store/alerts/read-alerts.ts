import 'server-only';
import { type SQL, sql } from 'drizzle-orm';
import type { AlertCount, AlertReason, AlertsView, AlertView } from '@/lib/contract/alert';
import type { Database } from '@/lib/db/database';
import { movedDomain } from '@/lib/diversion/routes';
import type { SwitchDiversion, SwitchSide } from '@/lib/diversion/switch';
import { refName } from '@/lib/estate/ref-name';
import { unreachable } from '@/lib/invariant';
import { failoverProgress, type StuckFailover, stuckKinds } from '@/lib/run/model/failover';
import type { Breach, RollbackReason, RunState, StopReason } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { getBreachState, type WatchedBreach } from '@/lib/run/model/run-watch';
import { readRunStates, runsWithStateEvent } from '@/lib/store/runs/last-state-events';

/** The maximum that the banner lists; the counts include all. */
const shownMax = 20;
/** The maximum number of failed probes in one line. */
const failedShown = 3;

type Found<Row> = Row & {
  readonly occurrence: string;
  readonly isOpen: boolean;
  /** The total, including alerts that are not listed. */
  readonly open: number;
  readonly acknowledged: number;
};

/** The parts of an event that its line needs. Object states and response bodies stay in the database. */
type AlertEvent = { readonly at: string } & (
  | { readonly type: 'stopped'; readonly reason: StopReason }
  | { readonly type: 'missed' }
  | { readonly type: 'breakGlass'; readonly actor: string; readonly reason: string }
  | ({ readonly type: 'breach'; readonly lastAt: string } & Pick<
      WatchedBreach,
      'breach' | 'failed' | 'overAt'
    >)
  | {
      readonly type: 'rollback';
      readonly why: Extract<RollbackReason, { kind: 'guard' | 'missedT0' }>;
    }
);

/** The condition of the partial index of events that may be alerts; must match the schema. */
const isAlertEvent = sql`(
  event->>'type' in ('stopped', 'missed')
  or (event->>'type' = 'rollback' and event->'why'->>'kind' in ('guard', 'missedT0'))
)`;

/** The run is stopped according to its last state event. */
const isWaiting = sql`coalesce(state_event.event->>'type' in ('stopped', 'missed'), false)`;

/**
 * Selects the runs in effect that breached a guard after their end, until the breach is acknowledged or the run is
 * rolled back. The newest breach counts.
 */
const breachAlerts = sql`
  select run.id, run.plan_id, 'breach ' || (watch.breach->>'at') as occurrence,
    watch.breach || jsonb_build_object('type', 'breach', 'lastAt', watch.at) as event, true as is_open
  from ${runsWithStateEvent}
  join (
    select run_id, at, summary->'breaches'->-1 as breach from run_watch where breach_at is not null
  ) as watch on watch.run_id = run.id
  left join alert_acknowledgement as acknowledgement
    on acknowledgement.subject = run.id and acknowledgement.occurrence = 'breach ' || (watch.breach->>'at')
    and acknowledgement.withdrawn_at is null
  where state_event.event->>'result' = 'done' and acknowledgement.id is null`;

/** Selects the runs whose plans were applied without approvals, until that is acknowledged. */
const breakGlassAlerts = sql`
  select run.id, run.plan_id, 'breakGlass ' || mark.id as occurrence,
    jsonb_build_object('type', 'breakGlass', 'actor', mark.actor, 'reason', mark.reason,
      'at', to_char(mark.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as event, true as is_open
  from break_glass as mark
  join run on run.plan_id = mark.plan_id
  left join alert_acknowledgement as acknowledgement
    on acknowledgement.subject = run.id and acknowledgement.occurrence = 'breakGlass ' || mark.id
    and acknowledgement.withdrawn_at is null
  where acknowledgement.id is null`;

/**
 * Selects the runs that need an operator: those that are stopped or have missed T0, and those that a guard or a missed T0
 * has rolled back, until that is acknowledged or the run is closed. Only runs with such an event are read, through the
 * index of these events.
 */
const runAlerts = sql`
  select run.id, run.plan_id, alert.id::text as occurrence, alert.event, acknowledgement.id is null as is_open
  from ${runsWithStateEvent}
  cross join lateral (
    select id, event from run_event
    where run_id = run.id and ${isAlertEvent}
      and case when ${isWaiting} then run_event.id = state_event.id else event->>'type' = 'rollback' end
    order by id desc limit 1
  ) as alert
  left join alert_acknowledgement as acknowledgement
    on acknowledgement.subject = run.id and acknowledgement.occurrence = alert.id::text
    and acknowledgement.withdrawn_at is null
  where run.id in (select run_id from run_event where ${isAlertEvent})
    and (
      ${isWaiting}
      or (state_event.event->>'type' is distinct from 'closed' and acknowledgement.id is null)
    )
  union all ${breachAlerts}
  union all ${breakGlassAlerts}`;

const stuckKindList = sql.raw(stuckKinds.map((kind) => `'${kind}'`).join(', '));

/**
 * Selects the Switches that have failed over, until an operator moves them or enables failover again, and those with a
 * failing serving side that failover can't move, until the side is healthy again.
 */
const switchAlerts = sql`
  select found.*, acknowledgement.id is null as is_open
  from (
    select switch.id, coalesce(switch.last_run_id, switch.id) as occurrence, switch.diversion,
      coalesce(switch.moved_at, switch.set_at) as since, run.plan_id, run.id as run_id,
      null as why, null as serving
    from switch left join run on run.id = switch.last_run_id
    where switch.state = 'failedOver'
    union all
    select id, 'stuck ' || (decision->>'stuckSince'), diversion, (decision->>'stuckSince')::timestamptz, null, null,
      decision->>'kind', rounds->-1->>'serving'
    from switch
    where state = 'enabled' and decision->>'stuckSince' is not null
      and decision->>'kind' in (${stuckKindList})
  ) as found
  left join alert_acknowledgement as acknowledgement
    on acknowledgement.subject = found.id and acknowledgement.occurrence = found.occurrence
    and acknowledgement.withdrawn_at is null`;

type RunRow = Found<{ readonly id: RunId; readonly name: string; readonly event: AlertEvent }>;
type SwitchRow = Found<{
  readonly id: string;
  readonly diversion: SwitchDiversion;
  readonly since: string;
  readonly toward: SwitchSide | null;
  readonly runId: RunId | null;
  /** The reason why failover can't move traffic; null = it has failed over. */
  readonly why: StuckFailover['kind'] | null;
  readonly serving: SwitchSide | null;
}>;

/** Counts all alerts and returns the newest open ones first. */
const newestOpen = (alerts: SQL, since: SQL, max: number) => sql`
  select *, count(*) filter (where is_open) over () ::int as open,
    count(*) filter (where not is_open) over () ::int as acknowledged
  from (${alerts}) as found order by is_open desc, ${since} desc limit ${max}`;

async function readRuns(db: Database, max: number): Promise<readonly RunRow[]> {
  const { rows } = await db.execute<RunRow>(sql`
    select shown.id, shown.occurrence, shown.is_open as "isOpen", shown.open, shown.acknowledged,
      plan.plan->'diversion'->>'name' as name,
      shown.event #- '{reason,expected}' #- '{reason,found}' #- '{reason,problems}' #- '{reason,answer,body}' as event
    from (${newestOpen(runAlerts, sql`event->>'at'`, max)}) as shown
    join plan on plan.id = shown.plan_id
    order by shown.is_open desc, shown.event->>'at' desc`);
  return rows;
}

async function readSwitches(db: Database, max: number): Promise<readonly SwitchRow[]> {
  const { rows } = await db.execute<SwitchRow>(sql`
    select shown.id, shown.occurrence, shown.is_open as "isOpen", shown.open, shown.acknowledged, shown.diversion,
      to_json(shown.since)#>>'{}' as since, plan.plan->'diversion'->>'toward' as toward,
      shown.run_id as "runId", shown.why, shown.serving
    from (${newestOpen(switchAlerts, sql`since`, max)}) as shown
    left join plan on plan.id = shown.plan_id
    order by shown.is_open desc, shown.since desc`);
  return rows;
}

const toCount = ([row]: readonly Found<unknown>[]): AlertCount => ({
  open: row?.open ?? 0,
  acknowledged: row?.acknowledged ?? 0,
});

/**
 * Returns the runs and Switches that need an operator, without reading a full journal.
 * @param max the most open ones that are listed; the counts include all
 */
export async function readAlerts(db: Database, max = shownMax): Promise<AlertsView> {
  const [runs, switches] = await Promise.all([readRuns(db, max), readSwitches(db, max)]);
  const ofRuns = runs
    .filter(({ isOpen }) => isOpen)
    .map(
      ({ id, name, occurrence, event }): AlertView => ({
        subject: { kind: 'run', id },
        name,
        occurrence,
        since: event.at,
        reason: toReason(event),
      }),
    );
  const openSwitches = switches.filter(({ isOpen }) => isOpen);
  const moves = openSwitches.flatMap(({ runId }) => runId ?? []);
  const states = moves.length === 0 ? new Map<string, RunState>() : await readRunStates(db, moves);
  const ofSwitches = openSwitches.map((row): AlertView => {
    const { id, diversion, occurrence, since } = row;
    return {
      subject: { kind: 'switch', id },
      name: movedDomain(diversion),
      occurrence,
      since: new Date(since).toISOString(),
      reason: toSwitchReason(row, states.get(row.runId ?? '')),
    };
  });
  const open = [...ofRuns, ...ofSwitches].toSorted((a, b) => b.since.localeCompare(a.since)).slice(0, max);
  return { open, runs: toCount(runs), switches: toCount(switches) };
}

function toSwitchReason({ why, serving, toward }: SwitchRow, state: RunState | undefined): AlertReason {
  if (why !== null) return { kind: 'failoverStuck', serving, why };
  const progress = state === undefined ? 'moved' : failoverProgress(state);
  return { kind: 'failedOver', toward, progress };
}

function toReason(event: AlertEvent): AlertReason {
  switch (event.type) {
    case 'stopped':
      return toStopReason(event.reason);
    case 'missed':
      return { kind: 'missedT0' };
    case 'breakGlass':
      return { kind: 'breakGlass', actor: event.actor, reason: event.reason };
    case 'breach': {
      const { guard, value } = event.breach;
      const failed = [...new Set(event.failed.map(({ name }) => name))].slice(0, failedShown);
      const lastAt = new Date(event.lastAt).toISOString();
      const state = getBreachState(event, { lastAt, now: new Date() });
      return { kind: 'guardBreached', measure: guard.measure, value, limit: guard.limit, failed, state };
    }
    case 'rollback':
      return event.why.kind === 'guard'
        ? toGuardReason('guardRolledBack', event.why.breach)
        : { kind: 'stoppedAfterT0', lateMs: event.why.lateMs };
    default:
      return unreachable(event);
  }
}

function toStopReason(reason: StopReason): AlertReason {
  switch (reason.kind) {
    case 'drift':
    case 'notEffective':
      return { kind: reason.kind, object: refName(reason.object) };
    case 'cloudError':
      return { kind: 'cloudError', action: reason.error.action, code: reason.error.code };
    case 'probeFailed':
      return { kind: 'probeFailed', address: reason.answer.address };
    case 'guard':
      return toGuardReason('guardStopped', reason.breach);
    case 'internal':
    case 'invalid':
      return { kind: reason.kind };
    default:
      return unreachable(reason);
  }
}

function toGuardReason(kind: 'guardStopped' | 'guardRolledBack', { guard, value }: Breach): AlertReason {
  return { kind, measure: guard.measure, value, limit: guard.limit };
}

/** Returns the alerts of Switches that are not resolved, acknowledged or not, each as its Switch and its occurrence. */
export async function readStandingSwitches(db: Database): Promise<ReadonlySet<string>> {
  const { rows } = await db.execute<{ readonly id: string; readonly occurrence: string }>(
    sql`select id, occurrence from (${switchAlerts}) as found`,
  );
  return new Set(rows.map(({ id, occurrence }) => `${id} ${occurrence}`));
}

/** Returns whether this alert is neither acknowledged nor resolved. */
export async function isAlertOpen(
  db: Database,
  { kind, id }: { readonly kind: AlertView['subject']['kind']; readonly id: string },
  occurrence: string,
): Promise<boolean> {
  const alerts = kind === 'run' ? runAlerts : switchAlerts;
  const { rows } = await db.execute(sql`
    select from (${alerts}) as alert
    where is_open and id::text = ${id} and occurrence = ${occurrence}`);
  return rows.length > 0;
}
