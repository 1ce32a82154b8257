import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate } from '@/lib/db/migrate';
import { startEmbeddedPostgres } from '@/lib/launch/postgres/embedded-postgres';
import { workerEnvironment } from '@/lib/launch/processes/child-environment';
import { stops } from '@/lib/preflight/model/stops';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunView, StopReason } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { Announcement } from '@/lib/sandbox/sandbox';
import { startSync } from '@/lib/server/estate/start-sync';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { commandRun } from '@/lib/server/runs/command-run';
import { serverContext } from '@/lib/store/context';
import { loadRun } from '@/lib/store/runs/load-run';
import { testKeys } from '@/testing/launch/test-keys';
import { buildSplit } from './support/build-split';
import { createRecords } from './support/create-records';
import { figure, percentile, report } from './support/figures';
import { start } from './support/processes';

/**
 * `npm run chaos`: three workers apply Splits and roll them back, on the sandbox and a real Postgres, while workers are
 * killed and frozen and the database is killed, at random. The invariants are checked at the end.
 */
const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
const endAt = Date.now() + Number(flags.minutes) * 60_000;
const connectionId = 'sandbox-small-standard';
const workerNames = ['a', 'b', 'c'];
const lanes = ['sale-1', 'sale-2', 'sale-3', 'sale-4'];
/** The time limit for the runs to end after the chaos. */
const settleMs = 60_000;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Mulberry32: the same seed gives the same failures, but not at the same moments of the runs. */
let state = Number(flags.seed);
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const between = (low: number, high: number) => low + random() * (high - low);

/** Retries a query while the database is down; only for idempotent queries. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (const giveUpAt = Date.now() + settleMs; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await sleep(200);
    }
  }
}

const query = (text: string, values: unknown[] = []) =>
  patiently(async () => (await (await serverContext()).database.pool.query(text, values)).rows);

async function readRun(runId: RunId): Promise<RunView> {
  const { database } = await serverContext();
  const record = await patiently(() => loadRun(database.db, runId));
  if (record === null) throw new Error(`${runId} is gone`);
  return foldRun(record);
}

/** Waits until a run makes no more progress without a command. */
async function ended(runId: RunId): Promise<RunView> {
  for (;;) {
    const view = await readRun(runId);
    if (!['queued', 'applying', 'rollingBack', 'retrying'].includes(view.state)) return view;
    if (Date.now() > endAt + settleMs) return view;
    await sleep(100);
  }
}

/**
 * Syncs the estate and submits a Split to the workers; null if it was rejected, for example because the snapshot is
 * stale.
 */
async function apply(subdomain: string): Promise<RunId | null> {
  const [before] = await query(
    'select coalesce(max(id), 0)::int as id from estate where connection_id = $1',
    [connectionId],
  );
  await patiently(() => startSync(connectionId));
  for (;;) {
    const [now] = await query('select 1 from estate where connection_id = $1 and id > $2', [
      connectionId,
      before.id,
    ]);
    if (now !== undefined || Date.now() > endAt) break;
    await sleep(100);
  }
  const created = await createPlan({ connectionId, diversion: buildSplit(subdomain) });
  if (!created.ok) refusals.push(JSON.stringify(created.error));
  const plan = created.ok ? await getPlan(created.value.planId) : null;
  if (plan === null) return null;
  const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null });
  if (!applied.ok) refusals.push(JSON.stringify({ ...applied.error, findings: plan.findings.filter(stops) }));
  return applied.ok ? applied.value.runId : null;
}

const refusals: string[] = [];
const stopped: { readonly runId: RunId; readonly reason: StopReason }[] = [];
/** Only Spillway writes to the objects of its runs here. */
const isOwnDrift = ({ reason }: (typeof stopped)[number]) => reason.kind === 'drift';

/**
 * Applies and rolls back until the time is over. A run stopped during apply is rolled back; a run stopped during rollback is
 * retried.
 */
async function lane(subdomain: string, runIds: RunId[]): Promise<void> {
  while (Date.now() < endAt) {
    let runId: RunId | null = null;
    try {
      runId = await apply(subdomain);
    } catch (error) {
      refusals.push(String(error));
    }
    if (runId === null) {
      await sleep(500);
      continue;
    }
    runIds.push(runId);
    for (;;) {
      const { state: now, direction, stopped: why } = await ended(runId);
      if (why !== null) stopped.push({ runId, reason: why.reason });
      const isBack = direction === 'rollback';
      const command =
        now === 'done' ? 'rollback' : now !== 'stopped' ? null : isBack ? 'continue' : 'rollback';
      if (command === null || Date.now() > endAt + settleMs) break;
      await patiently(() => commandRun({ runId, command, typedDomain: null }));
      await sleep(200);
    }
  }
}

