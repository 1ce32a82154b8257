import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  connections,
  deployments,
  diversions,
  estates,
  plans,
  runAttempts,
  runEvents,
  runs,
  syncs,
  testInvocations,
} from '@/lib/db/schema';
import { PlanId } from '@/lib/plan/model/model';
import { foldRun } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { listConnections } from '@/lib/server/connections/list-connections';
import { getEstate } from '@/lib/server/estate/get-estate';
import { startSync } from '@/lib/server/estate/start-sync';
import { deployFunction } from '@/lib/server/functions/deploy-function';
import { getDeployment } from '@/lib/server/functions/get-deployment';
import { getTestInvocations } from '@/lib/server/functions/get-test-invocations';
import { startTestInvocation } from '@/lib/server/functions/start-test-invocation';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { findConnection } from '@/lib/store/connections/read-connections';
import { loadRun } from '@/lib/store/runs/load-run';
import { databaseJournal } from '@/lib/worker/runs/observed-journal';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';

/*
 * The dashboard's requests other than runs, on a real database and the real engine's client; no worker processes them.
 */

const database = testContext();

const shown = { name: 'niaga', kind: 'sandbox', portOffset: 0, isolation: 'user' } as const;

beforeEach(async () => {
  const { db } = database;
  for (const table of [
    runEvents,
    runAttempts,
    runs,
    plans,
    diversions,
    deployments,
    testInvocations,
    estates,
    syncs,
    connections,
  ])
    await db.delete(table);
  await db.execute(sql`delete from dbos.workflow_status`);
  await db.insert(connections).values([
    { id: 'here', ...shown, available: true },
    { id: 'gone', ...shown, available: false },
  ]);
});

const queued = async () => {
  const { rows } = await database.db.execute<{ name: string; queue_name: string }>(
    sql`select name, queue_name from dbos.workflow_status`,
  );
  return rows;
};
const spec = {
  connectionId: 'here',
  region: 'ap-singapore',
  namespace: 'default',
  name: 'sale-page',
  runtime: 'Python3.6',
  handler: 'index.main_handler',
  code: 'def main_handler(event, context): return 1',
  memoryMb: 128,
  timeoutS: 3,
};

describe('connections', () => {
  it('are listed with their public fields, while the worker has keys for them', async () => {
    expect(await listConnections()).toEqual([{ id: 'here', uin: null, ...shown }]);
    expect(await findConnection('here')).toEqual({ id: 'here', uin: null, ...shown });
    expect(await findConnection('gone')).toBeNull();
  });

  it('keep their plans readable without keys', async () => {
    await database.db.insert(estates).values({
      connectionId: 'here',
      takenAt: new Date(),
      version: 1,
      estate: testEstate({ connectionId: 'here' }),
    });
    const created = await createPlan({ connectionId: 'here', diversion: testSplit() });
    await database.db.update(connections).set({ available: false });
    expect(created.ok && (await getPlan(created.value.planId))).toMatchObject({ connection: { id: 'here' } });
  });
});

describe('startSync', () => {
  it('refuses an invalid id', async () => {
    for (const input of [null, 7, '', {}]) {
      expect(await startSync(input as never)).toMatchObject({
        ok: false,
        error: { fields: { input: [expect.any(String)] } },
      });
    }
  });

  it.each(['gone', 'nowhere'])('refuses a connection that is %s', async (id) => {
    expect(await startSync(id)).toMatchObject({
      ok: false,
      error: { form: { message: 'connection.gone', values: { id } } },
    });
    expect(await queued()).toEqual([]);
  });

  it('requests one sync from the worker for several presses', async () => {
    await Promise.all([startSync('here'), startSync('here'), startSync('here')]);
    expect(await startSync('here')).toEqual({ ok: true, value: null });
    expect(await queued()).toEqual([{ name: 'sync', queue_name: 'syncs' }]);
  });
});

