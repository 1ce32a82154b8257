import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrate } from '@/lib/db/migrate';
import { migrationState } from '@/lib/db/migration-state';
import { estates } from '@/lib/db/schema';
import { StepId } from '@/lib/plan/model/model';
import { engineVersion } from '@/lib/run/durable/work';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunId } from '@/lib/run/model/run-id';
import { startTestDashboard, type TestDashboard } from '@/testing/launch/test-dashboard';
import { nextRelease, waitForNextStep } from '@/testing/launch/test-program';
import { type TestRuns, testRuns } from '@/testing/launch/test-runs';
import { startTestWeb, type TestWeb } from '@/testing/launch/test-web';
import { type TestWorkers, testWorkers } from '@/testing/launch/test-workers';

/*
 * A rolling upgrade: workers and dashboards of this build and of a next release on one real database, against the real
 * sandbox. The releases record different steps, so neither can replay the records of the other. This process is the
 * dashboard of this build.
 */

const connectionId = 'sandbox-small-standard';
let dashboard: TestDashboard;
let runs: TestRuns;
let workers: TestWorkers;
let nextWorkers: TestWorkers;
let nextWeb: TestWeb;

beforeAll(async () => {
  dashboard = await startTestDashboard('127.172.0.0/16', 100);
  const { database, sandbox } = dashboard;
  const environment = { databaseUrl: database.url, sandbox: JSON.stringify(sandbox.announcement) };
  runs = testRuns(dashboard, connectionId);
  [workers, nextWorkers, nextWeb] = await Promise.all([
    testWorkers(environment),
    testWorkers(environment, ...nextRelease.changes),
    startTestWeb(database.url, ...nextRelease.changes),
  ]);
});

afterAll(async () => {
  await Promise.all([workers.stop(), nextWorkers.stop()]);
  await nextWeb.stop();
  await dashboard.stop();
  workers.remove();
  nextWorkers.remove();
});

beforeEach(async () => {
  // The workers of the previous test may still sync the changes of its run.
  await untilSynced();
  await dashboard.callControl('POST', '/reset');
  await dashboard.database.db.delete(estates);
});

async function untilSynced(): Promise<void> {
  const running = [...started.values()].filter(isRunning);
  if (running.length === 0) return;
  const unfinished = sql`select from dbos.workflow_status where name = 'sync' and status in ('ENQUEUED', 'PENDING')`;
  await expect
    .poll(async () => (await dashboard.database.db.execute(unfinished)).rows, { timeout: 20_000 })
    .toEqual([]);
}

/** The newest process of each name, used by all tests until one kills it. */
const started = new Map<string, ChildProcess>();
const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;

/** Returns the running worker of this name, or starts it. */
async function start(of: TestWorkers, name: string, settings = {}): Promise<ChildProcess> {
  const running = started.get(name);
  if (running !== undefined && isRunning(running)) return running;
  // Only the tests request syncs.
  const child = of.spawn(name, { SPILLWAY_SYNC_PARTS_S: '0', SPILLWAY_SYNC_WHOLE_S: '0', ...settings });
  started.set(name, child);
  await once(child, 'message');
  return child;
}

async function kill(name: string): Promise<void> {
  const running = started.get(name);
  if (running === undefined || !isRunning(running)) return;
  running.kill('SIGKILL');
  await once(running, 'exit');
}

/** While the sandbox's clock is stopped, cloud tasks don't end. */
const clock = (mode: 'standing' | 'real') =>
  dashboard.callControl('POST', '/clock', mode === 'real' ? { mode } : { mode: 'virtual', rate: 0 });

/** Returns the worker of a run's attempt, and whether that ran the steps of the next release. */
async function whoRan(runId: RunId, attempt = 1) {
  const { rows } = await dashboard.database.db.execute(sql`
    select application_version as version, executor_id as worker, exists (
      select from dbos.operation_outputs steps
      where steps.workflow_uuid = status.workflow_uuid and function_name = ${waitForNextStep}) as "isNextWay"
    from dbos.workflow_status status where workflow_uuid = ${`${runId}.${attempt}`}`);
  return rows[0];
}
const byOlder = { version: engineVersion, worker: 'older', isNextWay: false };
const byNewer = { version: nextRelease.engineVersion, worker: 'newer', isNextWay: true };

/** Applies the migration of the next release to the database. */
async function migrateToNext(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-migrations-'));
  cpSync(resolve(import.meta.dirname, '../db/migrations'), folder, { recursive: true });
  const file = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8'));
  const { idx, when } = journal.entries.at(-1);
  journal.entries.push({ ...journal.entries.at(-1), idx: idx + 1, when: when + 1, tag: 'next' });
  writeFileSync(file, JSON.stringify(journal));
  writeFileSync(
    join(folder, 'next.sql'),
    `alter table run add column next_release text not null default 'x';
     create index next_release_index on run_event (run_id, id);
     create table next_release (id text primary key);`,
  );
  await migrate(dashboard.database.url, folder);
  rmSync(folder, { recursive: true });
}

