import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { estates } from '@/lib/db/schema';
import { startTestDatabase, type TestDatabase } from '@/lib/db/test-database';
import { testSplit } from '@/lib/diversion/test-split';
import { invariant } from '@/lib/invariant';
import { foldRun } from '@/lib/run/fold-run';
import { type Sandbox, startSandbox } from '@/lib/sandbox/sandbox';
import { applyPlan } from '@/lib/server/apply-plan';
import { commandRun } from '@/lib/server/command-run';
import { serverContext } from '@/lib/server/context';
import { createPlan } from '@/lib/server/create-plan';
import { getPlan } from '@/lib/server/get-plan';
import { loadRun } from '@/lib/server/load-run';
import { startSync } from '@/lib/server/start-sync';
import { type Service, supervise } from './supervise';
import { type TestWorkers, testWorkers } from './test-workers';

/*
 * Several worker processes on one real database, against the real sandbox, which counts what takes effect. This process
 * is the dashboard: it plans, applies and reads.
 */

const connectionId = 'sandbox-small-standard';
let database: TestDatabase;
let sandbox: Sandbox;
let workers: TestWorkers;
let later: TestWorkers;

beforeAll(async () => {
  [database, sandbox] = await Promise.all([
    startTestDatabase(),
    startSandbox({
      port: 0,
      dnsPort: 0,
      seed: 'small',
      vipNetwork: '127.132.0.0/16',
      taskMs: 100,
      stateFile: null,
      controlPort: 0,
      log: pino({ level: 'silent' }),
    }),
  ]);
  process.env.DATABASE_URL = database.url;
  process.env.SPILLWAY_KEEP_ALIVE_S = '1';
  const environment = { databaseUrl: database.url, sandbox: JSON.stringify(sandbox.announcement) };
  [workers, later] = await Promise.all([testWorkers(environment), testWorkers(environment, '2')]);
}, 60_000);

const services: Service<true>[] = [];

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop()));
  await Promise.all([workers.stop(), later.stop()]);
});

afterAll(async () => {
  const { database: opened, engine } = await serverContext();
  await engine.close();
  await opened.close();
  await Promise.all([workers.remove(), later.remove(), database.stop(), sandbox.stop()]);
});