describe('deployFunction', () => {
  it('reports all invalid fields together, and stores nothing', async () => {
    const bad = {
      ...spec,
      region: '',
      namespace: '1st',
      name: 'x',
      runtime: '',
      handler: 'main',
      code: '',
      memoryMb: 100,
      timeoutS: 901,
    };
    expect(await deployFunction(bad)).toEqual({
      ok: false,
      error: {
        form: null,
        fields: {
          region: ['region.missing'],
          namespace: ['namespace.invalid'],
          name: ['functionName.invalid'],
          runtime: ['runtime.missing'],
          handler: ['handler.invalid'],
          code: ['code.missing'],
          memoryMb: ['memory.invalid'],
          timeoutS: ['timeout.invalid'],
        },
      },
    });
    expect(await deployFunction(null as never)).toMatchObject({ ok: false });
    expect(await database.db.select().from(deployments)).toEqual([]);
  });

  it.each(['gone', 'nowhere'])('refuses a connection that is %s', async (connectionId) => {
    expect(await deployFunction({ ...spec, connectionId })).toMatchObject({
      ok: false,
      error: { form: { message: 'connection.gone', values: { id: connectionId } } },
    });
    expect(await queued()).toEqual([]);
  });

  it('refuses a new function with an existing name, and accepts it after confirmation', async () => {
    const { db } = database;
    const estate = testEstate();
    await db.insert(estates).values({ connectionId: 'here', takenAt: new Date(), version: 1, estate });
    const same = { ...spec, namespace: 'flash', name: 'storefront' };
    expect(await deployFunction({ ...same, isNew: true })).toMatchObject({
      ok: false,
      error: { fields: { name: ['functionName.exists'] } },
    });
    expect(await queued()).toEqual([]);
    expect((await deployFunction({ ...same, isNew: false })).ok).toBe(true);
  });

  it('stores the deployment and submits it to the worker', async () => {
    const answer = await deployFunction(spec);
    expect(answer.ok && (await getDeployment(answer.value.deploymentId))).toMatchObject({
      function: { region: spec.region, namespace: 'default', name: 'sale-page' },
      state: 'running',
      stage: null,
    });
    expect(await queued()).toEqual([{ name: 'deploy', queue_name: 'chores' }]);
  });
});

describe('startTestInvocation', () => {
  const choice = { region: spec.region, namespace: 'default', name: 'sale-page', qualifier: '1' };
  const rule = { kind: 'new', url: '/' } as const;
  const place = { domain: 'sale.example.co.id', loadBalancerId: '', listenerId: '', rule };
  const asked = { connectionId: 'here', function: choice, place };
  const estate = testEstate({ connectionId: 'here' });

  it('names every bad field at once, and stores nothing', async () => {
    expect(
      await startTestInvocation({ ...asked, function: { ...choice, name: '' }, connectionId: '' }),
    ).toMatchObject({
      ok: false,
      error: { fields: { connectionId: [expect.any(String)], 'function.name': ['function.missing'] } },
    });
    expect(await database.db.select().from(testInvocations)).toEqual([]);
  });

  it.each(['gone', 'nowhere'])('refuses a connection that is %s', async (connectionId) => {
    expect(await startTestInvocation({ ...asked, connectionId })).toMatchObject({
      ok: false,
      error: { form: { message: 'connection.gone' } },
    });
    expect(await queued()).toEqual([]);
  });

  it('refuses before the first sync of the account', async () => {
    expect(await startTestInvocation(asked)).toMatchObject({
      ok: false,
      error: { form: { message: 'estate.never' } },
    });
  });

  it('stores the test invocation with the event of the route, and submits it to the worker', async () => {
    await database.db
      .insert(estates)
      .values({ connectionId: 'here', takenAt: new Date(), version: 1, estate });
    const answer = await startTestInvocation(asked);
    expect(await getTestInvocations('here')).toMatchObject({
      newest: [
        {
          id: answer.ok && answer.value.testInvocationId,
          function: choice,
          state: 'running',
          isCalled: false,
        },
      ],
      judged: [],
    });
    const [row] = await database.db.select().from(testInvocations);
    expect(row?.event.headers.Host).toBe(place.domain);
    expect(await queued()).toEqual([{ name: 'testInvocation', queue_name: 'testInvocations' }]);
    expect(await getTestInvocations('gone')).toEqual({ newest: [], judged: [] });
  });
});

