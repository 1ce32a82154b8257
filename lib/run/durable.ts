import { randomUUID } from 'node:crypto';
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import type pg from 'pg';
import type { Inbox, Once, RunMessage } from './ports';

/*
 * The only file that knows the durable engine (DBOS Transact, state in our own Postgres).
 * Web processes are clients: they enqueue and send messages. One worker process runs the work.
 */

const applicationName = 'spillway';
/** Runs in flight are recovered only by workers of the same version: raise it when the order of steps changes. */
const engineVersion = '1';
/** Runs have a queue of their own, so that no sync can keep a cutover waiting; and so have syncs, one per connection. */
const queues = { run: 'runs', sync: 'syncs', deploy: 'chores' } as const;
const pollingIntervalMs = 100;
const runsAtOnceMax = 50;
const choresAtOnceMax = 4;
const controlTopic = 'control';
/** A worker that falls again and again must not strand a run: the default (100) would. */
const recoveryAttemptsMax = 1_000_000;

export type RunJob = { readonly runId: string; readonly attempt: number };
export type SyncJob = { readonly connectionId: string };
export type DeployJob = { readonly deploymentId: string };

export type EngineHandlers = {
  /** Must not throw for anything that a run can meet: it holds instead. */
  run(job: RunJob, engine: { readonly inbox: Inbox; readonly once: Once }): Promise<void>;
  sync(job: SyncJob): Promise<void>;
  deploy(job: DeployJob): Promise<void>;
};

export type EngineLog = {
  debug(message: unknown): void;
  warn(message: unknown): void;
  error(message: unknown): void;
};

const once: Once = (name, fn) => DBOS.runStep(fn, { name });

const inbox: Inbox = {
  take: (until) =>
    DBOS.recv<RunMessage>(
      controlTopic,
      until === null ? { timeoutSeconds: 0 } : { deadlineEpochMS: until.getTime() },
    ),
};

/** Creates or brings up to date the engine's own tables, so that a process that only asks may come before any worker. */
export function migrateEngine(databaseUrl: string): Promise<void> {
  return DBOS.migrate(databaseUrl);
}

/**
 * Starts the engine in a worker process: takes up what an earlier life of this worker left, then listens to the queues.
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
  DBOS.setConfig({
    name: applicationName,
    systemDatabaseUrl: databaseUrl,
    executorID: executorId,
    applicationVersion: engineVersion,
    logger: {
      // What the engine says of its own start names the database; it belongs to no one's everyday log.
      info: (entry) => log.debug(entry),
      warn: (entry) => log.warn(entry),
      error: (entry) => log.error(entry),
      debug: () => undefined,
    },
  });
  DBOS.registerWorkflow((job: RunJob) => handlers.run(job, { inbox, once }), { name: 'run', ...config });
  DBOS.registerWorkflow((job: SyncJob) => once('sync', () => handlers.sync(job)), {
    name: 'sync',
    ...config,
  });
  DBOS.registerWorkflow((job: DeployJob) => once('deploy', () => handlers.deploy(job)), {
    name: 'deploy',
    ...config,
  });
  await DBOS.launch();
  const pace = { minPollingIntervalMs: pollingIntervalMs };
  await DBOS.registerQueue(queues.run, { ...pace, workerConcurrency: runsAtOnceMax });
  await DBOS.registerQueue(queues.deploy, { ...pace, workerConcurrency: choresAtOnceMax });
  // One at a time per connection, so that a snapshot is never older than the one before it.
  await DBOS.registerQueue(queues.sync, {
    ...pace,
    workerConcurrency: choresAtOnceMax,
    partitionConcurrency: 1,
  });
}

/** What a web process may ask of the engine. */
export type EngineClient = {
  /** Inside the caller's transaction: the run exists and is queued, or neither. */
  enqueueRun(job: RunJob, transaction: pg.ClientBase): Promise<void>;
  /** A sync of this connection starts after this call: a new one, or the one that waits already. */
  enqueueSync(job: SyncJob): Promise<void>;
  enqueueDeploy(job: DeployJob): Promise<void>;
  send(job: RunJob, message: RunMessage): Promise<void>;
  close(): Promise<void>;
};

function workflowIdOf(job: RunJob): string {
  return `${job.runId}.${job.attempt}`;
}

/** Connects a process that only asks; it runs no work. */
export async function connectEngine(databaseUrl: string): Promise<EngineClient> {
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
    send: (job, message) => client.send(workflowIdOf(job), message, controlTopic),
    close: () => client.destroy(),
  };
}
