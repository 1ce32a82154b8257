import { setTimeout as sleep } from 'node:timers/promises';
import { invariant } from '@/lib/invariant';
import { listDiversions } from '@/lib/server/diversions/list-diversions';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { countRuns } from '@/lib/server/runs/count-runs';
import { serverContext } from '@/lib/store/context';
import { buildSplit } from '../support/build-split';
import { type Figure, figure, percentile } from '../support/figures';
import { connectionId } from './bench-cloud';
import type { BenchDatabase } from './bench-database';

const copies = 10_000;
const calls = 21;

/**
 * Runs a Split to its end on the sandbox, by running workers that have synced the estate.
 * @returns the run's id
 */
export async function runSplit({ query }: BenchDatabase): Promise<string> {
  while ((await query('select 1 from estate where connection_id = $1', [connectionId])).length === 0)
    await sleep(100);
  const created = await createPlan({ connectionId, diversion: buildSplit('sale') });
  const plan = created.ok ? await getPlan(created.value.planId) : null;
  invariant(plan, `the Split can be planned: ${JSON.stringify(created)}`);
  const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null });
  invariant(applied.ok, `the Split is accepted: ${JSON.stringify(applied)}`);
  const { runId } = applied.value;
  const isOver = `select status from dbos.workflow_status where workflow_uuid = $1 and status <> 'PENDING' and status <> 'ENQUEUED'`;
  while ((await query(isOver, [`${runId}.1`])).length === 0) await sleep(50);
  return runId;
}

/** SQL that copies one row of the engine under new names; `$1` is the old name, `$2` the new ones. */
const copyStatement = (table: string) => `
  insert into dbos.${table}
  select (jsonb_populate_record(old, jsonb_build_object('workflow_uuid', new_id))).*
  from dbos.${table} as old cross join unnest($2::text[]) as new_id where old.workflow_uuid = $1`;

/** Copies the finished run with its plan, its journal, its records in the engine, and those of the sync after it. */
async function copyRun({ query }: BenchDatabase, runId: string): Promise<void> {
  await query(
    `with model as (select plan.* from run join plan on plan.id = plan_id where run.id = $1),
     copied as (
       insert into plan (connection_id, plan, findings, hash, created_by, created_at)
       select connection_id, plan, findings, hash, created_by, created_at - number * interval '10 minutes'
       from model, generate_series($2::int, 1, -1) as number returning id, created_at
     )
     insert into run (plan_id, fence, created_by, created_at) select id, 1, 'local', created_at from copied`,
    [runId, copies],
  );
  const rows = await query<{ id: string }>(
    `select id from run where created_at < (select created_at from run where id = $1) - interval '1 minute'`,
    [runId],
  );
  const ids = rows.map(({ id }) => id);
  invariant(ids.length === copies, `${copies} runs were copied`);
  await query(
    `insert into run_attempt select id, attempt, direction, actor, requested_at
     from run_attempt cross join unnest($2::text[]) as id where run_id = $1`,
    [runId, ids],
  );
  await query(
    `insert into run_event (run_id, event) select name, event
     from run_event cross join unnest($2::text[]) with ordinality as copy (name, number)
     where run_id = $1 order by number, run_event.id`,
    [runId, ids],
  );
  const [sync] = await query<{ id: string }>(
    `select workflow_uuid as id from dbos.workflow_status where name = 'sync' and status = 'SUCCESS'
     order by created_at desc limit 1`,
  );
  invariant(sync, 'a sync is through');
  const works = [
    { from: `${runId}.1`, to: ids.map((id) => `${id}.1`) },
    { from: sync.id, to: ids.map((id) => `sync-of-${id}`) },
  ];
  for (const table of ['workflow_status', 'workflow_input', 'workflow_output', 'operation_outputs'])
    for (const { from, to } of works) await query(copyStatement(table), [from, to]);
}

async function measureCall(call: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let count = 0; count < calls; count += 1) {
    const begin = performance.now();
    await call();
    took.push(performance.now() - begin);
  }
  return percentile(took, 0.5);
}

/**
 * Measures the size of 10,000 finished runs in the database, and the time to list and count them. They are copies of
 * one real run; an older database has more dead rows.
 */
export async function measureHistory(bench: BenchDatabase, runId: string): Promise<Figure[]> {
  const { db } = (await serverContext()).database;
  const sizeMb = async () => {
    await bench.query('vacuum analyze');
    const [row] = await bench.query<{ mb: number }>(
      'select (pg_database_size(current_database()) / 1e6)::float8 as mb',
    );
    return row?.mb ?? Number.NaN;
  };
  const before = await sizeMb();
  await copyRun(bench, runId);
  const after = await sizeMb();
  return [
    figure(`Database after ${copies} runs`, after, 'MB', null),
    figure('Of that, each run', ((after - before) * 1000) / copies, 'kB', null),
    figure('Listing the newest diversions, p50', await measureCall(listDiversions), 'ms', null),
    figure('Counting all runs by state, p50', await measureCall(() => countRuns(db)), 'ms', null),
  ];
}
