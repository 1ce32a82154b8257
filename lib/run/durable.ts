import { randomUUID } from 'node:crypto';
import { DBOS, DBOSClient, DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk';
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import pg from 'pg';
import { invariant } from '@/lib/invariant';
import type { Inbox, Once, RunMessage } from './ports';
import { type TakeUp, takeUpOf } from './take-up';

/*
 * The only file that knows the durable engine (DBOS Transact, state in our own Postgres).
 * Web processes are clients: they enqueue and send messages. Worker processes, any number of them, run the work.
 *
 * The engine gives each execution an owner: one that lost its work to another can record nothing any more. What it lacks
 * for several workers is to notice that one is gone: `lease.ts` and `reaper.ts` do, by what `recoveryOf` offers.
 */

const applicationName = 'spillway';
/**
 * Work in flight is replayed step by step, so only workers of the same version take it over. A whole number: raise it
 * with every change to what the handlers do between two recorded steps, or to the order of those. Work of an older
 * version goes on there as long as a worker of that version runs, and then here, from its beginning: the handlers know
 * by their own records what has been done.
 */
export const engineVersion = '5';
/** Any fixed number: processes that start together prepare the engine's tables one after the other. */
const migrationLock = 7_410_003;
const migrationPauseMs = 100;
/**
 * Runs have a queue of their own, so that no sync can keep a cutover waiting; and so have syncs, one per connection, and
 * trials, each of which may take minutes.
 */
const queues = { run: 'runs', sync: 'syncs', deploy: 'chores', traffic: 'chores', trial: 'trials' } as const;
const pollingIntervalMs = 100;
/** Runs that wait for their instants count too, and cost next to nothing. */
const runsAtOnceMax = 1000;
const choresAtOnceMax = 4;
const controlTopic = 'control';
/** A worker that falls again and again must not strand a run: the default (100) would. */
const recoveryAttemptsMax = 1_000_000;
/** Some 300 ms for a hundred runs. */
const takeUpWithinMs = 10_000;
/** Before the engine waits for a message it asks its database four things, one after the other. One to spare. */
const lookUpsBeforeWait = 5;

export type RunJob = { readonly runId: string; readonly attempt: number };
export type SyncJob = { readonly connectionId: string };
export type DeployJob = { readonly deploymentId: string };
export type TrafficJob = { readonly planId: string };
export type TrialJob = { readonly trialId: string };

export type EngineHandlers = {
  /** Must not throw for anything that a run can meet: it holds instead. */
  run(job: RunJob, engine: { readonly inbox: Inbox; readonly once: Once }): Promise<void>;
  sync(job: SyncJob): Promise<void>;
  deploy(job: DeployJob): Promise<void>;
  traffic(job: TrafficJob): Promise<void>;
  trial(job: TrialJob): Promise<void>;
};

export type EngineLog = {
  debug(message: unknown): void;
  warn(message: unknown): void;
  error(message: unknown): void;
};

const once: Once = (name, fn) => DBOS.runStep(fn, { name });

/** The same for a run that may be taken up: a step that is not only read back shows that it goes on. */
const onceOf =
  (takeUp: TakeUp): Once =>
  (name, fn) => {
    const id = DBOS.workflowID;
    return once(name, () => {
      takeUp.goesOn(id);
      return fn();
    });
  };

/**
 * The engine turns a deadline into a duration, and counts that from when its database has answered twice: for as long as
 * that takes, some 100 ms where many runs begin to wait at once, a wait ends too late. So it waits until a little before
 * the instant, and the rest is waited by the clock: a wait that is replayed finds it gone by.
 */
const waitedByClockMs = 500;

async function listenUntil(until: Date): Promise<RunMessage | null> {
  const early = await DBOS.recv<RunMessage>(controlTopic, {
    deadlineEpochMS: until.getTime() - waitedByClockMs,
  });
  if (early !== null) return early;
  for (let leftMs = until.getTime() - Date.now(); leftMs > 0; leftMs = until.getTime() - Date.now())
    await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, waitedByClockMs)));
  // What was said in between.
  return DBOS.recv<RunMessage>(controlTopic, { timeoutSeconds: 0 });
}

const inboxOf = (takeUp: TakeUp): Inbox => ({
  take(until) {
    if (until === null) return DBOS.recv<RunMessage>(controlTopic, { timeoutSeconds: 0 });
    if (until.getTime() > Date.now()) takeUp.goesOn(DBOS.workflowID);
    return listenUntil(until);
  },
});

/** Whether an error says that another worker has taken over what this one was about. */
export function isTakenOver(error: unknown): boolean {
  return error instanceof DBOSWorkflowConflictError;
}

/**
 * Creates or brings up to date the engine's own tables; one process at a time, which the engine doesn't see to. It asks
 * for its turn instead of waiting inside of a statement: indexes can't be built while one waits.
 */
