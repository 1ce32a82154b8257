import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { estates } from '@/lib/db/schema';
import { testSplit } from '@/lib/diversion/test-split';
import { invariant } from '@/lib/invariant';
import { engineVersion } from '@/lib/run/durable';
import { foldRun } from '@/lib/run/fold-run';
import { commandRun } from '@/lib/server/command-run';
import { startSync } from '@/lib/server/start-sync';
import { startTestDashboard, type TestDashboard } from './test-dashboard';
import { ofEngineVersion, type TestWorkers, testWorkers } from './test-workers';

/*
 * Several worker processes on one real database, against the real sandbox, which counts what takes effect.
 */

const connectionId = 'sandbox-small-standard';
const laterVersion = String(Number(engineVersion) + 1);
let dashboard: TestDashboard;
let workers: TestWorkers;
let later: TestWorkers;

beforeAll(async () => {
  dashboard = await startTestDashboard('127.132.0.0/16', 100);
  const { database, sandbox } = dashboard;
  const environment = { databaseUrl: database.url, sandbox: JSON.stringify(sandbox.announcement) };
  [workers, later] = await Promise.all([
    testWorkers(environment),
    testWorkers(environment, ofEngineVersion(laterVersion)),
  ]);
}, 60_000);

afterEach(() => Promise.all([workers.stop(), later.stop()]));

afterAll(async () => {
  await dashboard.stop();
  workers.remove();
  later.remove();
});

const taskTime = (ms: number) => dashboard.door('POST', '/task-time', { ms });

beforeEach(async () => {
  await dashboard.door('POST', '/reset');
  await taskTime(100);
  await dashboard.database.db.delete(estates);
});

/** Reviews a Split over a fresh estate and hands it to the workers. @returns the run's id */
async function apply(): Promise<string> {
  await startSync(connectionId);
  await expect.poll(dashboard.readConnections, { timeout: 20_000 }).toContain(connectionId);
  return dashboard.apply(connectionId, testSplit);
}

/** Waits until the run has come to its end. */
async function ends(runId: string, state: 'done' | 'reverted'): Promise<void> {
  await expect
    .poll(async () => foldRun(await dashboard.recordOf(runId)), { timeout: 20_000, interval: 100 })
    .toMatchObject({ state, held: null });
}

/** That the cloud counts one effect for each write that the run has done, there and back: two at once would have made more. */
async function expectOnce(runId: string): Promise<void> {
  const counted = Object.values(await dashboard.effects());
  const { events } = await dashboard.recordOf(runId);
  const done = events.filter((e) => e.type === 'stepDone' && /applied|readBack/.test(e.outcome));
  expect(done.length).toBeGreaterThan(2);
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(done.length);
}

/** The worker that runs this run, once a call of this step is under way. */
async function workerOf(runId: string, stepId: string): Promise<string> {
  await expect
    .poll(
      async () =>
        (await dashboard.recordOf(runId)).events.some((e) => e.type === 'accepted' && e.stepId === stepId),
      {
        timeout: 20_000,
        interval: 20,
      },
    )
    .toBe(true);
  const { rows } = await dashboard.database.db.execute<{ worker: string }>(
    sql`select executor_id as worker from dbos.workflow_status where name = 'run' and status = 'PENDING'`,
  );
  return rows[0]?.worker ?? '';
}

const names = ['a', 'b', 'c'];
const ready = (child: ChildProcess) => once(child, 'message');

/** Three workers that nobody starts again. */
async function three(settings: Readonly<Record<string, string>> = {}) {
  const children = new Map(names.map((name) => [name, workers.spawn(name, settings)]));
  await Promise.all([...children.values()].map(ready));
  return children;
}

test('a worker killed between a call and its record: another one goes on, and repeats nothing', async () => {
  const children = await three({ SPILLWAY_FAULT_POINT: 'afterCall:s2' });
  const killed = Promise.race([...children.values()].map((child) => once(child, 'exit')));
  const runId = await apply();
  expect(await killed).toEqual([null, 'SIGKILL']);
  await ends(runId, 'done');
  await expectOnce(runId);
  expect(await dashboard.lives(runId)).toBe(2);
  expect(foldRun(await dashboard.recordOf(runId)).apply[1]?.outcome).toBe('readBack');
  expect(
    [...children.values()].filter((child) => child.exitCode === null && child.signalCode === null),
  ).toHaveLength(2);
}, 60_000);

test('a frozen worker is cut off; another one goes on, and the frozen one stops when it wakes', async () => {
  const children = await three();
  await taskTime(3000);
  const runId = await apply();
  const frozen = children.get(await workerOf(runId, 's1'));
  invariant(frozen !== undefined, 'one of the three runs it');
  frozen.kill('SIGSTOP');
  const exited = once(frozen, 'exit');
  await expect.poll(() => dashboard.lives(runId), { timeout: 20_000 }).toBe(2);
  await taskTime(100);
  frozen.kill('SIGCONT');
  expect(await exited).toEqual([70, null]);
  await ends(runId, 'done');
  await expectOnce(runId);
}, 60_000);

test('a cut connection and a database that is killed: workers stop at once, come again, and runs go on', async () => {
  const ended = new Map(
    await Promise.all(names.map(async (name) => [name, await workers.supervise(name)] as const)),
  );
  await taskTime(1000);
  const runId = await apply();
  const worker = await workerOf(runId, 's1');
  await dashboard.database.db.execute(sql`
    select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objsubid = 1
      and (classid::bigint << 32) | objid::bigint = hashtextextended(${`executor:${worker}`}, 0)`);
  await ends(runId, 'done');
  expect(Object.fromEntries(ended)).toEqual({ a: [], b: [], c: [], [worker]: ['70'] });
  await expectOnce(runId);

  expect(await commandRun({ runId, command: 'revert', typedDomain: null })).toMatchObject({ ok: true });
  await workerOf(runId, 'r1');
  const file = join(dashboard.database.server.home, 'postgres/postmaster.pid');
  process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL');
  await ends(runId, 'reverted');
  expect(Object.fromEntries(ended)).toEqual({ a: ['70'], b: ['70'], c: ['70'], [worker]: ['70', '70'] });
  await expectOnce(runId);
}, 90_000);

test('a run of an older build stays with its workers, and goes on in the newer one when those are gone', async () => {
  const older = workers.spawn('older');
  const newer = later.spawn('newer');
  await Promise.all([older, newer].map(ready));
  await taskTime(1000);
  const runId = await apply();
  expect(await workerOf(runId, 's2')).toBe('older');
  older.kill('SIGKILL');
  await ends(runId, 'done');
  await expectOnce(runId);
  const { rows } = await dashboard.database.db.execute<{ version: string; worker: string }>(
    sql`select application_version as version, executor_id as worker from dbos.workflow_status
        where workflow_uuid = ${`${runId}.1`}`,
  );
  expect(rows).toEqual([{ version: laterVersion, worker: 'newer' }]);
}, 60_000);
