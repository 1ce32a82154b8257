import 'server-only';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { RateBudgets } from '@/lib/cloud/rate-budgets';
import { type Database, openDatabase } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { invariant } from '@/lib/invariant';
import { createLog } from '@/lib/log/log';
import { connectEngine } from '@/lib/run/durable/connect-engine';
import { takeLease } from '@/lib/run/durable/lease';
import { reaperRound, startReaper } from '@/lib/run/durable/reaper';
import { createRecovery } from '@/lib/run/durable/recovery';
import { type EngineHandlers, startEngine } from '@/lib/run/durable/start-engine';
import { engineVersion } from '@/lib/run/durable/work';
import { publicUrl, type Settings } from '@/lib/settings';
import { coalesce, createChangeFeed } from '@/lib/store/change-feed';
import { provideServerContext } from '@/lib/store/context';
import { createKeyRing } from './added-connections/key-ring';
import { startConnections, storedConnectionRounds } from './added-connections/load-stored';
import { connectionTestRounds } from './added-connections/test-connections';
import { startAlerts } from './alerts/watch-alerts';
import { type ConnectionRegistry, createConnectionRegistry } from './connections/connection-registry';
import { createConnections, readSandboxLine } from './connections/connections';
import { createMeasures, type Measures } from './connections/measures';
import { createRateLedger } from './connections/rate-ledger';
import { storeConnections } from './connections/store-connections';
import { workerSecrets } from './connections/worker-secrets';
import { carryOutChange } from './functions/carry-out-change';
import { deployStoredFunction } from './functions/deploy-function';
import { readStoredPart } from './functions/read-stored-part';
import { runTestInvocation } from './functions/run-test-invocation';
import { readStoredHistory } from './histories/read-stored-history';
import { createFaultPoint } from './loop/fault-point';
import { startHeartbeat } from './loop/heartbeat';
import { startRetention } from './loop/retention';
import { type WorkLoop, workLoop } from './loop/work-loop';
import { yieldToRuns } from './loop/yield-to-runs';
import { startRecurrences } from './recurrences/watch-recurrences';
import { rehearseInChild } from './rehearsals/rehearse-in-child';
import { runRehearsal } from './rehearsals/run-rehearsal';
import { measureTraffic } from './runs/measure-traffic';
import { listFarRuns, recheckWaiting } from './runs/recheck-waiting';
import { runPlan } from './runs/run-plan';
import { startSamplingRuns } from './runs/sample-runs';
import { startWatchingDiverted } from './runs/watch-diverted';
import { startWatchingResolvers } from './runs/watch-resolvers';
import { startWatchingSwitches } from './switches/watch-switches';
import { startBackgroundSync } from './sync/background-sync';
import { syncEstate } from './sync/sync-estate';

/** A sync tells its progress several times a second. */
const recheckEveryMs = 1000;

/** EX_SOFTWARE: the supervisor starts a new process. */
const restartExitCode = 70;

/**
 * Starts a process that makes cloud calls: runs, syncs and deployments. Any number of them share a database, each under
 * its own name; a worker restarted under the same name recovers its runs at once. It needs no graceful shutdown: the
 * engine handles a crash at any moment.
 * @param environment contains the keys, which are passed only to the adapter
 * @param programs the paths of the programs that it starts
 */
