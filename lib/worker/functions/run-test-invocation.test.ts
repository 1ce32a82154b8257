import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cloud } from '@/lib/cloud/port';
import { estateVersions, testInvocations } from '@/lib/db/schema';
import { clbEvent } from '@/lib/function-contract/clb-event';
import { invariant } from '@/lib/invariant';
import { testInvocationRequest } from '@/lib/preflight/function/test-invocation-request';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readConditions } from '@/lib/store/plans/read-conditions';
import { readNewestTestInvocations, readTestInvocations } from '@/lib/store/read-test-invocations';
import { storeConnections } from '@/lib/worker/connections/store-connections';
import { syncEstate } from '@/lib/worker/sync/sync-estate';
import { type ConnectedSandbox, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { runTestInvocation } from './run-test-invocation';

/* Test invocations on a real database and the real sandbox, whose functions run. */

const connectionId = 'sandbox-test';
const region = 'ap-singapore';
const codes = {
  good: 'return {"statusCode": 200, "headers": {"Set-Cookie": "secret=1"}, "body": event["headers"]["Host"]}',
  bare: 'return "Hello"',
  thrower: 'raise ValueError("no such thing")',
  slow: 'while True: pass',
};

let database: TestDatabase;
let sandbox: ConnectedSandbox;
let cloud: Cloud;
const onError = vi.fn();
const deps = (used: Cloud = cloud) => ({ db: database.db, cloudOf: () => used, historyDays: 30, onError });

beforeAll(async () => {
  [database, sandbox] = await Promise.all([
    startTestDatabase(),
    startConnectedSandbox({
      vipNetwork: '127.191.0.0/16',
      controlPort: null,
      connection: { id: connectionId },
    }),
  ]);
  ({ cloud } = sandbox);
  await storeConnections(database.db, [{ connection: sandbox.connection, isolation: 'user' }]);
  for (const [name, line] of Object.entries(codes)) await deploy(name, line);
  await syncEstate(deps(), connectionId);
});

afterAll(async () => {
  await Promise.all([database.stop(), sandbox.stop()]);
});

beforeEach(async () => {
  await database.db.delete(testInvocations);
  onError.mockReset();
});

function deploy(name: string, line: string) {
  const spec = {
    region,
    namespace: 'default',
    name,
    runtime: 'Python3.10',
    handler: 'index.main_handler',
    code: `def main_handler(event, context):\n    ${line}`,
    memoryMb: 128,
    timeoutS: 1,
    alias: `${name}-live`,
  };
  return cloud.deployFunction(spec, randomUUID(), () => {});
}

async function ask(name: string, change: Partial<typeof testInvocations.$inferInsert> = {}): Promise<string> {
  const estate = await newestEstate(database.db, connectionId);
  invariant(estate !== null, 'it was synced');
  const rule = { kind: 'new', url: '/' } as const;
  const place = { domain: 'shop.example', loadBalancerId: '', listenerId: '', rule };
  const id = randomUUID();
  await database.db.insert(testInvocations).values({
    id,
    connectionId,
    region,
    namespace: 'default',
    name,
    qualifier: '1',
    state: 'running',
    actor: 'test',
    event: clbEvent(testInvocationRequest(estate, place, new Date())),
    ...change,
  });
  return id;
}

async function tried(name: string, change: Partial<typeof testInvocations.$inferInsert> = {}, used = cloud) {
  const id = await ask(name, change);
  await runTestInvocation(deps(used), id);
  const [row] = await database.db.select().from(testInvocations).where(eq(testInvocations.id, id));
  invariant(row !== undefined, 'the test invocation is stored');
  return row;
}

describe('a test invocation', () => {
  it('runs the function with the event of a GET, and stores its duration and response, without its headers', async () => {
    const row = await tried('good');
    expect(row).toMatchObject({
      state: 'judged',
      verdict: { kind: 'kept', statusCode: 200 },
      version: '1',
      error: null,
      excerpt: 'shop.example',
      requestId: expect.stringMatching(/./),
    });
    expect(row.durationMs).toBeGreaterThan(0);
    expect(row.billedMs).toBeGreaterThan(0);
    expect(row.memoryBytes).toBeGreaterThan(0);
    expect(onError).not.toHaveBeenCalled();
  });

  it.each([
    ['bare', { kind: 'broken', faults: ['notObject'] }, '"Hello"'],
    ['thrower', { kind: 'failed', failure: 'exception' }, expect.stringContaining('no such thing')],
    ['slow', { kind: 'failed', failure: 'timeout' }, expect.stringContaining('timed out')],
  ])('reports the problem with %s', async (name, verdict, excerpt) => {
    expect(await tried(name)).toMatchObject({ state: 'judged', verdict, excerpt });
  });

  it('of an alias names the version that it pointed at', async () => {
    expect(await tried('good', { qualifier: 'good-live' })).toMatchObject({ state: 'judged', version: '1' });
  });

  it.each([
    ['no function', 'missing', '1', 'Refused.FunctionMissing'],
    ['no alias', 'good', 'gone', 'Refused.QualifierMissing'],
    ['no version', 'good', '99', 'ResourceNotFound.Qualifier'],
  ])('with %s ends failed, without a verdict', async (_what, name, qualifier, code) => {
    expect(await tried(name, { qualifier })).toMatchObject({
      state: 'failed',
      verdict: null,
      error: { code, mayHaveHappened: false },
    });
    expect(await readTestInvocations(database.db, connectionId)).toEqual([]);
  });

  it('that was interrupted while the function was called does not call it again', async () => {
    const invoke = vi.fn();
    const row = await tried('good', { calledAt: new Date() }, { ...cloud, invoke });
    expect(row).toMatchObject({
      state: 'failed',
      error: { code: 'TestInvocation.Interrupted', mayHaveHappened: true, advice: 'readBack' },
    });
    expect(invoke).not.toHaveBeenCalled();
  });

  it('calls the function once even if two workers claim it', async () => {
    const invoke = vi.fn(cloud.invoke);
    const id = await ask('good');
    const used = { ...cloud, invoke };
    await Promise.all([runTestInvocation(deps(used), id), runTestInvocation(deps(used), id)]);
    await runTestInvocation(deps(used), id);
    expect(invoke).toHaveBeenCalledTimes(1);
    expect(await readNewestTestInvocations(database.db, connectionId)).toMatchObject([
      { id, state: 'judged' },
    ]);
  });

  it('ends failed when our own code throws, with the next step for the operator', async () => {
    const invoke = async (): Promise<never> => {
      throw new TypeError('a secret of ours is undefined');
    };
    const row = await tried('good', {}, { ...cloud, invoke });
    expect(row).toMatchObject({ state: 'failed', error: { code: 'Internal', mayHaveHappened: true } });
    expect(JSON.stringify(row)).not.toContain('a secret of ours');
    expect(onError).toHaveBeenCalledWith(expect.any(TypeError), row.id);
  });
});

describe('the results for checks', () => {
  it('are the newest verdict of each version and alias', async () => {
    await tried('good', { createdAt: new Date(1000) });
    await tried('good', { createdAt: new Date(2000), qualifier: 'good-live' });
    await tried('bare');
    await tried('good', { createdAt: new Date(3000), calledAt: new Date() });
    const { testInvocations } = await readConditions(database.db, {
      connectionId,
      span: null,
      others: { kind: 'bindings' },
    });
    expect(testInvocations.map(({ name, qualifier, verdict }) => [name, qualifier, verdict.kind])).toEqual([
      ['bare', '1', 'broken'],
      ['good', '1', 'kept'],
      ['good', 'good-live', 'kept'],
    ]);
    const newest = await readNewestTestInvocations(database.db, connectionId);
    expect(newest.map((view) => [view.function.qualifier, view.state])).toEqual([
      ['1', 'judged'],
      ['1', 'failed'],
      ['good-live', 'judged'],
    ]);
    expect(await readTestInvocations(database.db, 'another')).toEqual([]);
  });

  it('agree with the newest snapshot on when the function was modified, which a test invocation updates', async () => {
    await deploy('good', codes.good.replace('200', '201'));
    const modified = async () =>
      (await newestEstate(database.db, connectionId))?.functions.find(({ name }) => name === 'good');
    const before = await modified();
    const row = await tried('good', { qualifier: '$LATEST' });
    expect(row).toMatchObject({ version: '$LATEST', verdict: { statusCode: 201 } });
    expect(row.modifiedAt).toBe((await modified())?.modifiedAt);
    expect((await modified())?.versions).not.toEqual(before?.versions);
  });

  it('leave the history unchanged if the function is already known in this state', async () => {
    await tried('bare');
    const versions = () => database.db.select().from(estateVersions);
    const before = await versions();
    await tried('bare');
    expect(await versions()).toEqual(before);
  });
});