/** Returns the number of writes that took effect so far. */
async function countEffects({ control }: Announcement): Promise<number> {
  const answer = await fetch(`${control?.url}/effects`, {
    headers: { authorization: `Bearer ${control?.token}` },
  });
  const counts = Object.values((await answer.json()) as Record<string, number>);
  return counts.reduce((sum, each) => sum + each, 0);
}

type Worker = {
  child: ChildProcess;
  isFrozen: boolean;
  /** Since when it works undisturbed, in epoch ms; null = it starts, is frozen or dead. */
  wellSince: number | null;
  /** The number of times it was killed or frozen. */
  disturbed: number;
};

const longest = (times: readonly number[]) => Math.max(...times);

/** Returns a figure of times in ms, in s; null without any. */
function inSeconds(times: readonly number[], of: (times: readonly number[]) => number): number | null {
  return times.length === 0 ? null : of(times) / 1000;
}

async function main(): Promise<void> {
  console.log(`Chaos with seed ${flags.seed} for ${flags.minutes} min`);
  const folder = mkdtempSync(join(tmpdir(), 'spillway-chaos-'));
  const quiet = { line: () => {}, say: () => {} };
  const postgres = startEmbeddedPostgres(folder, quiet);
  await postgres.service.ready;
  await migrate(postgres.url, 'lib/db/migrations');
  process.env.DATABASE_URL = postgres.url;
  process.env.SPILLWAY_KEEP_ALIVE_S = '1';
  process.env.SPILLWAY_LOG_LEVEL = 'error';
  process.env.SPILLWAY_SIGN_IN = 'off';
  const cloud = await start<Announcement>([
    ...['.build/sandbox.mjs', '--control', '--seed', 'small', '--task-ms', '300'],
    ...['--vip-network', '127.134.0.0/16'],
  ]);

  await createRecords(cloud.announcement, lanes, '127.134.1.1');
  const effectsBefore = await countEffects(cloud.announcement);

  let isOver = false;
  const workers = new Map<string, Worker>();
  const begin = (name: string) => {
    const own = { SPILLWAY_WORKER_NAME: name, SPILLWAY_DATA_DIR: folder, SPILLWAY_LOG_LEVEL: 'error' };
    const child = spawn(process.execPath, ['--no-deprecation', '.build/worker.mjs'], {
      env: workerEnvironment(
        { PATH: process.env.PATH, ...own },
        postgres.url,
        testKeys,
        JSON.stringify(cloud.announcement),
      ),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const worker: Worker = { child, isFrozen: false, wellSince: null, disturbed: 0 };
    workers.set(name, worker);
    // Its only message: it is ready.
    child.on('message', () => {
      if (!worker.isFrozen) worker.wellSince = Date.now();
    });
    child.on('exit', () => {
      worker.wellSince = null;
      if (!isOver) setTimeout(begin, 300, name);
    });
  };
  for (const name of workerNames) begin(name);

  const troubles = { killed: 0, frozen: 0, database: 0 };
  /** Times while another worker was undisturbed, and those while none was. */
  const takeOvers = { byWell: [] as number[], byNone: [] as number[] };
  /**
   * Measures the time until another worker recovers the runs of a worker, without outages of the database. A worker that
   * was frozen for a moment keeps its runs: what it meets next is measured by its own.
   */
  const watchTakeOver = async (name: string) => {
    const databaseKills = troubles.database;
    const begun = await query(
      `select r.id, r.fence from dbos.workflow_status w join run r on w.workflow_uuid like r.id || '.%'
       where w.name = 'run' and w.status = 'PENDING' and w.executor_id = $1`,
      [name],
    );
    return async (worker: Worker) => {
      const at = Date.now();
      const { disturbed } = worker;
      const isWell = ({ wellSince }: Worker) => wellSince !== null && wellSince <= at;
      for (const { id, fence } of begun) {
        while (Date.now() < at + 60_000) {
          const [now] = await query('select fence from run where id = $1', [id]);
          const view = await readRun(id);
          if (!['applying', 'rollingBack', 'retrying'].includes(view.state)) break;
          if (worker.disturbed > disturbed) break;
          if (now.fence > fence) {
            const wasHelped = [...workers.values()].some((other) => other !== worker && isWell(other));
            const times = wasHelped ? takeOvers.byWell : takeOvers.byNone;
            if (troubles.database === databaseKills) times.push(Date.now() - at);
            break;
          }
          await sleep(50);
        }
      }
    };
  };
  const trouble = async () => {
    const name = workerNames[Math.floor(random() * workerNames.length)] ?? 'a';
    const worker = workers.get(name);
    const dice = random();
    if (dice < 0.15) {
      const pid = readFileSync(join(postgres.home, 'postgres/postmaster.pid'), 'utf8').split('\n')[0];
      troubles.database += 1;
      process.kill(Number(pid), 'SIGKILL');
    } else if (worker !== undefined && !worker.isFrozen && worker.child.exitCode === null) {
      const watch = await watchTakeOver(name);
      worker.wellSince = null;
      worker.disturbed += 1;
      if (dice < 0.6) {
        troubles.killed += 1;
        worker.child.kill('SIGKILL');
      } else {
        troubles.frozen += 1;
        worker.isFrozen = true;
        worker.child.kill('SIGSTOP');
        setTimeout(
          () => {
            worker.isFrozen = false;
            worker.wellSince = Date.now();
            worker.child.kill('SIGCONT');
          },
          between(1000, 15_000),
        );
      }
      void watch(worker).catch(() => {});
    }
  };

  const runIds: RunId[] = [];
  try {
    const working = Promise.all(lanes.map((subdomain) => lane(subdomain, runIds)));
    while (Date.now() < endAt) {
      await sleep(between(2000, 6000));
      await trouble().catch(() => {});
    }
    await working;
    const views = await Promise.all(runIds.map(readRun));
    const count = (...states: RunView['state'][]) => views.filter((v) => states.includes(v.state)).length;
    const writes = views
      .flatMap((view) => [...view.apply, ...view.rollback])
      .filter(({ outcome }) => outcome === 'applied' || outcome === 'readBack').length;
    const effects = (await countEffects(cloud.announcement)) - effectsBefore;
    for (const line of new Set(refusals)) console.log(line);
    for (const { runId, reason } of stopped) console.log(`${runId} was stopped: ${JSON.stringify(reason)}`);
    if (stopped.some(isOwnDrift)) process.exitCode = 1;
    for (const { id, state: now, apply: there, rollback: back } of views.filter(
      (v) => v.state !== 'rolledBack',
    )) {
      const steps = [...there, ...back].map((step) => `${step.step.id} ${step.state} ${step.outcome ?? ''}`);
      console.log(`${id} is ${now}: ${steps.join(', ')}`);
    }
    report(
      'Chaos',
      [
        figure('Runs, applied and rolled back', runIds.length, '', { least: 1 }),
        figure('Workers killed', troubles.killed, '', null),
        figure('Workers frozen for 1 to 15 s', troubles.frozen, '', null),
        figure('Database killed', troubles.database, '', null),
        figure('Runs that did not end', runIds.length - count('rolledBack', 'done', 'stopped'), '', {
          most: 1,
        }),
        figure('Runs that ended stopped', count('stopped'), '', { most: 1 }),
        figure('Stops, all recovered', stopped.length, '', null),
        figure('Stops for drift without another actor', stopped.filter(isOwnDrift).length, '', { most: 1 }),
        figure('Writes done', writes, '', null),
        figure('Effects above one per write', Math.abs(effects - writes), '', { most: 1 }),
        figure('Recoveries while another worker was undisturbed', takeOvers.byWell.length, '', null),
        figure(
          'Take-over, p50',
          inSeconds(takeOvers.byWell, (times) => percentile(times, 0.5)),
          's',
          null,
        ),
        figure('Take-over, longest', inSeconds(takeOvers.byWell, longest), 's', { most: 10 }),
        figure('Longest while all were disturbed', inSeconds(takeOvers.byNone, longest), 's', null),
      ],
      flags.json,
    );
  } finally {
    isOver = true;
    for (const { child } of workers.values()) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    const { database, engine } = await serverContext();
    await engine.close();
    await database.close();
    await cloud.stop();
    await postgres.service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
