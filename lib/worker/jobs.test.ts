import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CloudConnection } from '@/lib/cloud/connection';
import type { Cloud, FunctionSpec } from '@/lib/cloud/port';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { reconnecting } from '@/lib/db/reconnecting';
import { connections, deployments, estates, syncs } from '@/lib/db/schema';
import type { ScfFunction } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { type ConnectedSandbox, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { type OwnDatabase, startOwnDatabase } from '@/testing/db/own-database';
import { testEstate } from '@/testing/plan/test-estate';
import { storeConnections } from './connections/store-connections';
import { noKeys } from './connections/worker-secrets';
import { deployStoredFunction } from './functions/deploy-function';
import { storeFunction } from './functions/store-function';
import { syncEstate } from './sync/sync-estate';

/* Syncs and deployments on a real database and the real sandbox; wrappers simulate other cloud failures. */

const connectionId = 'sandbox-test';
const deploymentId = '33333333-3333-4333-8333-333333333333';
const spec: FunctionSpec = {
  region: 'ap-singapore',
  namespace: 'default',
  name: 'sale-page',
  runtime: 'Python3.6',
  handler: 'index.main_handler',
  code: 'def main_handler(event, context):\n    return "one"',
  memoryMb: 128,
  timeoutS: 3,
};

let database: OwnDatabase;
let sandbox: ConnectedSandbox;
let connection: CloudConnection;
let cloud: Cloud;
const onError = vi.fn();
const deps = (used: Cloud = cloud) => ({ db: database.db, cloudOf: () => used, historyDays: 30, onError });
const breakDown = async (): Promise<never> => {
  throw new TypeError('a secret of ours is undefined');
};

beforeAll(async () => {
  [database, sandbox] = await Promise.all([
    startOwnDatabase(),
    startConnectedSandbox({
      vipNetwork: '127.88.0.0/16',
      controlPort: null,
      connection: { id: connectionId },
    }),
  ]);
  ({ cloud, connection } = sandbox);
});

afterAll(async () => {
  await Promise.all([database.stop(), sandbox.stop()]);
});

beforeEach(async () => {
  const { db } = database;
  for (const table of [deployments, estates, syncs, connections]) await db.delete(table);
  await storeConnections(db, [{ connection, isolation: 'user' }]);
  onError.mockReset();
});

const theSync = async () => {
  const [row] = await database.db.select().from(syncs);
  invariant(row !== undefined, 'the sync is noted');
  return row;
};

describe('the accounts of the worker', () => {
  const all = () => database.db.select().from(connections);

  it('are stored with the isolation of their functions, and never with a key', async () => {
    expect(await all()).toEqual([
      {
        id: connectionId,
        name: 'test',
        kind: 'sandbox',
        uin: null,
        verifiedVersion: null,
        portOffset: connection.portOffset,
        isolation: 'user',
        available: true,
        keysExpireAt: null,
        problem: null,
      },
    ]);
  });

  it('are unavailable without keys, keep their snapshots, and become available again with keys', async () => {
    await syncEstate(deps(), connectionId);
    await storeConnections(database.db, []);
    expect(await all()).toMatchObject([{ id: connectionId, available: false }]);
    expect(await database.db.select().from(estates)).toHaveLength(1);
    await storeConnections(database.db, [{ connection, isolation: null }]);
    expect(await all()).toMatchObject([{ id: connectionId, available: true, isolation: null }]);
  });
});

describe('a sync', () => {
  it('stores the snapshot and reports its number of calls', async () => {
    await syncEstate(deps(), connectionId);
    expect(await theSync()).toMatchObject({ state: 'done', error: null });
    expect((await theSync()).progress?.calls).toBeGreaterThan(5);
    const [row] = await database.db.select().from(estates);
    expect(row?.estate.loadBalancers.length).toBeGreaterThan(0);
    expect((await database.db.select().from(connections))[0]?.uin).toMatch(/^\d+$/);
  });

  it("ends failed with the cloud's error if the cloud refuses", async () => {
    const log = { debug: () => {}, info: () => {}, warn: () => {} };
    const wrong = createTencentCloud({ ...connection, secretKey: 'wrong' }, { now: () => new Date(), log });
    await syncEstate(deps(wrong), connectionId);
    expect(await theSync()).toMatchObject({
      state: 'failed',
      error: { code: 'AuthFailure.SignatureFailure', action: 'GetCallerIdentity' },
    });
    expect(onError).not.toHaveBeenCalled();
  });

  it('ends failed when our own code throws; only the log has the details', async () => {
    await syncEstate(deps({ ...cloud, readEstate: breakDown }), connectionId);
    const { state, error } = await theSync();
    expect(state).toBe('failed');
    expect(error).toMatchObject({ code: 'Internal', action: 'ReadEstate', mayHaveHappened: false });
    expect(error?.message).toContain('Refresh to try again');
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(onError).toHaveBeenCalledWith(expect.any(TypeError), connectionId);
  });

  it('survives a database crash during its reads', async () => {
    const postmaster = Number(
      readFileSync(join(database.server.home, 'postgres/postmaster.pid'), 'utf8').split('\n')[0],
    );
    const readEstate: Cloud['readEstate'] = async (onProgress) => {
      const estate = await cloud.readEstate(onProgress);
      process.kill(postmaster, 'SIGKILL');
      const ask = () =>
        database.db.execute('select 1').then(
          () => 'up',
          () => 'down',
        );
      await expect.poll(ask, { interval: 5 }).toBe('down');
      return estate;
    };
    await syncEstate(deps({ ...cloud, readEstate }), connectionId);
    expect(await reconnecting(theSync)).toMatchObject({ state: 'done', error: null });
    expect(onError).not.toHaveBeenCalled();
  });

  it('ends failed when the worker has no keys for its connection', async () => {
    const getCloud = (id: string): Cloud => {
      throw noKeys(id);
    };
    await syncEstate({ ...deps(), cloudOf: getCloud }, connectionId);
    const message = expect.stringContaining(`no keys of ${connectionId}`);
    expect(await theSync()).toMatchObject({ state: 'failed', error: { code: 'Refused.NoKeys', message } });
    expect(onError).not.toHaveBeenCalled();
  });
});

describe('a deployment', () => {
  beforeEach(async () => {
    await syncEstate(deps(), connectionId);
    await database.db
      .insert(deployments)
      .values({ id: deploymentId, connectionId, spec, state: 'running', actor: 'test' });
  });
  const theDeployment = async () => {
    const [row] = await database.db.select().from(deployments).where(eq(deployments.id, deploymentId));
    return row;
  };
  const names = async () =>
    (await database.db.select().from(estates))[0]?.estate.functions.map(({ name }) => name);

  it('is done even if the function cannot be read afterwards', async () => {
    await deployStoredFunction(deps({ ...cloud, getFunction: breakDown }), deploymentId);
    expect(await theDeployment()).toMatchObject({ state: 'done', version: '1', stage: 'publishing' });
    expect(onError).toHaveBeenCalledWith(expect.any(TypeError), deploymentId);
    expect(await names()).not.toContain(spec.name);
  });

  it('adds its function to the newest snapshot', async () => {
    await deployStoredFunction(deps(), deploymentId);
    expect(await theDeployment()).toMatchObject({ state: 'done', error: null });
    expect(await names()).toContain(spec.name);
    expect(onError).not.toHaveBeenCalled();
  });

  it("ends failed with the cloud's refusal", async () => {
    const other = { ...spec, handler: 'nothing' };
    await database.db.update(deployments).set({ spec: other });
    await deployStoredFunction(deps(), deploymentId);
    expect(await theDeployment()).toMatchObject({
      state: 'failed',
      error: { code: 'Refused.HandlerUnusable' },
    });
  });

  it('ends failed when our own code throws, with the next step for the operator', async () => {
    await deployStoredFunction(deps({ ...cloud, deployFunction: breakDown }), deploymentId);
    const row = await theDeployment();
    expect(row).toMatchObject({
      state: 'failed',
      error: { code: 'Internal', action: 'DeployFunction', region: spec.region, mayHaveHappened: true },
    });
    expect(row?.error?.message).toContain('then deploy it again');
    expect(JSON.stringify(row?.error)).not.toContain('secret');
    expect(onError).toHaveBeenCalledWith(expect.any(TypeError), deploymentId);
  });
});

it('adds functions deployed at the same time to the snapshot', async () => {
  const estate = { ...testEstate(), functions: [] };
  await database.db.insert(estates).values({ connectionId, takenAt: new Date(), version: 1, estate });
  const wanted = Array.from({ length: 8 }, (_, i) => `fn-${i}`);
  const fn = (name: string): ScfFunction => ({
    region: 'ap-singapore',
    namespace: 'default',
    name,
    type: 'Event',
    runtime: 'Python3.6',
    handler: 'index.main_handler',
    status: 'Active',
    memoryMb: 128,
    timeoutS: 3,
    modifiedAt: '2026-11-24T00:00:00.000Z',
    versions: ['$LATEST'],
    clbTriggerCount: 0,
    availableStatus: null,
    aliases: null,
    reservedMb: null,
    provisioned: null,
    triggers: null,
    tags: {},
  });
  await Promise.all(wanted.map((name) => storeFunction(database.db, connectionId, fn(name), fn(name), 30)));
  const [row] = await database.db.select().from(estates);
  expect(row?.estate.functions.map(({ name }) => name)).toEqual(wanted);
});
