import { randomUUID } from 'node:crypto';
import { DBOSClient } from '@dbos-inc/dbos-sdk';
import type pg from 'pg';
import type { RunMessage } from '../steps/ports';
import { openEnginePool } from './engine-pool';
import { migrateEngine } from './migrate-engine';
import {
  applicationName,
  controlTopic,
  type DeployJob,
  engineVersion,
  type FunctionChangeJob,
  type FunctionReadingJob,
  getWorkflowId,
  queues,
  type RehearsalJob,
  type RunJob,
  type SyncJob,
  type TestInvocationJob,
  type TrafficHistoryJob,
  type TrafficJob,
} from './work';

/** A rehearsal of one event, or of many. */
type RehearsalKind = 'rehearsal' | 'drill';

/** The engine operations available to a web process. */
export type EngineClient = {
  /** Enqueues a run inside the caller's transaction: it exists and is queued, or neither. */
  enqueueRun(job: RunJob, transaction: pg.ClientBase): Promise<void>;
  /** Ensures that a sync of this connection starts after this call: a new one, or one already queued. */
  enqueueSync(job: SyncJob): Promise<void>;
  /** Enqueues a deployment inside the caller's transaction: it is stored and queued, or neither. */
  enqueueDeploy(job: DeployJob, transaction: pg.ClientBase): Promise<void>;
  /** Enqueues at most once per plan. */
  enqueueTraffic(job: TrafficJob): Promise<void>;
  enqueueTestInvocation(job: TestInvocationJob): Promise<void>;
  enqueueFunctionReading(job: FunctionReadingJob): Promise<void>;
  enqueueTrafficHistory(job: TrafficHistoryJob): Promise<void>;
  /** Enqueues a change inside the caller's transaction: it is stored and queued, or neither. */
  enqueueFunctionChange(job: FunctionChangeJob, transaction: pg.ClientBase): Promise<void>;
  /** Enqueues a rehearsal inside the caller's transaction: it is stored and queued, or neither. */
  enqueueRehearsal(job: RehearsalJob, of: RehearsalKind, transaction: pg.ClientBase): Promise<void>;
  send(job: RunJob, message: RunMessage): Promise<void>;
  close(): Promise<void>;
};

/** The maximum number of connections for requests to the engine: as many as the process has for its own statements. */
const poolMax = 8;

/** Connects a process that only sends requests and runs no work. It may start before any worker has run. */
export async function connectEngine(databaseUrl: string): Promise<EngineClient> {
  await migrateEngine(databaseUrl);
  const pool = openEnginePool(databaseUrl, poolMax);
  const client = await DBOSClient.create({
    systemDatabaseUrl: databaseUrl,
    systemDatabasePool: pool,
    applicationName,
  });
  const work = (workflowName: keyof typeof queues) => ({
    workflowName,
    queueName: queues[workflowName],
    appVersion: engineVersion,
  });
  return {
    async enqueueRun(job, transaction) {
      await client.enqueueInTransaction(transaction, { ...work('run'), workflowID: getWorkflowId(job) }, job);
    },
    async enqueueSync(job) {
      // The engine keeps a deduplication id until its sync is done, and a running sync may have read before the writes
      // that this request is about. Therefore there are two ids: only one sync runs, so the other id belongs to a
      // queued sync or is free.
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
    async enqueueDeploy(job, transaction) {
      await client.enqueueInTransaction(
        transaction,
        { ...work('deploy'), workflowID: job.deploymentId },
        job,
      );
    },
    async enqueueTraffic(job) {
      await client.enqueue({ ...work('traffic'), workflowID: `${job.planId}.traffic` }, job);
    },
    async enqueueTestInvocation(job) {
      await client.enqueue({ ...work('testInvocation'), workflowID: job.testInvocationId }, job);
    },
    async enqueueFunctionReading(job) {
      await client.enqueue({ ...work('functionReading'), workflowID: randomUUID() }, job);
    },
    async enqueueTrafficHistory(job) {
      await client.enqueue({ ...work('trafficHistory'), workflowID: randomUUID() }, job);
    },
    async enqueueFunctionChange(job, transaction) {
      await client.enqueueInTransaction(
        transaction,
        { ...work('functionChange'), workflowID: job.changeId },
        job,
      );
    },
    async enqueueRehearsal(job, of, transaction) {
      await client.enqueueInTransaction(
        transaction,
        { ...work('rehearsal'), queueName: queues[of], workflowID: job.rehearsalId },
        job,
      );
    },
    send: (job, message) => client.send(getWorkflowId(job), message, controlTopic),
    async close() {
      await client.destroy();
      await pool.end();
    },
  };
}
