import type pg from 'pg';
import { applicationName } from './work';

export type PruneWork = {
  /** Work is deleted this many days after its end. */
  readonly days: number;
  /** Runs whose work is kept, including earlier attempts. */
  readonly openRunIds: readonly string[];
  /** The maximum number of workflows to delete. */
  readonly max: number;
};

/**
 * Deletes the engine's records of ended workflows: steps, messages, input and result. Waiting and running workflows are
 * kept. Continuing an ended run starts a new workflow, which does not read these.
 * @returns the number of deleted workflows
 */
export async function pruneWork(pool: pg.Pool, { days, openRunIds, max }: PruneWork): Promise<number> {
  // One statement, so one transaction. The other tables reference workflow_status and cascade.
  const { rows } = await pool.query(
    `with ended as (
       delete from dbos.workflow_status
       where workflow_uuid in (
         select workflow_uuid from dbos.workflow_status
         where status in ('SUCCESS', 'ERROR', 'CANCELLED') and application_name = $1
           and updated_at < (extract(epoch from now()) - $2 * 86400) * 1000
           and not (name = 'run' and split_part(workflow_uuid, '.', 1) = any($3))
         limit $4
       )
       returning workflow_uuid
     ), steps as (
       delete from dbos.operation_outputs using ended where operation_outputs.workflow_uuid = ended.workflow_uuid
     ), inputs as (
       delete from dbos.workflow_input using ended where workflow_input.workflow_uuid = ended.workflow_uuid
     ), results as (
       delete from dbos.workflow_output using ended where workflow_output.workflow_uuid = ended.workflow_uuid
     )
     select count(*)::int as count from ended`,
    [applicationName, days, openRunIds, max],
  );
  return rows[0].count;
}