async function door(method: string, path: string, body?: object): Promise<unknown> {
  const { control } = sandbox.announcement;
  invariant(control !== null, 'the control door is open');
  const answer = await fetch(`${control.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${control.token}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

beforeEach(async () => {
  await door('POST', '/reset');
  await door('POST', '/task-time', { ms: 100 });
  await database.db.delete(estates);
});

/** Reviews a Split over a fresh estate and hands it to the workers. @returns the run's id */
async function apply(): Promise<string> {
  const ours = eq(estates.connectionId, connectionId);
  await startSync(connectionId);
  await expect
    .poll(async () => (await database.db.select().from(estates).where(ours)).length, { timeout: 20_000 })
    .toBeGreaterThan(0);
  const created = await createPlan(connectionId, testSplit);
  invariant(created.ok, 'the estate can be planned');
  const plan = await getPlan(created.value.planId);
  invariant(plan !== null, 'the plan is stored');
  const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null });
  invariant(applied.ok, 'the plan is accepted');
  return applied.value.runId;
}

const recordOf = async (runId: string) => {
  const record = await loadRun(database.db, runId);
  invariant(record !== null, 'the run is stored');
  return record;
};

/** Waits until the run has come to its end. */
async function ends(runId: string, state: 'done' | 'reverted'): Promise<void> {
  await expect
    .poll(async () => foldRun(await recordOf(runId)), { timeout: 20_000, interval: 100 })
    .toMatchObject({ state, held: null });
}

/** That the cloud counts one effect for each write that the run has done, there and back: two at once would have made more. */
async function expectOnce(runId: string): Promise<void> {
  const counted = Object.values((await door('GET', '/effects')) as Record<string, number>);
  const { events } = await recordOf(runId);
  const done = events.filter((e) => e.type === 'stepDone' && /applied|readBack/.test(e.outcome));
  expect(done.length).toBeGreaterThan(2);
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(done.length);
}

/** How often a worker has taken the run up. */
async function lives(runId: string): Promise<number> {
  const { rows } = await database.db.execute<{ fence: number }>(
    sql`select fence from run where id = ${runId}`,
  );
  return rows[0]?.fence ?? 0;
}

/** The worker that runs this run, once a call of this step is under way. */
async function workerOf(runId: string, stepId: string): Promise<string> {
  await expect
    .poll(
      async () => (await recordOf(runId)).events.some((e) => e.type === 'accepted' && e.stepId === stepId),
      {
        timeout: 20_000,
        interval: 20,
      },
    )
    .toBe(true);
  const { rows } = await database.db.execute<{ worker: string }>(
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

/** Three workers that the launcher's supervision starts again. @returns what each of them ended with */
async function threeSupervised(): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const name of names) {
    services.push(
      supervise<true>({
        name,
        start: () => {
          const child = workers.spawn(name);
          child.on('exit', (code, signal) => ended.push(`${name} ${signal ?? code}`));
          return child;
        },
        ready: (said) => (said.kind === 'message' ? true : undefined),
        stopSignal: 'SIGTERM',
        stopWithinMs: 5000,
        log: { line: () => {}, say: () => {} },
      }),
    );
  }
  await Promise.all(services.map((service) => service.ready));
  return ended;
}

test('a worker killed between a call and its record: another one goes on, and repeats nothing', async () => {
  const children = await three({ SPILLWAY_FAULT_POINT: 'afterCall:s2' });
  const killed = Promise.race([...children.values()].map((child) => once(child, 'exit')));
  const runId = await apply();
  expect(await killed).toEqual([null, 'SIGKILL']);
  await ends(runId, 'done');
  await expectOnce(runId);
  expect(await lives(runId)).toBe(2);
  expect(foldRun(await recordOf(runId)).apply[1]?.outcome).toBe('readBack');
  expect(
    [...children.values()].filter((child) => child.exitCode === null && child.signalCode === null),
  ).toHaveLength(2);
}, 60_000);

test('a frozen worker is cut off; another one goes on, and the frozen one stops when it wakes', async () => {
  const children = await three();
  await door('POST', '/task-time', { ms: 3000 });
  const runId = await apply();
  const frozen = children.get(await workerOf(runId, 's1'));
  invariant(frozen !== undefined, 'one of the three runs it');
  frozen.kill('SIGSTOP');
  const exited = once(frozen, 'exit');
  await expect.poll(() => lives(runId), { timeout: 20_000 }).toBe(2);
  await door('POST', '/task-time', { ms: 100 });
  frozen.kill('SIGCONT');
  expect(await exited).toEqual([70, null]);
  await ends(runId, 'done');
  await expectOnce(runId);
}, 60_000);

test('a cut connection and a database that is killed: workers stop at once, come again, and runs go on', async () => {
  const ended = await threeSupervised();
  await door('POST', '/task-time', { ms: 1000 });
  const runId = await apply();
  const worker = await workerOf(runId, 's1');
  await database.db.execute(sql`
    select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objsubid = 1
      and (classid::bigint << 32) | objid::bigint = hashtextextended(${`executor:${worker}`}, 0)`);
  await ends(runId, 'done');
  expect(ended).toEqual([`${worker} 70`]);
  await expectOnce(runId);

  expect(await commandRun({ runId, command: 'revert', typedDomain: null })).toMatchObject({ ok: true });
  await workerOf(runId, 'r1');
  const file = join(database.server.home, 'postgres/postmaster.pid');
  process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL');
  await ends(runId, 'reverted');
  expect(ended.slice(1).toSorted()).toEqual(names.map((name) => `${name} 70`));
  await expectOnce(runId);
}, 90_000);

test('a run of an older build stays with its workers, and goes on in the newer one when those are gone', async () => {
  const older = workers.spawn('older');
  const newer = later.spawn('newer');
  await Promise.all([older, newer].map(ready));
  await door('POST', '/task-time', { ms: 1000 });
  const runId = await apply();
  expect(await workerOf(runId, 's2')).toBe('older');
  older.kill('SIGKILL');
  await ends(runId, 'done');
  await expectOnce(runId);
  const { rows } = await database.db.execute<{ version: string; worker: string }>(
    sql`select application_version as version, executor_id as worker from dbos.workflow_status
        where workflow_uuid = ${`${runId}.1`}`,
  );
  expect(rows).toEqual([{ version: '2', worker: 'newer' }]);
}, 60_000);
