import { DBOS, DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import type { Inbox, Once } from '../ports';
import { inboxOf, once, onceOf } from './inbox';
import { migrateEngine } from './migrate-engine';
import { takeUpOf } from './take-up';
import {
  applicationName,
  type DeployJob,
  engineVersion,
  queues,
  type RunJob,
  type SyncJob,
  type TrafficJob,
  type TrialJob,
  workKinds,
} from './work';

const pollingIntervalMs = 100;
/** Runs that wait for their instants count too, and cost next to nothing. */
const runsAtOnceMax = 1000;
const choresAtOnceMax = 4;
/** A worker that falls again and again must not strand a run: the default (100) would. */
const recoveryAttemptsMax = 1_000_000;
/** Some 300 ms for a hundred runs. */
const takeUpWithinMs = 10_000;
/** Before the engine waits for a message it asks its database four things, one after the other. One to spare. */
const lookUpsBeforeWait = 5;

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

/** Whether an error says that another worker has taken over what this one was about. */
export function isTakenOver(error: unknown): boolean {
  return error instanceof DBOSWorkflowConflictError;
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
 * @param executorId stable per worker, so that recovery at the start is immediate.
 * @returns what to wait for before the worker calls itself ready: that those runs go on. The engine only puts them back
 * into their queue before it says that it is up; an instant that comes between the two is met late.
 */
export async function startEngine(options: {
  databaseUrl: string;
  executorId: string;
  handlers: EngineHandlers;
  log: EngineLog;
}): Promise<{ untilTakenUp(): Promise<void> }> {
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
  for (const kind of workKinds) {
    if (kind === 'run') continue;
    // One step: what is begun again starts from its beginning, and by its own records.
    DBOS.registerWorkflow((job: never) => once(kind, () => handlers[kind](job)), { name: kind, ...config });
  }
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
  return {
    async untilTakenUp() {
      const strays = await takeUp.within(takeUpWithinMs);
      if (strays > 0) log.warn(`${strays} runs of this worker's earlier life do not go on yet`);
      // One that has just come to its wait still asks for it; what is asked now stands in line behind that, each time.
      const [asked] = left;
      for (let time = 0; asked !== undefined && time < lookUpsBeforeWait; time += 1)
        await DBOS.getEvent(asked, 'nothing', { timeoutSeconds: 0 });
    },
  };
}
