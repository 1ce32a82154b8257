import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import type pg from 'pg';
import { invariant } from '@/lib/invariant';
import { applicationName, engineVersion, type WorkKind } from './work';

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

/** Returns the recovery actions, for use once `startEngine` has completed. */
export function createRecovery(pool: pg.Pool): EngineRecovery {
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
    async claim(version, kinds) {
      // One statement, so one transaction. Recorded steps have the old version's order and are dropped; messages are
      // delivered again.
      const { rows } = await pool.query(
        `with claimed as (
           update dbos.workflow_status
           set status = 'ENQUEUED', application_version = $1, owner_xid = null, started_at_epoch_ms = null,
             updated_at = extract(epoch from now()) * 1000
           where status in ('ENQUEUED', 'PENDING') and application_name = $2 and application_version = $3
             and name = any($4)
           returning workflow_uuid
         ), steps as (
           delete from dbos.operation_outputs using claimed
           where operation_outputs.workflow_uuid = claimed.workflow_uuid
         ), messages as (
           update dbos.notifications set consumed = false, consumed_by_function_id = null
           from claimed where destination_uuid = claimed.workflow_uuid
         )
         select count(*)::int as count from claimed`,
        [engineVersion, applicationName, version, kinds],
      );
      return rows[0].count;
    },
  };
}