export async function startWorker(
  settings: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  programs: { readonly rehearsalProgram: string },
): Promise<void> {
  const databaseUrl = settings.DATABASE_URL;
  invariant(databaseUrl !== undefined, 'the launcher gives the worker its database');
  const sandbox = readSandboxLine(environment.SPILLWAY_SANDBOX);
  const connections = createConnections(settings, sandbox);
  const secrets = new Set(workerSecrets(settings, connections));
  const log = createLog('worker', settings.SPILLWAY_LOG_LEVEL, { secrets });
  const worker = settings.SPILLWAY_WORKER_NAME ?? hostname();
  const who = { worker, version: engineVersion };
  const lease = await takeLease(databaseUrl, who, {
    onWaiting: (what) =>
      log.warn(
        what === 'database'
          ? 'the database does not answer; waiting for it'
          : `a worker named "${worker}" runs already; waiting for its end (SPILLWAY_WORKER_NAME gives this one its own name)`,
      ),
    onLost: () => {
      log.error('the lease on the database is lost; stopping so that no second worker overlaps');
      process.exit(restartExitCode);
    },
  });

  const database = openDatabase(databaseUrl, (error) =>
    log.warn({ err: error }, 'a database connection broke'),
  );
  const { db } = database;
  await reconnecting(() => storeConnections(db, connections));
  const measures = createMeasures(worker);
  const rates = new RateBudgets({
    now: () => new Date(),
    ledger: createRateLedger(db, worker),
    onLedger: (err) =>
      err === null
        ? log.info('rate limits are shared with other workers again')
        : log.warn({ err }, 'rate limits can not be shared with other workers; using an even part of them'),
  });
  const cloud = { now: () => new Date(), log, rates, onCall: measures.call };
  const clouds = createConnectionRegistry({ db, ...cloud });
  for (const connection of connections) clouds.put(connection);
  const { getCloud, getProber, has } = clouds;
  const keys = createKeyRing(settings);
  const historyDays = settings.SPILLWAY_HISTORY_DAYS;

  const client = await connectEngine(databaseUrl);
  const sync = (connectionId: string) => client.enqueueSync({ connectionId });
  const loops = createLoops(log);
  const loadStored = storedConnectionRounds({
    db,
    keys,
    registry: clouds,
    sandbox,
    cloud,
    loop: loops.connections,
    hide: (values) => {
      for (const value of values) secrets.add(value);
    },
    onReady: sync,
  });
  // Before the engine resumes runs, which may use them. No cloud may delay that.
  await reconnecting(() => loadStored('start'));
  const listWaiting = () => listFarRuns(db);
  const { untilRecovered } = await startEngine({
    databaseUrl,
    executorId: worker,
    log,
    listWaiting: () => reconnecting(listWaiting),
    onReadOnly: () => {
      log.error('the database only reads for now; stopping, so that the next process continues the runs');
      return process.exit(restartExitCode);
    },
    handlers: createHandlers({ db, settings, log, measures, clouds, sync, loadStored, ...programs }),
  });
  startConnections(loadStored, (err) => log.debug({ err }, 'a round of connections failed'));
  startConnections(
    connectionTestRounds({
      db,
      registry: clouds,
      lease,
      loop: loops.connectionTests,
      now: () => new Date(),
    }),
    (err) => log.debug({ err }, 'a round of connection tests failed'),
  );
  const recover = reaperRound(lease, createRecovery(database.pool, listWaiting), who, log);
  const recoverAll = () => recover().then(() => true);
  startReaper(() => loops.recovery.each(['runs of other workers'], String, recoverAll), log);
  startWatchingSwitches({
    loop: loops.switches,
    db,
    pool: database.pool,
    lease,
    engine: client,
    cloudOf: getCloud,
    log,
    proberOf: getProber,
    has,
    keepAliveS: settings.SPILLWAY_KEEP_ALIVE_S,
    maxSharePercent: settings.SPILLWAY_MAX_SHARE_PERCENT,
  });
  for (const { connection } of connections) await sync(connection.id);
  startBackgroundSync(
    {
      loop: loops.sync,
      db,
      lease,
      cloudOf: getCloud,
      historyDays,
      log,
      now: () => new Date(),
      connectionIds: clouds.ids,
      paces: { partsS: settings.SPILLWAY_SYNC_PARTS_S, wholeS: settings.SPILLWAY_SYNC_WHOLE_S },
    },
    yieldToRuns(db, () => new Date()),
  );
  startMeasurements(loops, { db, lease, settings, log, clouds });
  provideServerContext({ settings, database, engine: client });
  const recheck = recheckWaiting(db, client);
  const rechecks = coalesce((changes) => {
    recheck(changes).catch((err: unknown) =>
      log.warn({ err }, 'waiting runs were not checked again after a change'),
    );
  }, recheckEveryMs);
  createChangeFeed(databaseUrl, log).subscribe({
    owner: null,
    notify: (changes) => changes.forEach(rechecks.push),
    end: rechecks.stop,
  });
  startRecurrences({
    loop: loops.recurrences,
    lease,
    now: () => new Date(),
    mustYield: yieldToRuns(db, () => new Date()),
    onError: (err) => log.debug({ err }, 'a round of recurrences failed'),
  });
  startAlerts({
    loops: { searches: loops.alertSearches, ends: loops.alertEnds, channels: loops.alertChannels },
    db,
    lease,
    keys,
    privateHosts: settings.SPILLWAY_ALERT_PRIVATE_HOSTS ?? [],
    baseUrl: publicUrl(settings),
    linkKey: settings.SPILLWAY_SIGN_IN === 'on' ? settings.SPILLWAY_LINK_KEY : undefined,
    keptDays: settings.SPILLWAY_JOURNAL_DAYS,
    now: () => new Date(),
    onError: (err) => log.warn({ err }, 'a round of alerts failed'),
  });
  startRetention(loops.retention, { database, days: settings.SPILLWAY_JOURNAL_DAYS, measures, log });
  const onError = (err: unknown) => log.debug({ err }, 'a sign of life could not be written');
  const problems = () => Object.values(loops).flatMap((loop) => loop.problems());
  await startHeartbeat({ db, worker, engineVersion, measures, problems, onError });
  await untilRecovered();
}

function createLoops(log: Logger) {
  return {
    recovery: workLoop('recovery', { log }),
    switches: workLoop('switches', { log }),
    sync: workLoop('sync', { log }),
    retention: workLoop('retention', { log }),
    traffic: workLoop('traffic', { log }),
    probes: workLoop('probes', { log }),
    resolvers: workLoop('resolvers', { log }),
    recurrences: workLoop('recurrences', { log }),
    alertSearches: workLoop('alertSearches', { log }),
    alertEnds: workLoop('alertSearches', { log }),
    alertChannels: workLoop('alerts', { log }),
    connections: workLoop('connections', { log }),
    connectionTests: workLoop('connections', { log }),
  };
}

