import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import type pg from 'pg';
import { invariant } from '@/lib/invariant';
import { applicationName, engineVersion, getWorkflowId, type RunJob, type WorkKind } from './work';

type Unfinished = { readonly kind: WorkKind; readonly worker: string | null; readonly version: string };

/** Actions of a worker on the work of others; each runs only while no worker can hold the corresponding lock. */
export type EngineRecovery = {
  /** Returns the unfinished work: by kind and version, and by worker if started. */
  unfinished(): Promise<readonly Unfinished[]>;
  /**
   * Re-queues the work that a worker had started.
   * @returns the number of work items
   */
  recover(worker: string): Promise<number>;
  /**
   * Assigns unfinished work of another version to this one, to run from its beginning.
   * @returns the number of work items
   */
  claim(version: string, kinds: readonly WorkKind[]): Promise<number>;
};

/**
 * Ends the statement that re-queues work as `claimed`, so that it runs from its beginning: recorded steps are dropped,
 * and commands are delivered again. One statement, so one transaction.
 */
const fromTheBeginning = `steps as (
    delete from dbos.operation_outputs using claimed
    where operation_outputs.workflow_uuid = claimed.workflow_uuid
  ), messages as (
    update dbos.notifications set consumed = false, consumed_by_function_id = null
    from claimed where destination_uuid = claimed.workflow_uuid and message not like '%"command":"check"%'
  )
  select count(*)::int as count from claimed`;

/** The pause between two waiting runs that resume, in ms: they take no more than a fifth of a processor. */
const betweenResumedMs = 50;
/** The time after which the last of them resumes at the latest, in ms. */
const allResumedMs = 60_000;

/**
 * Delays runs that a stopped worker has left waiting, so that runs in progress or about to start resume first. They
 * resume one after the other within a minute, from their journals: replaying the recorded checks of a wait of days would
 * take seconds each.
 * @param jobs nearest first; runs of other workers, or in another state, are ignored
 */
export async function delayWaiting(
  pool: Pick<pg.Pool, 'query'>,
  worker: string,
  jobs: readonly RunJob[],
): Promise<void> {
  await pool.query(
    `with claimed as (
       update dbos.workflow_status
       set status = 'DELAYED', owner_xid = null, started_at_epoch_ms = null, updated_at = extract(epoch from now()) * 1000,
         delay_until_epoch_ms = extract(epoch from now()) * 1000 + place * $5::float8
       from unnest($4::text[]) with ordinality as waiting(id, place)
       where workflow_uuid = waiting.id and status = 'PENDING' and application_name = $1 and application_version = $2
         and executor_id = $3
       returning workflow_uuid
     ), ${fromTheBeginning}`,
    [
      applicationName,
      engineVersion,
      worker,
      jobs.map(getWorkflowId),
      Math.min(betweenResumedMs, allResumedMs / jobs.length),
    ],
  );
}

/**
 * Returns the recovery actions, for use once `startEngine` has completed.
 * @param listWaiting returns the runs that can resume later, nearest first
 */
export function createRecovery(pool: pg.Pool, listWaiting: () => Promise<readonly RunJob[]>): EngineRecovery {
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
      await delayWaiting(pool, worker, await listWaiting());
      return (await executor.recoverPendingWorkflows([worker])).length;
    },
    async claim(version, kinds) {
      const { rows } = await pool.query(
        `with claimed as (
           update dbos.workflow_status
           set status = 'ENQUEUED', application_version = $1, owner_xid = null, started_at_epoch_ms = null,
             updated_at = extract(epoch from now()) * 1000
           where status in ('ENQUEUED', 'PENDING') and application_name = $2 and application_version = $3
             and name = any($4)
           returning workflow_uuid
         ), ${fromTheBeginning}`,
        [engineVersion, applicationName, version, kinds],
      );
      return rows[0].count;
    },
  };
}
