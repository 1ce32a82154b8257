import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { estates } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import { StepId } from '@/lib/plan/model/model';
import { foldRun } from '@/lib/run/model/fold-run';
import { commandRun } from '@/lib/server/runs/command-run';
import { addFreeze, removeFreeze } from '@/lib/server/settings/change-freezes';
import { listFreezes } from '@/lib/server/settings/list-freezes';
import { startTestDashboard, type TestDashboard } from '@/testing/launch/test-dashboard';
import { type TestRuns, testRuns } from '@/testing/launch/test-runs';
import { webVerbs } from '@/testing/launch/test-web-verbs';
import { type TestWorkers, testWorkers } from '@/testing/launch/test-workers';

/* Several worker processes on one real database, against the real sandbox, which counts effects. */

const connectionId = 'sandbox-small-standard';
let dashboard: TestDashboard;
let workers: TestWorkers;
let runs: TestRuns;

beforeAll(async () => {
  dashboard = await startTestDashboard('127.132.0.0/16', 100);
  const { database, sandbox } = dashboard;
  const environment = {
    databaseUrl: database.workerUrl,
    sandbox: JSON.stringify(sandbox.announcement),
  };
  runs = testRuns(dashboard, connectionId);
  workers = await testWorkers(environment);
});

afterAll(async () => {
  await workers.stop();
  await dashboard.stop();
  workers.remove();
});

const within = { timeout: 20_000 };
const taskTime = (ms: number) => dashboard.callControl('POST', '/task-time', { ms });

test('another worker continues the runs of a killed and a frozen one without repeating anything, and the frozen one stops when it resumes', async () => {
  const children = new Map(
    ['a', 'b', 'c'].map((name) => [name, workers.spawn(name, { SPILLWAY_FAULT_POINT: 'afterCall:s2' })]),
  );
  await Promise.all([...children.values()].map((child) => once(child, 'message')));
  const findAlive = () =>
    [...children.values()].filter((child) => child.exitCode === null && child.signalCode === null);

  // Between a call and its record in the journal.
  const killed = Promise.race([...children.values()].map((child) => once(child, 'exit')));
  const runId = await runs.apply();
  expect(await killed).toEqual([null, 'SIGKILL']);
  await runs.ends(runId, 'done');
  await runs.expectOnce(runId);
  expect(await dashboard.countClaims(runId)).toBe(2);
  expect(foldRun(await dashboard.recordOf(runId)).apply[1]?.outcome).toBe('readBack');
  expect(findAlive()).toHaveLength(2);

  // In the middle of a call.
  await taskTime(3000);
  expect(await commandRun({ runId, command: 'rollback', typedDomain: null })).toMatchObject({ ok: true });
  const frozen = children.get(await runs.workerOf(runId, StepId.parse('r4')));
  invariant(frozen !== undefined, 'one of them runs it');
  frozen.kill('SIGSTOP');
  const exited = once(frozen, 'exit');
  await expect.poll(() => dashboard.countClaims(runId), { timeout: 20_000 }).toBe(4);
  await taskTime(100);
  frozen.kill('SIGCONT');
  expect(await exited).toEqual([70, null]);
  await runs.ends(runId, 'rolledBack');
  await runs.expectOnce(runId);
  expect(findAlive()).toHaveLength(1);
});

/** Selects the session lock that a worker holds while it is connected. */
const isLockOf = (worker: string) => sql`locktype = 'advisory' and objsubid = 1
  and (classid::bigint << 32) | objid::bigint = hashtextextended(${`executor:${worker}`}, 0)`;

async function isConnected(worker: string): Promise<boolean> {
  const { rows } = await dashboard.database.db.execute(
    sql`select 1 from pg_locks where ${isLockOf(worker)} and granted`,
  );
  return rows.length === 1;
}

test('workers stop at once after a broken connection or a killed database, restart, and continue their runs', async () => {
  await workers.stop();
  await dashboard.callControl('POST', '/reset');
  await dashboard.database.db.delete(estates);
  const ended = new Map(
    await Promise.all(['a', 'b'].map(async (name) => [name, await workers.supervise(name)] as const)),
  );
  await taskTime(1000);
  const runId = await runs.apply();
  const worker = await runs.workerOf(runId, StepId.parse('s1'));
  await dashboard.database.db.execute(
    sql`select pg_terminate_backend(pid) from pg_locks where ${isLockOf(worker)}`,
  );
  await runs.ends(runId, 'done');
  expect(Object.fromEntries(ended)).toEqual({ a: [], b: [], [worker]: ['70'] });
  await runs.expectOnce(runId);

  // A worker that is still restarting has no connection to break.
  await expect.poll(() => isConnected(worker), { timeout: 20_000 }).toBe(true);
  expect(await commandRun({ runId, command: 'rollback', typedDomain: null })).toMatchObject({ ok: true });
  await runs.workerOf(runId, StepId.parse('r1'));
  const file = join(dashboard.database.server.home, 'postgres/postmaster.pid');
  process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL');
  await runs.ends(runId, 'rolledBack');
  expect(Object.fromEntries(ended)).toEqual({ a: ['70'], b: ['70'], [worker]: ['70', '70'] });
  await runs.expectOnce(runId);
});

test('a run and its rollback go on right after one 502 on a DNS write, in effect or not, without repeating anything', async () => {
  await workers.stop();
  await dashboard.callControl('POST', '/reset');
  await dashboard.database.db.delete(estates);
  await taskTime(100);
  await workers.supervise('a');
  const failNext = (takesEffect: boolean) =>
    dashboard.callControl('POST', '/faults', { kind: 'http502', action: 'ModifyRecordFields', takesEffect });
  await failNext(false);
  const runId = await runs.apply();
  // A watch of the record's index, longer than a round of retries, would outlast this.
  await runs.ends(runId, 'done');
  await runs.expectOnce(runId);
  await failNext(true);
  expect(await commandRun({ runId, command: 'rollback', typedDomain: null })).toMatchObject({ ok: true });
  await runs.ends(runId, 'rolledBack');
  await runs.expectOnce(runId);
  const { events } = await dashboard.recordOf(runId);
  const failed = events.flatMap((e) => (e.type === 'callFailed' ? [[e.direction, e.error.code]] : []));
  expect(failed).toEqual([
    ['apply', 'Http.502'],
    ['rollback', 'Http.502'],
  ]);
});

test('a scheduled run reports a freeze as soon as it is added, and forgets it as soon as it is removed', async () => {
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const cutover: Cutover = {
    t0: at(2),
    prewarmS: 600,
    t1: at(3),
    zone: 'UTC',
    missedT0: { kind: 'skip' },
    guards: [],
  };
  const applyPlan: typeof webVerbs.applyPlan = (input) => webVerbs.applyPlan({ ...Object(input), cutover });
  const runId = await runs.apply({ ...webVerbs, applyPlan });
  const isFrozen = async () =>
    foldRun(await dashboard.recordOf(runId)).checked?.problems.some(({ kind }) => kind === 'frozen');
  await expect.poll(async () => foldRun(await dashboard.recordOf(runId)).state, within).toBe('scheduled');
  const span = { kind: 'once', from: at(1), to: at(4) } as const;
  expect(await addFreeze({ name: 'Year end', span })).toMatchObject({ ok: true });
  await expect.poll(isFrozen, within).toBe(true);
  const [freeze] = await listFreezes();
  await removeFreeze(freeze?.id ?? 0);
  await expect.poll(isFrozen, within).toBe(false);
});