type MeasurementDeps = Pick<HandlerDeps, 'db' | 'settings' | 'log' | 'clouds'> & {
  readonly lease: Awaited<ReturnType<typeof takeLease>>;
};

/** Starts the rounds that measure diverted traffic, those that probe runs, and those that ask resolvers about them. */
function startMeasurements(
  loops: Readonly<Record<'traffic' | 'probes' | 'resolvers', WorkLoop>>,
  { db, lease, settings, log, clouds: { getCloud, getProber, getResolvers, has } }: MeasurementDeps,
): void {
  const deps = { db, lease, cloudOf: getCloud, has, now: () => new Date() };
  startWatchingDiverted({
    ...deps,
    loop: loops.traffic,
    everyS: settings.SPILLWAY_TRAFFIC_S,
    onError: (err) => log.debug({ err }, 'a round of traffic measurements failed'),
  });
  startSamplingRuns({
    ...deps,
    loop: loops.probes,
    proberOf: getProber,
    everyS: settings.SPILLWAY_PROBE_S,
    afterS: settings.SPILLWAY_PROBE_AFTER_S,
    keepAliveS: settings.SPILLWAY_KEEP_ALIVE_S,
    log,
    onError: (err) => log.debug({ err }, 'a round of probes failed'),
  });
  startWatchingResolvers({
    db,
    lease,
    has,
    now: deps.now,
    loop: loops.resolvers,
    resolversOf: getResolvers,
    everyS: settings.SPILLWAY_PROBE_S,
    onError: (err) => log.debug({ err }, 'a round of resolvers failed'),
  });
}

type HandlerDeps = {
  readonly db: Database;
  readonly settings: Settings;
  readonly log: Logger;
  readonly measures: Measures;
  readonly clouds: ConnectionRegistry;
  readonly sync: (connectionId: string) => Promise<void>;
  /** Uses the connections that were added since the last time. */
  readonly loadStored: () => Promise<void>;
  readonly rehearsalProgram: string;
};

/** Returns the handler of each kind of queued work. */
function createHandlers(handlers: HandlerDeps): EngineHandlers {
  const { db, settings, log, measures, clouds, sync, loadStored } = handlers;
  const deps = { db, cloudOf: clouds.getCloud, historyDays: settings.SPILLWAY_HISTORY_DAYS };
  /** Logs an internal error with the id of the work. */
  const logAs = (message: string, name: string) => (err: unknown, id: string) =>
    log.error({ err, [name]: id }, message);
  return {
    run: runPlan({
      db,
      cloudOf: clouds.getCloud,
      proberOf: clouds.getProber,
      faultPoint: createFaultPoint(settings),
      log,
      measures,
      sync,
      keepAliveS: settings.SPILLWAY_KEEP_ALIVE_S,
      probeEveryS: settings.SPILLWAY_PROBE_S,
    }),
    sync: async ({ connectionId }) => {
      // Another worker may have requested the sync of a connection that this one has not seen yet.
      if (!clouds.has(connectionId)) await loadStored();
      await syncEstate(
        { ...deps, onError: logAs('a sync met an error of our own', 'connectionId') },
        connectionId,
      );
    },
    deploy: ({ deploymentId }) =>
      deployStoredFunction(
        { ...deps, onError: logAs('a deployment met an error', 'deploymentId') },
        deploymentId,
      ),
    traffic: ({ planId }) =>
      measureTraffic(
        {
          ...deps,
          now: () => new Date(),
          onError: logAs('the traffic of a plan could not be measured', 'planId'),
        },
        planId,
      ),
    testInvocation: ({ testInvocationId }) =>
      runTestInvocation(
        { ...deps, onError: logAs('a test invocation met an error', 'testInvocationId') },
        testInvocationId,
      ),
    functionReading: (job) =>
      readStoredPart(
        {
          ...deps,
          onError: (err, of) => log.error({ err, ...of }, 'a reading of a function met an error'),
        },
        job,
      ),
    trafficHistory: (job) =>
      readStoredHistory(
        {
          ...deps,
          onError: (err, of) => log.error({ err, ...of }, 'past requests could not be read'),
        },
        job,
      ),
    functionChange: ({ changeId }) =>
      carryOutChange(
        { ...deps, onError: logAs('a change of a function met an error', 'changeId') },
        changeId,
      ),
    rehearsal: ({ rehearsalId }) =>
      runRehearsal(
        {
          db,
          rehearse: rehearseInChild(handlers.rehearsalProgram),
          onError: logAs('a rehearsal ended without a report', 'rehearsalId'),
        },
        rehearsalId,
      ),
  };
}
