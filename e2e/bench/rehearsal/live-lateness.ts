import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import { workerEnvironment } from '@/lib/launch/processes/child-environment';
import { forecastSeconds } from '@/lib/plan/model/timeline';
import { startRehearsalProcess } from '@/lib/rehearsal/event/start-rehearsal-process';
import type { Announcement } from '@/lib/sandbox/sandbox';
import { startSync } from '@/lib/server/estate/start-sync';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { cancelRehearsal } from '@/lib/server/rehearsals/cancel-rehearsal';
import { startRehearsal } from '@/lib/server/rehearsals/start-rehearsal';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { commandRun } from '@/lib/server/runs/command-run';
import { serverContext } from '@/lib/store/context';
import { watchRests } from '@/lib/worker/rehearsals/run-rehearsal';
import { testKeys } from '@/testing/launch/test-keys';
import { wideRehearsal } from '@/testing/rehearsal/wide-rehearsal';
import { startBenchDatabase } from '../engine/bench-database';
import { buildSplit } from '../support/build-split';
import { createRecords } from '../support/create-records';
import { start } from '../support/processes';

/*
 * The lateness of scheduled runs: from T0 until the intent of the first write is in the journal. A real worker, the
 * sandbox and Postgres, each a process of its own; rehearsals are started as the worker starts them.
 */

const connectionId = 'sandbox-small-standard';
/** The time between the schedule and prewarm, in ms. */
const leadMs = 5000;
const holdMs = 6 * 3_600_000;
/** A rollback waits for it. */
const keepAliveS = '1';
const limitMs = 120_000;
/** The interval at which a worker looks whether rehearsals rest. */
const pollMs = 500;

/**
 * `alone`: nothing else runs. `drill`: the worker rehearses the plan of the run, six hours each, one after the other.
 * `wide`: the same with events of 50 names.
 */
export const companies = ['alone', 'drill', 'wide'] as const;
export type Company = (typeof companies)[number];

type StoredPlan = NonNullable<Awaited<ReturnType<typeof getPlan>>>;

/** Of one run, in ms: until the gate of T0 was passed, and until its first write. */
export type Lateness = { readonly gateMs: number; readonly writeMs: number };

/** Waits until a query has a row. */
async function awaitRow<Row extends object>(what: string, read: () => Promise<readonly Row[]>): Promise<Row> {
  const until = Date.now() + limitMs;
  for (;;) {
    const [row] = await read();
    if (row !== undefined) return row;
    invariant(Date.now() < until, `${what} within ${limitMs / 1000} s`);
    await sleep(50);
  }
}

