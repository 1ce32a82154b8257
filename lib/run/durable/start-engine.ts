import { DBOS, DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { isDatabaseReadOnly } from '@/lib/database-away';
import type { Inbox, Once, RunMessage } from '../steps/ports';
import { openEnginePool } from './engine-pool';
import { migrateEngine } from './migrate-engine';
import { delayWaiting } from './recovery';
import {
  applicationName,
  controlTopic,
  type DeployJob,
  engineVersion,
  type FunctionChangeJob,
  type FunctionReadingJob,
  queues,
  type RehearsalJob,
  type RunJob,
  type SyncJob,
  type TestInvocationJob,
  type TrafficHistoryJob,
  type TrafficJob,
  workKinds,
} from './work';

/**
 * Tracks the recovery of runs that an earlier process of a worker had started: which of them have resumed in this
 * process.
 */
type Claim = {
  /** Records that a run has resumed; other runs are ignored. */
  resumed(id: string | undefined): void;
  /**
   * Resolves once all of them have resumed, or after `ms`.
   * @returns the number that had not by then
   */
  within(ms: number): Promise<number>;
};

/** @param ids the workflow ids of the runs to recover */
export function createClaim(ids: readonly string[]): Claim {
  const left = new Set(ids);
  let onLast = () => {};
  return {
    resumed(id) {
      if (id !== undefined && left.delete(id) && left.size === 0) onLast();
    },
    within: (ms) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(bound);
          resolve(left.size);
        };
        const bound = setTimeout(end, ms);
        onLast = end;
        if (left.size === 0) end();
      }),
  };
}

/** Runs a step and records its result; a replay returns the recorded result. */
const once: Once = (name, fn) => DBOS.runStep(fn, { name });

/**
 * The same for a run that may be recovered: a step that runs, instead of being replayed, shows that the run has
 * resumed.
 */
const createOnce =
  (claim: Claim): Once =>
  (name, fn) => {
    const id = DBOS.workflowID;
    return once(name, () => {
      claim.resumed(id);
      return fn();
    });
  };

/**
 * The engine converts a deadline into a duration that starts after two database queries. A wait therefore ends late by
 * that time, about 100 ms when many runs start to wait at once. So the engine waits until shortly before the instant,
 * and the clock covers the rest, which has already passed on replay.
 */
const waitedByClockMs = 500;
/**
 * Messages wake a wait. In case the connection that brings them is lost, the engine also looks for them at an interval,
 * by default each 10 s: 1,000 waiting runs would then cost more than a point of the processor. Long waits look less often.
 */
const longWait = { fromMs: 120_000, pollingMs: 30_000 };

async function listenUntil(until: Date): Promise<RunMessage | null> {
  const early = await DBOS.recv<RunMessage>(controlTopic, {
    deadlineEpochMS: until.getTime() - waitedByClockMs,
    ...(until.getTime() - Date.now() < longWait.fromMs ? {} : { pollingIntervalMs: longWait.pollingMs }),
  });
  if (early !== null) return early;
  for (let leftMs = until.getTime() - Date.now(); leftMs > 0; leftMs = until.getTime() - Date.now())
    await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, waitedByClockMs)));
  // A message that arrived in between.
  return DBOS.recv<RunMessage>(controlTopic, { timeoutSeconds: 0 });
}

const createInbox = (claim: Claim): Inbox => ({
  take(until) {
    if (until === null) return DBOS.recv<RunMessage>(controlTopic, { timeoutSeconds: 0 });
    if (until.getTime() > Date.now()) claim.resumed(DBOS.workflowID);
    return listenUntil(until);
  },
});

/** Each poll is a transaction. Operators wait for runs; for other work, a quarter of a second is fast enough. */
const pollingIntervalMs = { runs: 100, others: 250 };
/** Includes runs that only wait for their instants, which cost almost nothing: beyond the limit, no run would start. */
const runsAtOnceMax = 100_000;
const choresAtOnceMax = 4;
/** A worker that crashes repeatedly must not strand a run, as the default (100) would. */
const recoveryAttemptsMax = 1_000_000;
/** The engine's default: https://docs.dbos.dev/typescript/reference/configuration */
const poolMax = 10;
/** Some 300 ms for a hundred runs. */
const claimWithinMs = 10_000;
/** The engine makes four sequential database queries before it waits for a message; one spare. */
const lookUpsBeforeWait = 5;

export type EngineHandlers = {
  /**
   * Must not throw for any problem of a run: the run is stopped instead. Throws if the database only reads for now, because
   * then nothing can be recorded.
   */
  run(job: RunJob, engine: { readonly inbox: Inbox; readonly once: Once }): Promise<void>;
  sync(job: SyncJob): Promise<void>;
  deploy(job: DeployJob): Promise<void>;
  traffic(job: TrafficJob): Promise<void>;
  testInvocation(job: TestInvocationJob): Promise<void>;
  functionReading(job: FunctionReadingJob): Promise<void>;
  functionChange(job: FunctionChangeJob): Promise<void>;
  trafficHistory(job: TrafficHistoryJob): Promise<void>;
  rehearsal(job: RehearsalJob): Promise<void>;
};