async function migrateEngine(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // Whoever waits for an answer hears of a connection that breaks.
  client.on('error', () => {});
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query('select pg_try_advisory_lock($1) as ok', [migrationLock]);
      if (rows[0].ok) break;
      await new Promise((resolve) => setTimeout(resolve, migrationPauseMs));
    }
    await DBOS.migrate(databaseUrl);
  } finally {
    await client.end();
  }
}

/** The workflow ids of the runs that an earlier life of a worker had begun and not ended. */
async function runsLeftBy(executorId: string, databaseUrl: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  try {
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
 * Starts the engine in a worker process: listens to the queues, and takes up what an earlier life of this worker left.
 * Resolves when those runs go on: the engine itself only puts them back into their queue before it says that it is up,
 * and an instant that came between the two would be met late by a worker that called itself ready.
 * @param executorId stable per worker, so that recovery at the start is immediate.
 */
export async function startEngine(options: {
  databaseUrl: string;
  executorId: string;
  handlers: EngineHandlers;
  log: EngineLog;
}): Promise<void> {
  const { databaseUrl, executorId, handlers, log } = options;
  const config = { maxRecoveryAttempts: recoveryAttemptsMax };
  await migrateEngine(databaseUrl);
  const left = await runsLeftBy(executorId, databaseUrl);
  const takeUp = takeUpOf(left);
  const own = { inbox: inboxOf(takeUp), once: onceOf(takeUp) };
  DBOS.setConfig({
    name: applicationName,
    systemDatabaseUrl: databaseUrl,
    executorID: executorId,
    applicationVersion: engineVersion,
    runMigrations: false,
    logger: {
      // What the engine says of its own start names the database; it belongs to no one's everyday log.
      info: (entry) => log.debug(entry),
      warn: (entry) => log.warn(entry),
      error: (entry) => log.error(entry),
      debug: () => undefined,
    },
  });
  const run = async (job: RunJob) => {
    await handlers.run(job, own);
    takeUp.goesOn(DBOS.workflowID);
  };
  DBOS.registerWorkflow(run, { name: 'run', ...config });
  DBOS.registerWorkflow((job: SyncJob) => once('sync', () => handlers.sync(job)), {
    name: 'sync',
    ...config,
  });
  DBOS.registerWorkflow((job: DeployJob) => once('deploy', () => handlers.deploy(job)), {
    name: 'deploy',
    ...config,
  });
  DBOS.registerWorkflow((job: TrafficJob) => once('traffic', () => handlers.traffic(job)), {
    name: 'traffic',
    ...config,
  });
  DBOS.registerWorkflow((job: TrialJob) => once('trial', () => handlers.trial(job)), {
    name: 'trial',
    ...config,
  });
  await DBOS.launch();
  const pace = { minPollingIntervalMs: pollingIntervalMs };
  await DBOS.registerQueue(queues.run, { ...pace, workerConcurrency: runsAtOnceMax });
  for (const queue of [queues.deploy, queues.trial])
    await DBOS.registerQueue(queue, { ...pace, workerConcurrency: choresAtOnceMax });
  // One at a time per connection, so that a snapshot is never older than the one before it.
  await DBOS.registerQueue(queues.sync, {
    ...pace,
    workerConcurrency: choresAtOnceMax,
    partitionConcurrency: 1,
  });
  const strays = await takeUp.within(takeUpWithinMs);
  if (strays > 0) log.warn(`${strays} runs of this worker's earlier life do not go on yet`);
  // One that has just come to its wait still asks for it; what is asked now stands in line behind that, each time.
  const [asked] = left;
  for (let time = 0; asked !== undefined && time < lookUpsBeforeWait; time += 1)
    await DBOS.getEvent(asked, 'nothing', { timeoutSeconds: 0 });
}

export const workKinds = ['run', 'sync', 'deploy', 'traffic', 'trial'] as const;
export type WorkKind = (typeof workKinds)[number];
type Unfinished = { readonly kind: WorkKind; readonly worker: string | null; readonly version: string };

/** What a worker may do about the work of others; each of them only while nobody can hold the lock that goes with it. */
export type EngineRecovery = {
  /** Whose work is not finished: by kind and version, and by worker where one has begun it. */
  unfinished(): Promise<readonly Unfinished[]>;
  /** Puts what a worker had begun back into its queues. @returns how many pieces of work */
  recover(worker: string): Promise<number>;
  /** Makes unfinished work of another version work of this one, to run from its beginning. @returns how many pieces */
  adopt(version: string, kinds: readonly WorkKind[]): Promise<number>;
};

/** To be used once `startEngine` is through. */
export function recoveryOf(pool: pg.Pool): EngineRecovery {
  return {
    async unfinished() {
      const { rows } = await pool.query(
        `select distinct name as kind, application_version as version, case status when 'PENDING' then executor_id end as worker
         from dbos.workflow_status
         where status in ('ENQUEUED', 'PENDING') and application_name = $1 and application_version is not null`,
        [applicationName],
      );
      return rows;
    },
    async recover(worker) {
      const executor = DBOSExecutor.globalInstance;
      invariant(executor !== undefined, 'the engine is started');
      return (await executor.recoverPendingWorkflows([worker])).length;
    },
    async adopt(version, kinds) {
      // One statement, hence one transaction. Recorded steps belong to the old order; messages come again.
      const { rows } = await pool.query(
        `with adopted as (
           update dbos.workflow_status
           set status = 'ENQUEUED', application_version = $1, owner_xid = null, started_at_epoch_ms = null,
             updated_at = extract(epoch from now()) * 1000
           where status in ('ENQUEUED', 'PENDING') and application_name = $2 and application_version = $3
             and name = any($4)
           returning workflow_uuid
         ), steps as (
           delete from dbos.operation_outputs using adopted
           where operation_outputs.workflow_uuid = adopted.workflow_uuid
         ), messages as (
           update dbos.notifications set consumed = false, consumed_by_function_id = null
           from adopted where destination_uuid = adopted.workflow_uuid
         )
         select count(*)::int as count from adopted`,
        [engineVersion, applicationName, version, kinds],
      );
      return rows[0].count;
    },
  };
}

/** Work of one queue: what waits for a worker, and what one has begun. */
export type QueueDepth = {
  readonly queue: string;
  readonly waiting: number;
  readonly running: number;
  /** Since when the oldest of what waits does, in ms since 1970; null when nothing does. */
  readonly oldestWaitingAt: number | null;
};

/** How much work each queue holds now; asks an index that has only what is not finished. */
export async function queueDepths(pool: pg.Pool): Promise<readonly QueueDepth[]> {
  const names = Object.values(queues);
  const { rows } = await pool.query<{ queue: string; status: string; count: number; since: number }>(
    `select queue_name as queue, status, count(*)::int as count, min(created_at)::float8 as since
     from dbos.workflow_status
     where status in ('ENQUEUED', 'PENDING') and queue_name = any($1) and application_name = $2
     group by queue_name, status`,
    [names, applicationName],
  );
  return names.map((queue) => {
    const [waiting, running] = ['ENQUEUED', 'PENDING'].map((status) =>
      rows.find((row) => row.queue === queue && row.status === status),
    );
    return {
      queue,
      waiting: waiting?.count ?? 0,
      running: running?.count ?? 0,
      oldestWaitingAt: waiting?.since ?? null,
    };
  });
}

/** What a web process may ask of the engine. */
export type EngineClient = {
  /** Inside the caller's transaction: the run exists and is queued, or neither. */
  enqueueRun(job: RunJob, transaction: pg.ClientBase): Promise<void>;
  /** A sync of this connection starts after this call: a new one, or the one that waits already. */
  enqueueSync(job: SyncJob): Promise<void>;
  enqueueDeploy(job: DeployJob): Promise<void>;
  /** Once for each plan. */
  enqueueTraffic(job: TrafficJob): Promise<void>;
  enqueueTrial(job: TrialJob): Promise<void>;
  send(job: RunJob, message: RunMessage): Promise<void>;
  close(): Promise<void>;
};

function workflowIdOf(job: RunJob): string {
  return `${job.runId}.${job.attempt}`;
}

/** Connects a process that only asks; it runs no work. It may come before any worker has run. */
export async function connectEngine(databaseUrl: string): Promise<EngineClient> {
  await migrateEngine(databaseUrl);
  const client = await DBOSClient.create({ systemDatabaseUrl: databaseUrl, applicationName });
  const work = (workflowName: keyof typeof queues) => ({
    workflowName,
    queueName: queues[workflowName],
    appVersion: engineVersion,
  });
  return {
    async enqueueRun(job, transaction) {
      await client.enqueueInTransaction(transaction, { ...work('run'), workflowID: workflowIdOf(job) }, job);
    },
    async enqueueSync(job) {
      // The engine keeps a deduplication id until its sync is done, and one that runs may have read before the writes
      // that this request is about. Two ids, therefore: since only one sync runs, the other one's waits or is free.
      for (let slot = 0; ; slot = 1 - slot) {
        const workflowID = randomUUID();
        const handle = await client.enqueue(
          {
            ...work('sync'),
            workflowID,
            queuePartitionKey: job.connectionId,
            deduplicationID: `${job.connectionId}/${slot}`,
            duplicationPolicy: 'return-existing',
          },
          job,
        );
        if (handle.workflowID === workflowID || (await handle.getStatus())?.status === 'ENQUEUED') return;
      }
    },
    async enqueueDeploy(job) {
      await client.enqueue({ ...work('deploy'), workflowID: job.deploymentId }, job);
    },
    async enqueueTraffic(job) {
      await client.enqueue({ ...work('traffic'), workflowID: `${job.planId}.traffic` }, job);
    },
    async enqueueTrial(job) {
      await client.enqueue({ ...work('trial'), workflowID: job.trialId }, job);
    },
    send: (job, message) => client.send(workflowIdOf(job), message, controlTopic),
    close: () => client.destroy(),
  };
}