test('a run in progress ends on the build that began it; requests of the newer dashboard go to the newer build', async () => {
  await start(workers, 'older');
  await clock('standing');
  const runId = await runs.apply();
  expect(await runs.workerOf(runId, StepId.parse('s1'))).toBe('older');
  await migrateToNext();
  expect(await migrationState(dashboard.database.db)).toBe('ahead');
  await start(nextWorkers, 'newer');
  expect(foldRun(await dashboard.recordOf(runId))).toMatchObject({ state: 'applying' });
  await clock('real');
  await runs.ends(runId, 'done');
  expect(await whoRan(runId)).toEqual(byOlder);
  expect(await dashboard.countClaims(runId)).toBe(1);

  const rollback = { runId, command: 'rollback', typedDomain: null } as const;
  expect(await nextWeb.verbs.commandRun(rollback)).toMatchObject({ ok: true });
  await runs.ends(runId, 'rolledBack');
  expect(await whoRan(runId, 2)).toEqual(byNewer);
  await runs.expectOnce(runId);
});

test('a newer dashboard pauses and continues a run of the older build; the newer build continues it once it is stopped', async () => {
  await start(workers, 'older');
  await clock('standing');
  const runId = await runs.apply();
  expect(await runs.workerOf(runId, StepId.parse('s1'))).toBe('older');
  await start(nextWorkers, 'newer');
  const command = (word: 'pause' | 'continue') =>
    nextWeb.verbs.commandRun({ runId, command: word, typedDomain: null });
  const reaches = (state: 'paused' | 'stopped') =>
    expect
      .poll(async () => foldRun(await dashboard.recordOf(runId)), { timeout: 20_000, interval: 100 })
      .toMatchObject({ state });
  const fault = { action: 'RegisterFunctionTargets', kind: 'taskFails', count: 3 };
  await dashboard.callControl('POST', '/faults', fault);
  expect(await command('pause')).toMatchObject({ ok: true });
  await clock('real');
  await reaches('paused');
  expect(await command('continue')).toMatchObject({ ok: true });
  await reaches('stopped');
  expect(await command('continue')).toMatchObject({ ok: true });
  await runs.ends(runId, 'done');
  expect(await Promise.all([whoRan(runId, 1), whoRan(runId, 2)])).toEqual([byOlder, byNewer]);
  await runs.expectOnce(runId);
});

test('while any worker of the older build is running, it recovers runs of other workers of that build', async () => {
  await Promise.all([start(workers, 'older'), start(workers, 'second')]);
  await clock('standing');
  const runId = await runs.apply();
  const begun = await runs.workerOf(runId, StepId.parse('s1'));
  const other = begun === 'older' ? 'second' : 'older';
  await start(nextWorkers, 'newer');
  await kill(begun);
  await clock('real');
  await runs.ends(runId, 'done');
  expect(await whoRan(runId)).toEqual({ ...byOlder, worker: other });
  await runs.expectOnce(runId);
});

/** Expects that the newer build has restarted it from the beginning, after the older one, and repeated no write. */
async function expectTakenOver(runId: RunId): Promise<void> {
  await runs.ends(runId, 'done');
  expect(await whoRan(runId)).toEqual(byNewer);
  expect(await dashboard.countClaims(runId)).toBe(2);
  await runs.expectOnce(runId);
}

test('the newer build recovers the run of the last older worker, which is killed in the middle of a call', async () => {
  await start(workers, 'older');
  await kill('second');
  await clock('standing');
  const runId = await runs.apply();
  expect(await runs.workerOf(runId, StepId.parse('s1'))).toBe('older');
  await start(nextWorkers, 'newer');
  await kill('older');
  await clock('real');
  await expectTakenOver(runId);
});

test('the newer build detects a call whose older worker was killed between the call and its record', async () => {
  for (const name of ['older', 'second']) await kill(name);
  const older = await start(workers, 'older', { SPILLWAY_FAULT_POINT: 'afterCall:s2' });
  const killed = once(older, 'exit');
  await start(nextWorkers, 'newer');
  const runId = await runs.apply();
  expect(await killed).toEqual([null, 'SIGKILL']);
  await expectTakenOver(runId);
  expect(foldRun(await dashboard.recordOf(runId)).apply[1]?.outcome).toBe('readBack');
});

test('the older build runs a sync that a newer dashboard has requested while no newer worker is running', async () => {
  const { db } = dashboard.database;
  await kill('newer');
  await start(workers, 'older');
  await untilSynced();
  for (const name of ['older', 'second']) await kill(name);
  await db.delete(estates);
  expect(await nextWeb.verbs.startSync(connectionId)).toMatchObject({ ok: true });
  // The sync that it requests at its start is the one already queued.
  await start(workers, 'older');
  await expect.poll(dashboard.readConnections, { timeout: 20_000 }).toContain(connectionId);
});