export type EngineLog = {
  debug(message: unknown): void;
  warn(message: unknown): void;
  error(message: unknown): void;
};

/** Returns whether an error means that another worker has recovered the work. */
export function isTakenOver(error: unknown): boolean {
  return error instanceof DBOSWorkflowConflictError;
}

/**
 * Returns the workflow ids of the unfinished runs that an earlier process of a worker had started, and delays those that
 * can resume later.
 */
async function runsLeftBy(
  executorId: string,
  databaseUrl: string,
  listWaiting: () => Promise<readonly RunJob[]>,
): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    await delayWaiting(client, executorId, await listWaiting());
    const { rows } = await client.query<{ id: string }>(
      `select workflow_uuid as id from dbos.workflow_status
       where status = 'PENDING' and name = 'run' and executor_id = $1 and application_name = $2 and application_version = $3`,
      [executorId, applicationName, engineVersion],
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

/**
 * Starts the engine in a worker process: listens to the queues, and recovers the work of an earlier process of this
 * worker.
 * @param executorId stable per worker, so that recovery at the start is immediate
 * @returns a promise to await before the worker reports ready: it resolves when those runs have resumed. The engine
 * only re-queues them before it reports that it is up, so an instant in between is met late
 */
export async function startEngine(options: {
  databaseUrl: string;
  executorId: string;
  handlers: EngineHandlers;
  log: EngineLog;
  /**
   * Ends the process, because the database only reads for now: the engine would record an interrupted run as failed, and
   * nothing would roll it back at T1. The next process waits for the database, and recovers the run.
   */
  onReadOnly(): Promise<never>;
  /** Returns the runs that wait and can resume once the worker is ready, nearest first. */
  listWaiting(): Promise<readonly RunJob[]>;
}): Promise<{ untilRecovered(): Promise<void> }> {
  const { databaseUrl, executorId, handlers, log, onReadOnly, listWaiting } = options;
  const config = { maxRecoveryAttempts: recoveryAttemptsMax };
  await migrateEngine(databaseUrl);
  const left = await runsLeftBy(executorId, databaseUrl, listWaiting);
  const claim = createClaim(left);
  const own = { inbox: createInbox(claim), once: createOnce(claim) };
  DBOS.setConfig({
    name: applicationName,
    systemDatabaseUrl: databaseUrl,
    systemDatabasePool: openEnginePool(databaseUrl, poolMax),
    executorID: executorId,
    applicationVersion: engineVersion,
    runMigrations: false,
    logger: {
      // The engine's start messages name the database, so they are kept out of the regular log.
      info: (entry) => log.debug(entry),
      warn: (entry) => log.warn(entry),
      error: (entry) => log.error(entry),
      debug: () => undefined,
    },
  });
  const run = async (job: RunJob) => {
    await handlers.run(job, own).catch((error: unknown) => {
      if (isDatabaseReadOnly(error)) return onReadOnly();
      throw error;
    });
    claim.resumed(DBOS.workflowID);
  };
  DBOS.registerWorkflow(run, { name: 'run', ...config });
  for (const kind of workKinds) {
    if (kind === 'run') continue;
    // A single step: restarted work starts from its beginning, using its own records.
    DBOS.registerWorkflow((job: never) => once(kind, () => handlers[kind](job)), { name: kind, ...config });
  }
  await DBOS.launch();
  await DBOS.registerQueue(queues.run, {
    minPollingIntervalMs: pollingIntervalMs.runs,
    workerConcurrency: runsAtOnceMax,
  });
  const pace = { minPollingIntervalMs: pollingIntervalMs.others };
  for (const queue of [queues.deploy, queues.testInvocation, queues.functionChange])
    await DBOS.registerQueue(queue, { ...pace, workerConcurrency: choresAtOnceMax });
  // Each keeps a core busy.
  for (const queue of [queues.rehearsal, queues.drill])
    await DBOS.registerQueue(queue, { ...pace, workerConcurrency: 1 });
  // One at a time per connection, so that a snapshot is never older than the previous one.
  await DBOS.registerQueue(queues.sync, {
    ...pace,
    workerConcurrency: choresAtOnceMax,
    partitionConcurrency: 1,
  });
  return {
    async untilRecovered() {
      const strays = await claim.within(claimWithinMs);
      if (strays > 0) log.warn(`${strays} runs of the worker's earlier process have not resumed yet`);
      // A run that has just started to wait still queries the database; this query is ordered after that, each time.
      const [first] = left;
      for (let time = 0; first !== undefined && time < lookUpsBeforeWait; time += 1)
        await DBOS.getEvent(first, 'nothing', { timeoutSeconds: 0 });
    },
  };
}