/** Measures runs of each company in turns, so that a busy minute of the machine is in all of them. */
export async function measureLiveLateness(
  program: string,
  repetitions: number,
): Promise<Readonly<Record<Company, readonly Lateness[]>>> {
  process.env.SPILLWAY_KEEP_ALIVE_S = keepAliveS;
  const database = await startBenchDatabase();
  const cloud = await start<Announcement>([
    ...['.build/sandbox.mjs', '--control', '--seed', 'small', '--task-ms', '300'],
    ...['--vip-network', '127.135.0.0/16'],
  ]);
  await createRecords(cloud.announcement, [...companies], '127.135.1.1');
  const own = {
    SPILLWAY_KEEP_ALIVE_S: keepAliveS,
    SPILLWAY_WORKER_NAME: 'bench',
    SPILLWAY_DATA_DIR: database.folder,
    SPILLWAY_LOG_LEVEL: 'error',
  };
  const worker = spawn(process.execPath, ['--no-deprecation', '.build/worker.mjs'], {
    env: workerEnvironment(
      { PATH: process.env.PATH, ...own },
      database.url,
      testKeys,
      JSON.stringify(cloud.announcement),
    ),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(worker, 'exit');
  const { query } = database;

  const sync = async () => {
    // The database has the estates of all accounts of the sandbox.
    const newest = 'select id from estate where connection_id = $1 and id > $2 order by id desc limit 1';
    const [last] = await query<{ readonly id: number }>(newest, [connectionId, 0]);
    await startSync(connectionId);
    await awaitRow('a sync ends', () => query(newest, [connectionId, last?.id ?? 0]));
  };
  const makePlan = async (name: string): Promise<StoredPlan> => {
    await sync();
    const created = await createPlan({ connectionId, diversion: buildSplit(name) });
    invariant(created.ok, `the plan is accepted: ${JSON.stringify(created)}`);
    const plan = await getPlan(created.value.planId);
    invariant(plan !== null, 'the plan is stored');
    return plan;
  };
  const begin = async (company: Company, { id, hash }: StoredPlan, cutover: Cutover) => {
    if (company === 'alone') return async () => {};
    if (company === 'wide') {
      const input = wideRehearsal({ names: 50, hours: 6 });
      const rehearsal = startRehearsalProcess(program, { input: { ...input, events: 20 } });
      const { db } = (await serverContext()).database;
      const rests = watchRests(db);
      rests.onRest(rehearsal.rest);
      const timer = setInterval(() => void rests.round(), pollMs);
      return async () => {
        clearInterval(timer);
        rehearsal.cancel();
      };
    }
    const started = await startRehearsal({ planId: id, hash, cutover, settings: { events: 100 } });
    invariant(started.ok, `the rehearsal is accepted: ${JSON.stringify(started)}`);
    const { rehearsalId } = started.value;
    await awaitRow('the rehearsal runs', () =>
      query("select 1 from rehearsal where id = $1 and state = 'running'", [rehearsalId]),
    );
    return async () => {
      const [row] = await query<{ readonly state: string }>('select state from rehearsal where id = $1', [
        rehearsalId,
      ]);
      invariant(row?.state === 'running', 'the rehearsal runs until the first write is done');
      const canceled = await cancelRehearsal({ rehearsalId });
      invariant(canceled.ok, 'the rehearsal is canceled');
    };
  };
  const measureRun = async (company: Company): Promise<Lateness> => {
    const plan = await makePlan(company);
    const prewarmS = Math.ceil(forecastSeconds(plan.plan.steps, ['prewarm']) / 1000);
    const t0 = Math.ceil((Date.now() + leadMs) / 1000 + prewarmS) * 1000;
    const at = (ms: number) => new Date(ms).toISOString();
    const cutover: Cutover = {
      t0: at(t0),
      t1: at(t0 + holdMs),
      prewarmS,
      zone: 'UTC',
      missedT0: { kind: 'skip' },
      guards: [],
    };
    const end = await begin(company, plan, cutover);
    const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null, cutover });
    invariant(applied.ok, `the run is accepted: ${JSON.stringify(applied)}`);
    const { runId } = applied.value;
    const divert = plan.plan.steps.flatMap(({ id, phase }) => (phase === 'divert' ? [id] : []));
    const write = await awaitRow(`the first write of ${runId}`, () =>
      query<{ readonly at: string }>(
        `select event->>'at' as at from run_event where run_id = $1 and event->>'type' = 'intent'
         and event->>'stepId' = any($2) order by id limit 1`,
        [runId, divert],
      ),
    );
    const [gate] = await query<{ readonly ms: number }>(
      `select (event->>'latenessMs')::float as ms from run_event where run_id = $1 and event->>'type' = 'passed'
       and event->>'gate' = 'T0'`,
      [runId],
    );
    await end();
    const awaitEvent = (type: string, more = '') =>
      awaitRow(`${type} of ${runId}`, () =>
        query(`select 1 from run_event where run_id = $1 and event->>'type' = $2 ${more}`, [runId, type]),
      );
    await awaitEvent('gate', "and event->>'gate' = 'T1'");
    // A function may be bound to ten rules.
    const rolledBack = await commandRun({ runId, command: 'rollback', typedDomain: null });
    invariant(rolledBack.ok, `the rollback is accepted: ${JSON.stringify(rolledBack)}`);
    await awaitEvent('finished');
    return { gateMs: gate?.ms ?? 0, writeMs: Date.parse(write.at) - t0 };
  };

  const measured: Record<Company, Lateness[]> = { alone: [], drill: [], wide: [] };
  try {
    await awaitRow('the worker has stored its connection', () => query('select 1 from connection'));
    // The first run of a worker reads more than all others.
    await measureRun('alone');
    for (let n = 1; n <= repetitions; n += 1)
      for (const company of companies) measured[company].push(await measureRun(company));
    return measured;
  } finally {
    worker.kill('SIGTERM');
    await ended;
    await cloud.stop();
    await database.stop();
  }
}
