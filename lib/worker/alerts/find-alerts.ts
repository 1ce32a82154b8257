import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type Alert, type AlertEventKind, everything } from '@/lib/alerts/alert';
import type { Database } from '@/lib/db/database';
import { routes } from '@/lib/routes';
import { readAlerts } from '@/lib/store/alerts/read-alerts';
import { type DriftedObject, readDrifted } from '@/lib/store/drift/count-drift';
import { readOpenRequests } from '@/lib/store/plans/read-requests';
import { describeReason, getAlertEvent } from './describe-reason';
import { alertTitle, t } from './find/alert-words';
import { findUpcoming } from './find/find-upcoming';
import { readScopes } from './find/read-scopes';

/** The maximum number of objects that a message names. */
const namedMax = 5;

function listNames(objects: readonly DriftedObject[]): string {
  const names = objects.map(({ name }) => name).toSorted();
  const named = names.slice(0, namedMax).join(', ');
  const count = names.length - namedMax;
  return count > 0 ? t('message.more', { objects: named, count }) : named;
}

/** Reads the name of each run's diversion. */
async function readNames(db: Database, runIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.execute<{ readonly id: string; readonly name: string }>(sql`
    select run.id, plan.plan->'diversion'->>'name' as name from run join plan on plan.id = run.plan_id
    where run.id in (${sql.join(
      runIds.map((id) => sql`${id}`),
      sql`, `,
    )})`);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/**
 * Finds the drift of what each run left. The same objects in the same state are told once; another object, or another
 * state, is another alert of the same incident.
 */
export async function findDriftAlerts(db: Database, now: Date): Promise<readonly Alert[]> {
  const found = Object.entries(await readDrifted(db)).flatMap(([connectionId, objects]) =>
    [...new Set(objects.map(({ runId }) => runId))].map((runId) => ({
      connectionId,
      runId,
      drifted: objects.filter((object) => object.runId === runId),
    })),
  );
  if (found.length === 0) return [];
  const runIds = found.map(({ runId }) => runId);
  const [names, scope] = await Promise.all([readNames(db, runIds), readScopes(db, runIds)]);
  return found.map(({ connectionId, runId, drifted }) => {
    const marks = drifted.map(({ mark }) => mark).toSorted();
    return {
      event: 'drift',
      incident: `drift ${runId}`,
      state: `drift ${createHash('sha256')
        .update(JSON.stringify([connectionId, marks]))
        .digest('hex')
        .slice(0, 32)}`,
      title: alertTitle('drift', names.get(runId) ?? runId),
      text: t('message.drift', { count: drifted.length, run: runId, objects: listNames(drifted) }),
      path: routes.drift(connectionId),
      // A sync finds it at some time after it happened: it is told by every channel that exists then.
      at: now.toISOString(),
      scope: scope(runId),
      leadMinutes: null,
    };
  });
}

/** More than can be open at once in practice; a page lists fewer. */
const openMax = 500;
/** The newest events of journals among which new ones are searched: workers alone write them, and a round starts every two seconds. */
const eventsMax = 5000;

/** Finds what needs a person: the open alerts of the dashboard, without acknowledged ones. */
async function findOpenAlerts(db: Database): Promise<readonly Alert[]> {
  const { open } = await readAlerts(db, openMax);
  const scope = await readScopes(
    db,
    open.map(({ subject }) => String(subject.id)),
  );
  return open.map(({ subject, name, occurrence, since, reason }) => {
    const event = getAlertEvent(reason);
    return {
      event,
      incident: `${subject.kind} ${subject.id}`,
      state: `alert ${occurrence}`,
      title: alertTitle(event, name),
      text: describeReason(reason),
      path: subject.kind === 'run' ? routes.run(subject.id) : routes.switch(subject.id),
      at: since,
      scope: scope(subject.id),
      leadMinutes: null,
    };
  });
}

type EventRow = {
  readonly id: string;
  readonly runId: string;
  readonly event: Extract<AlertEventKind, 'runStarted' | 'finished' | 'rolledBack' | 'revalidationFailed'>;
  readonly at: string;
  readonly problems: number;
  /** Identifies the problems: a waiting run is checked again and again. */
  readonly problemsHash: string | null;
  readonly name: string;
};

/** The condition of the partial index of these events; must match the schema. */
const isToldEvent = sql`(
  event->>'type' in ('finished', 'checked', 'started') or (event->>'type' = 'passed' and event->>'gate' = 'T0')
)`;

/** Finds what the newest events of journals say. A scheduled run starts at its T0. */
async function findRunEvents(db: Database): Promise<readonly Alert[]> {
  const { rows } = await db.execute<EventRow>(sql`
    select found.*, plan.plan->'diversion'->>'name' as name
    from (
      select id::text, run_id as "runId", event->>'at' as at,
        jsonb_array_length(coalesce(event->'problems', '[]')) as problems,
        md5(event->>'problems') as "problemsHash",
        case event->>'type'
          when 'finished' then case event->>'result' when 'rolledBack' then 'rolledBack' else 'finished' end
          when 'checked' then 'revalidationFailed'
          else 'runStarted'
        end as event
      from run_event
      where id > (select coalesce(max(id), 0) from run_event) - ${eventsMax}::int
        and ${isToldEvent}
        and (
          event->>'type' in ('finished', 'passed')
          or (event->>'type' = 'checked' and event->'problems' <> '[]')
          or (
            event->>'type' = 'started' and event->>'attempt' = '1'
            and (select cutover from run where run.id = run_id) is null
          )
        )
    ) as found
    join run on run.id = found."runId" join plan on plan.id = run.plan_id
    order by found.id::bigint`);
  const scope = await readScopes(
    db,
    rows.map(({ runId }) => runId),
  );
  return rows.map(({ id, runId, event, at, problems, problemsHash, name }) => ({
    event,
    incident: `run ${runId}`,
    state: event === 'revalidationFailed' ? `revalidation ${problemsHash}` : `event ${id}`,
    title: alertTitle(event, name),
    text:
      event === 'revalidationFailed'
        ? t('message.revalidationFailed', { count: problems })
        : t(`message.${event}`, { run: runId }),
    path: routes.run(runId),
    at,
    scope: scope(runId),
    leadMinutes: null,
  }));
}

/** Finds the open requests to approve a plan. */
async function findRequestedApprovals(db: Database): Promise<readonly Alert[]> {
  const open = await readOpenRequests(db);
  const scope = await readScopes(
    db,
    open.map(({ planId }) => planId),
  );
  return open.map(({ id, planId, name, actor, message, at, asked, isForEveryone, given, needed }) => ({
    event: 'approvalRequested',
    incident: `plan ${planId}`,
    state: `request ${id}`,
    title: alertTitle('approvalRequested', name),
    text: t('message.approvalRequested', {
      actor,
      approvers: isForEveryone ? 'everyone' : asked.join(', '),
      plan: planId,
      given,
      needed,
      message: message === '' ? 'none' : message,
    }),
    path: routes.plan(planId),
    at,
    scope: scope(planId),
    leadMinutes: null,
  }));
}

/** Finds the pause of all changes while it lasts. */
async function findPause(db: Database): Promise<readonly Alert[]> {
  const rows = await db.query.emergencyStops.findMany();
  return rows.map(({ actor, reason, at }) => ({
    event: 'changesPaused',
    incident: 'pause',
    state: at.toISOString(),
    title: alertTitle('changesPaused', t('message.allChanges')),
    text: t('message.changesPaused', { actor, reason }),
    path: routes.settings(),
    at: at.toISOString(),
    scope: everything,
    leadMinutes: null,
  }));
}

/** The time of a round, and the optional alerts that channels want. */
type Round = {
  readonly now: Date;
  /** The lead times of all channels. */
  readonly leadMinutes: readonly number[];
  readonly readsDrift: boolean;
};

/** The search for one kind of alerts. Its name is shown if it fails. */
export type AlertSearch = { readonly name: string; readonly find: () => Promise<readonly Alert[]> };

/** The name of the search for drift, without which no drift can be said to be over. */
export const driftSearch = 'the search for drift';

/**
 * Lists the searches for everything that channels may have to be told now, including what they have been told. Each works
 * by itself: a stored value that one can't read must not keep people from the alerts of the others.
 */
export function listSearches(db: Database, { now, leadMinutes, readsDrift }: Round): readonly AlertSearch[] {
  return [
    { name: 'the search for stopped runs and failovers', find: () => findOpenAlerts(db) },
    { name: 'the search for events of runs', find: () => findRunEvents(db) },
    { name: 'the search for requested approvals', find: () => findRequestedApprovals(db) },
    { name: 'the search for coming runs', find: () => findUpcoming(db, leadMinutes, now) },
    { name: driftSearch, find: async () => (readsDrift ? findDriftAlerts(db, now) : []) },
    { name: 'the search for a pause of all changes', find: () => findPause(db) },
  ];
}