describe('getDeployment', () => {
  it('finds none under an unknown or invalid id', async () => {
    expect(await getDeployment(randomUUID())).toBeNull();
    expect(await getDeployment("x'; drop table deployment")).toBeNull();
  });

  it('returns its result', async () => {
    const { connectionId, ...code } = spec;
    const error = {
      code: 'Internal',
      message: 'm',
      requestId: null,
      action: 'DeployFunction',
      region: null,
      mayHaveHappened: true,
      advice: 'readBack',
    } as const;
    const [done, failed] = [randomUUID(), randomUUID()];
    await database.db.insert(deployments).values([
      { id: done, connectionId, spec: code, state: 'done', version: '3', actor: 'a' },
      { id: failed, connectionId, spec: code, state: 'failed', error, actor: 'a' },
    ]);
    expect(await getDeployment(done)).toMatchObject({ state: 'done', version: '3' });
    expect(await getDeployment(failed)).toMatchObject({ state: 'failed', error });
  });
});

describe('getEstate', () => {
  it('returns null before the first sync, and without a connection', async () => {
    expect(await getEstate('here')).toEqual({ estate: null, sync: { state: 'never' } });
    expect(await getEstate('nowhere')).toEqual({ estate: null, sync: { state: 'never' } });
  });

  it('returns the newest snapshot beside the result of the last sync', async () => {
    const [older, newer] = ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'];
    for (const takenAt of [older, newer]) {
      const estate = { ...testEstate(), takenAt };
      await database.db
        .insert(estates)
        .values({ connectionId: 'here', takenAt: new Date(takenAt), version: 1, estate });
    }
    await database.db.insert(syncs).values({
      connectionId: 'here',
      state: 'done',
      startedAt: new Date(older),
      finishedAt: new Date(newer),
      progress: { done: 2, total: 2, calls: 9, part: 'x' },
    });
    const view = await getEstate('here');
    expect(view.estate?.takenAt).toBe(newer);
    expect(view.sync).toEqual({ state: 'done', finishedAt: newer, calls: 9, durationMs: 86_400_000 });
  });
});

it('shows an event that was written twice as one event of the run', async () => {
  await database.db.insert(estates).values({
    connectionId: 'here',
    takenAt: new Date(),
    version: 1,
    estate: testEstate({ connectionId: 'here' }),
  });
  const created = await createPlan({ connectionId: 'here', diversion: testSplit() });
  const planId = PlanId.parse(created.ok && created.value.planId);
  const [run] = await database.db.insert(runs).values({ planId, createdBy: 'a' }).returning();
  const runId = RunId.parse(run?.id);
  await database.db.insert(runAttempts).values({ runId, attempt: 1, direction: 'apply', actor: 'a' });
  const journal = databaseJournal(database.db, { runId, number: 0 });
  const at = '2026-12-12T00:00:00.000Z';
  const events: readonly RunEvent[] = [
    { type: 'started', actor: 'a', attempt: 1, at, direction: 'apply' },
    { type: 'stopped', stepId: null, reason: { kind: 'internal', message: 'x' }, at, direction: 'apply' },
  ];
  const fold = async () => {
    const record = await loadRun(database.db, RunId.parse(runId));
    return record && foldRun(record);
  };
  for (const event of events) await journal.append(event);
  const once = await fold();
  expect(once).toMatchObject({ state: 'stopped' });
  await database.db.delete(runEvents);
  for (const event of events) {
    await journal.append(event);
    await journal.append(event);
  }
  expect((await journal.read()).map(({ type }) => type)).toEqual([
    'started',
    'started',
    'stopped',
    'stopped',
  ]);
  expect(await fold()).toEqual(once);
});
