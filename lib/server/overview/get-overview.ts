import 'server-only';
import { randomUUID } from 'node:crypto';
import { asc, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { RequestedApproval } from '@/lib/contract/approval';
import type {
  ChecklistView,
  ConnectionHealthView,
  HealthOverview,
  OverviewView,
  PartView,
  RunningView,
  SwitchProbesView,
  TrafficRowView,
  UpcomingView,
} from '@/lib/contract/overview';
import type { ScheduleView } from '@/lib/contract/schedule';
import type { Database } from '@/lib/db/database';
import { connections, diversionTraffic, plans, runs, switches, syncs } from '@/lib/db/schema';
import { movedDomain } from '@/lib/diversion/routes';
import { invariant } from '@/lib/invariant';
import type { Actor } from '@/lib/policy/actor';
import { waitsForT0 } from '@/lib/run/model/diversion-state';
import { failingVantages } from '@/lib/run/model/failover';
import { foldRun } from '@/lib/run/model/fold-run';
import { liveStates, type RunState } from '@/lib/run/model/model';
import { limitAlerts } from '@/lib/server/access/limit-alerts';
import { readSight, type Sight } from '@/lib/server/access/read-sight';
import { maySee, maySeeObject, seeEstate } from '@/lib/server/access/see-estate';
import { readDiversions } from '@/lib/server/diversions/list-diversions';
import { countProblems, findWorker } from '@/lib/server/operations/list-workers';
import { limitSchedule, readSchedule } from '@/lib/server/runs/get-schedule';
import { unchangedRead } from '@/lib/server/unchanged-read';
import { query, UnexpectedError } from '@/lib/server/verb';
import { readAlerts } from '@/lib/store/alerts/read-alerts';
import { readConnections } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { countDrift } from '@/lib/store/drift/count-drift';
import { findDrift } from '@/lib/store/drift/find-drift';
import { listDrifted } from '@/lib/store/drift/list-drifted';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { readOpenRequests } from '@/lib/store/plans/read-requests';
import { openRuns } from '@/lib/store/runs/load-run';
import { readDiverted } from '@/lib/store/runs/read-diverted';
import { webProcess } from '@/lib/store/web-process';
import { withinMs } from '@/lib/timing/within-ms';
import { addRequests, listNeeds } from './list-needs';
import { readChecklist } from './read-checklist';
import { viewHealth } from './view-health';
import { viewRunning } from './view-running';

/** A slower part is left out: the page gives a quick overview, and the next read includes it. */
const partWithinMs = 5000;

/**
 * Reads one part of the page. A failure affects only this part: the page shows an error code, and the log has the error
 * under it.
 */
async function readPart<T>(name: string, read: () => Promise<T>): Promise<PartView<T>> {
  try {
    return { value: await withinMs(read(), partWithinMs, `${name} was not read`), code: null };
  } catch (err) {
    const code = err instanceof UnexpectedError ? err.digest : randomUUID().slice(0, 8);
    webProcess().log.error({ err, code, part: name }, 'a part of the overview could not be read');
    return { value: null, code };
  }
}

/** Runs in progress. Those that wait for prewarm are upcoming, and stopped ones need an operator. */
const isUnderWay = (state: RunState) => state !== 'scheduled' && liveStates.includes(state);

async function readRunning(db: Database, sight: Sight | null): Promise<readonly RunningView[]> {
  const views = (await openRuns(db))
    .filter(({ id }) => sight === null || sight.runs.has(id))
    .map(foldRun)
    .filter(({ state, cutover }) => isUnderWay(state) && !(state === 'queued' && cutover !== null));
  if (views.length === 0) return [];
  const rows = await db
    .select({ runId: runs.id, diversionId: plans.diversionId, connectionName: connections.name })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .innerJoin(connections, eq(connections.id, plans.connectionId))
    .where(
      inArray(
        runs.id,
        views.map(({ id }) => id),
      ),
    );
  return views.map((view) => {
    const row = rows.find(({ runId }) => runId === view.id);
    invariant(row !== undefined, 'a run belongs to a plan, and that to a diversion');
    return viewRunning(view, row);
  });
}

const upcomingShown = 5;

/** Returns the cutovers with a T0 in the future, the next one first. */
function pickUpcoming({ cutovers, now }: ScheduleView): readonly UpcomingView[] {
  return cutovers
    .filter(({ state, cutover }) => waitsForT0(state) && cutover.t0 > now)
    .map(({ runId, planId, name, connectionName, state, approvals, prewarmAt, cutover, problems }) => ({
      runId,
      planId,
      name,
      connectionName,
      state,
      approvals,
      prewarmAt,
      cutover: { t0: cutover.t0, t1: cutover.t1, zone: cutover.zone },
      problems: problems.length,
    }));
}

async function readHealth(db: Database, sight: Sight | null): Promise<HealthOverview> {
  const [all, ends, probed] = await Promise.all([
    readConnections(),
    db.select().from(syncs),
    db
      .select({
        id: switches.id,
        diversion: switches.diversion,
        policy: switches.policy,
        rounds: switches.rounds,
      })
      .from(switches)
      .orderBy(asc(switches.id)),
  ]);
  const known = all.filter(
    ({ id }) => sight === null || maySee(sight.access, 'overview.get', { connectionId: id }),
  );
  const rows = probed.filter(({ id }) => sight === null || sight.switches.has(id));
  const views = known.map(async ({ id, name, kind }): Promise<ConnectionHealthView> => {
    const newest = await newestSnapshot(db, id);
    const estate = newest && sight ? seeEstate(sight, 'overview.get', newest) : newest;
    const end = ends.find(({ connectionId }) => connectionId === id);
    const failedSync =
      end?.state === 'failed'
        ? {
            at: (end.finishedAt ?? end.startedAt).toISOString(),
            code: end.error?.code ?? '',
            requestId: end.error?.requestId ?? null,
          }
        : null;
    const nothing = {
      readAt: null,
      targets: { alive: 0, dead: 0, unknown: 0, unchecked: 0, unread: 0 },
      failing: [],
      failingTotal: 0,
      functions: { ready: 0, notReady: [] },
      balancersDown: [],
    };
    return {
      connection: { id, name, kind },
      failedSync,
      ...(estate === null ? nothing : viewHealth(estate)),
    };
  });
  return {
    connections: await Promise.all(views),
    switches: rows.map(
      ({ id, diversion, policy, rounds }): SwitchProbesView => ({
        switchId: id,
        domain: movedDomain(diversion),
        failing: failingVantages(policy, rounds),
        vantages: policy.vantages.length,
        at: rounds.at(-1)?.at ?? null,
      }),
    ),
  };
}

async function readTraffic(db: Database, sight: Sight | null): Promise<readonly TrafficRowView[]> {
  const diverted = (await readDiverted(db)).filter(({ runId }) => sight === null || sight.runs.has(runId));
  if (diverted.length === 0) return [];
  const { SPILLWAY_TRAFFIC_S: everyS } = webProcess().settings;
  const rows = await db
    .select()
    .from(diversionTraffic)
    .where(
      inArray(
        diversionTraffic.diversionId,
        diverted.map(({ diversionId }) => diversionId),
      ),
    );
  return diverted.map(({ diversionId, runId, name, connectionName, state, domains }): TrafficRowView => {
    const stored = rows.find((row) => row.diversionId === diversionId);
    const error = stored?.error ?? null;
    const isMissing = stored === undefined || stored.points.length === 0;
    return {
      diversionId,
      runId,
      name,
      connectionName,
      state,
      domains,
      points: stored?.points ?? [],
      why: everyS === 0 ? 'off' : error !== null ? 'error' : isMissing ? 'notYet' : null,
      error: error && { code: error.code, message: error.message, requestId: error.requestId },
    };
  });
}

/** Counts drifted objects by connection, of those that someone may see. */
async function countSeenDrift(db: Database, sight: Sight | null): Promise<Readonly<Record<string, number>>> {
  if (sight === null) return countDrift(db);
  const known = (await readConnections()).filter(({ id }) =>
    maySee(sight.access, 'overview.get', { connectionId: id }),
  );
  const counts = known.map(async ({ id }) => {
    const drifted = listDrifted((await findDrift(db, id))?.watched ?? []);
    const seen = drifted.filter(({ object }) => maySeeObject(sight.access, 'overview.get', object, id));
    return [id, seen.length] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** Returns the checklist without links to what someone may not see. */
function limitChecklist(checklist: ChecklistView, sight: Sight | null): ChecklistView {
  if (sight === null) return checklist;
  const { connectionId, splitRunId } = checklist;
  const mayOpen = connectionId !== null && maySee(sight.access, 'overview.get', { connectionId });
  return {
    ...checklist,
    connectionId: mayOpen ? connectionId : null,
    routeNode: null,
    splitRunId: splitRunId !== null && sight.runs.has(splitRunId) ? splitRunId : null,
  };
}

/** @param sight what the reader may see; null = everything */
async function readOverview(sight: Sight | null): Promise<OverviewView> {
  const { db } = (await serverContext()).database;
  const [worker, alerts, diversions, schedule, drift, health, background, running, traffic, checklist] =
    await Promise.all([
      readPart('worker', () => findWorker(db)),
      readPart('alerts', async () => limitAlerts(await readAlerts(db), sight)),
      readPart('diversions', () => readDiversions(db, sight)),
      readPart('schedule', async () => limitSchedule(await readSchedule(), sight)),
      readPart('drift', () => countSeenDrift(db, sight)),
      readPart('health', () => readHealth(db, sight)),
      readPart('background', () => countProblems(db)),
      readPart('running', () => readRunning(db, sight)),
      readPart('traffic', () => readTraffic(db, sight)),
      readPart('checklist', async () => limitChecklist(await readChecklist(db), sight)),
    ]);
  const needed = { worker, alerts, diversions, schedule, drift, health, background, running };
  const parts = [...Object.values(needed), traffic, checklist];
  // If every part failed, the response would replace the browser's data by nothing.
  if (parts.every(({ code }) => code !== null)) throw new Error('no part of the overview could be read');
  const names = new Map(
    (health.value?.connections ?? []).map(({ connection }) => [connection.id, connection.name]),
  );
  const upcoming = schedule.value === null ? null : pickUpcoming(schedule.value);
  return {
    now: new Date().toISOString(),
    needs: listNeeds(needed, names),
    running,
    upcoming:
      upcoming === null
        ? { value: null, code: schedule.code ?? '' }
        : { value: { cutovers: upcoming.slice(0, upcomingShown), total: upcoming.length }, code: null },
    traffic,
    health,
    checklist,
    isFresh: diversions.value === null ? null : diversions.value.length === 0,
  };
}

const readWholeOverview = unchangedRead(() => readOverview(null));

/** Reads the open requests to an actor. Without sign-in, everyone is the user of this machine. */
async function readOwnRequests({ name, accountId }: Actor): Promise<readonly RequestedApproval[]> {
  const open = await readOpenRequests((await serverContext()).database.db);
  return open.filter(({ asked }) => asked.includes(name) || accountId === null);
}

/** Returns the start page, over all connections that the actor may see. An unreadable part is marked, and the rest is returned. */
export const getOverview = query('overview.get', z.void(), 'all', async (_input, actor) => {
  const sight = await readSight((await serverContext()).database.db, actor, 'overview.get');
  const [overview, requests] = await Promise.all([
    sight === null ? readWholeOverview() : readOverview(sight),
    readPart('requests', () => readOwnRequests(actor)),
  ]);
  return { ...overview, needs: addRequests(overview.needs, requests) };
});
