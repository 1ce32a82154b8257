import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CloudError } from '@/lib/cloud/errors';
import { realSleep } from '@/lib/cloud/rate-budgets';
import { connectionKeys, connections, runs } from '@/lib/db/schema';
import { sealAgain } from '@/lib/db/sealing-keys';
import { invariant } from '@/lib/invariant';
import { drawSealingKey } from '@/lib/sealing-key-file';
import {
  addConnection,
  changeConnection,
  removeConnection,
  rotateConnectionKeys,
  testConnection,
} from '@/lib/server/connections/change-connections';
import { listConnectionSettings } from '@/lib/server/connections/list-connection-settings';
import { listConnections } from '@/lib/server/connections/list-connections';
import { testKeys } from '@/testing/launch/test-keys';
import { testEstate } from '@/testing/plan/test-estate';
import { startTestCloud } from '@/testing/sandbox/test-cloud';
import { testContext } from '@/testing/server/test-context';
import { startConnectionWorker } from '@/testing/worker/connection-worker';

/* Connections that people add, from the verbs of the dashboard to the calls of a worker to a real sandbox. */

const context = testContext();
const cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.109.0.0/16' });
afterAll(() => cloud.plane.stop());
beforeEach(async () => {
  await context.clear();
  await context.db.delete(connections);
});

/** Called before a call to the cloud is repeated. */
let beforeRetry = async () => {};

async function sleep(ms: number): Promise<void> {
  await beforeRetry();
  await realSleep(ms);
}

const silent = { debug: vi.fn(), info: vi.fn(), warn: vi.fn() };

/** Starts a worker that uses connections. */
function startWorker(keys?: readonly string[]) {
  const hidden: string[] = [];
  const ready: string[] = [];
  const worker = startConnectionWorker({
    db: context.db,
    cloud,
    vipNetwork: '127.109.0.0/16',
    log: silent,
    sleep,
    ...(keys && { keys }),
    hide: (values) => hidden.push(...values),
    onReady: (id) => ready.push(id),
  });
  return { ...worker, hidden, ready };
}

const regions = ['ap-singapore'];
async function add(more: Partial<Parameters<typeof addConnection>[0] & object> = {}): Promise<string> {
  const read = cloud.keys('niaga', 'reviewer');
  const input = { kind: 'sandbox', site: 'mainland', regions, read, writes: 'none', write: null } as const;
  const added = await addConnection({ name: 'Review', ...input, ...more });
  invariant(added.ok, `it is added: ${JSON.stringify(added)}`);
  return added.value.id;
}
const settingsOf = async (id: string) =>
  (await listConnectionSettings()).connections.find((each) => each.id === id);
const uin = '100028471935';
const weights = { LoadBalancerId: 'lb-none', ListenerId: 'lbl-none', Targets: [] };
const attemptWrite = (worker: ReturnType<typeof startWorker>, id: string) =>
  worker.registry
    .getCloud(id)
    .write({ service: 'clb', action: 'ModifyTargetWeight', region: 'ap-singapore', params: weights })
    .then(
      () => 'accepted',
      (error: unknown) => (error instanceof CloudError ? error.data.code : String(error)),
    );

describe('a connection that a person adds', () => {
  it('is used without a restart once the cloud has confirmed its account', async () => {
    const worker = startWorker();
    await worker.round();
    const id = await add();
    expect(id).toBe('account-review');
    expect(await listConnections()).toEqual([]);
    expect(await settingsOf(id)).toMatchObject({ isConnected: false, added: { isVerified: false } });
    await worker.round();
    expect(worker.ready).toEqual([id]);
    expect(await listConnections()).toMatchObject([{ id, name: 'Review', kind: 'sandbox', uin }]);
    const { secretId, secretKey } = cloud.keys('niaga', 'reviewer');
    expect(await settingsOf(id)).toMatchObject({
      isConnected: true,
      problem: null,
      added: { readKeyEnd: secretId.slice(-4), writes: 'none', isVerified: true },
    });
    const estate = await worker.registry.getCloud(id).readEstate(() => {});
    expect(estate).toMatchObject({ connectionId: id, account: { uin } });
    expect(worker.hidden).toContain(secretKey);
    await worker.round();
    expect(worker.ready).toEqual([id]);
  });

  it('does not delay the start of a worker, which waits for no answer of the cloud before it resumes runs', async () => {
    const known = await add();
    await startWorker().round();
    const unknown = await add({ name: 'New' });
    await cloud.callControl('POST', '/faults', { kind: 'throttle', action: 'GetCallerIdentity' });
    const retried = vi.fn(async () => {});
    beforeRetry = retried;
    const worker = startWorker();
    await worker.start();
    expect([known, unknown].map((id) => worker.registry.has(id))).toEqual([true, false]);
    expect(retried).not.toHaveBeenCalled();
    await worker.round();
    expect(worker.registry.has(unknown)).toBe(true);
    expect(retried).toHaveBeenCalled();
    beforeRetry = async () => {};
  });

  it('is stored without its keys in clear', async () => {
    const id = await add({ writes: 'own', write: cloud.keys('niaga', 'operator') });
    const { rows } = await context.db.execute(
      sql`select keys::text as stored from connection_keys as keys
          union all select entry::text from audit_entry as entry
          union all select shown::text from connection as shown`,
    );
    const stored = JSON.stringify(rows);
    expect(stored).toContain(id);
    for (const user of ['reviewer', 'operator'])
      for (const secret of Object.values(cloud.keys('niaga', user))) expect(stored).not.toContain(secret);
    expect(JSON.stringify(await listConnectionSettings())).not.toMatch(/v2\.|sealed/);
  });

  it('sends no write without a key for changes, and signs writes with that key', async () => {
    const worker = startWorker();
    const readOnly = await add();
    const writing = await add({ name: 'Operate', writes: 'own', write: cloud.keys('niaga', 'operator') });
    await worker.round();
    expect(await attemptWrite(worker, readOnly)).toBe('Refused.ReadOnly');
    // The operator may do it, the reviewer may not.
    expect(await attemptWrite(worker, writing)).not.toMatch(/Refused|Unauthorized/);
  });

  it('is refused with keys of an account that the cloud does not know, and says so', async () => {
    const worker = startWorker();
    const id = await add({ read: { secretId: 'AKIDunknown1', secretKey: 'unknown-key' } });
    await worker.round();
    expect(worker.registry.has(id)).toBe(false);
    expect(await settingsOf(id)).toMatchObject({
      isConnected: false,
      problem: expect.stringContaining('AuthFailure.SecretIdNotFound'),
    });
    expect(worker.loop.problems()).toMatchObject([{ object: `connection ${id}` }]);
  });

  it('can not be used by a worker without the private key, which says what to do', async () => {
    const worker = startWorker([drawSealingKey()]);
    const id = await add();
    await worker.round();
    expect(worker.registry.has(id)).toBe(false);
    expect((await settingsOf(id))?.problem).toMatch(/keys can't be opened.*sealing-keys\.json/);
    // Another worker has it.
    await startWorker().round();
    expect(await settingsOf(id)).toMatchObject({ isConnected: true, problem: null });
    await worker.round();
    expect(await settingsOf(id)).toMatchObject({ isConnected: true, problem: null });
  });

  it('needs a free name, regions and a complete key', async () => {
    const worker = startWorker();
    const id = await add();
    await worker.round();
    const valid = { kind: 'sandbox', site: 'mainland', regions, writes: 'none', write: null } as const;
    const read = cloud.keys('niaga');
    expect(await addConnection({ ...valid, name: 'review', read })).toMatchObject({
      error: { fields: { name: ['connection.sameName'] } },
    });
    expect(
      await addConnection({
        ...valid,
        name: '',
        regions: ['The Moon'],
        read: { secretId: 'a b', secretKey: '' },
      }),
    ).toMatchObject({
      error: {
        fields: {
          name: ['name.missing'],
          'regions.0': ['connection.region'],
          'read.secretId': ['connection.secretId'],
          'read.secretKey': ['connection.secretKey'],
        },
      },
    });
    expect(await addConnection({ ...valid, name: 'Other', read, writes: 'own' })).toMatchObject({
      error: { fields: { 'write.secretId': ['connection.writeKey'] } },
    });
    expect(await changeConnection({ id: 'tencent', name: 'Mine', regions })).toMatchObject({
      error: { form: { message: 'connection.notAdded' } },
    });
    expect(await changeConnection({ id, name: 'Audit', regions: ['ap-jakarta'] })).toMatchObject({
      ok: true,
    });
    await worker.round();
    expect(await listConnections()).toMatchObject([{ id, name: 'Audit' }]);
    expect((await worker.registry.getCloud(id).readEstate(() => {})).regions).toEqual(['ap-jakarta']);
  });

  it('of a real account is refused where the sandbox runs code without a jail', async () => {
    await context.connect('sandbox-weak', 'sandbox');
    await context.db.update(connections).set({ isolation: 'weak' });
    const known = { kind: 'tencent', site: 'mainland', regions, writes: 'none', write: null } as const;
    const real = { name: 'Real', ...known };
    const read = { secretId: 'AKIDunknown1', secretKey: 'unknown-key' };
    expect(await addConnection({ ...real, read })).toMatchObject({
      error: { form: { message: 'connection.unjailed' } },
    });
    await context.db.update(connections).set({ isolation: 'jail' });
    expect(await addConnection({ ...real, read })).toMatchObject({ ok: true });
  });
});

describe('rotating keys', () => {
  it('lets runs continue with the old key until the cloud has confirmed the new one', async () => {
    const worker = startWorker();
    const id = await add();
    await worker.round();
    const used = worker.registry.getCloud(id);
    const wrong = { secretId: 'AKIDunknown1', secretKey: 'unknown-key' };
    expect(await rotateConnectionKeys({ id, read: wrong, writes: 'none', write: null })).toMatchObject({
      ok: true,
    });
    await worker.round();
    expect(await settingsOf(id)).toMatchObject({
      isConnected: true,
      problem: expect.stringContaining('AuthFailure.SecretIdNotFound'),
      added: { isVerified: false, readKeyEnd: 'own1' },
    });
    expect(await used.readEstate(() => {})).toMatchObject({ account: { uin } });
    const read = cloud.keys('niaga', 'operator');
    await rotateConnectionKeys({ id, read, writes: 'same', write: null });
    await worker.round();
    expect(await settingsOf(id)).toMatchObject({ problem: null, added: { isVerified: true } });
    // The adapter that a run holds sends with the new key.
    expect(worker.registry.getCloud(id)).toBe(used);
    expect(await attemptWrite(worker, id)).not.toMatch(/Refused|Unauthorized/);
  });

  it('does not delay the start of a worker, whose runs repeat their calls until the cloud has confirmed the key', async () => {
    const id = await add();
    await startWorker().round();
    const read = cloud.keys('niaga', 'operator');
    await rotateConnectionKeys({ id, read, writes: 'same', write: null });
    await cloud.callControl('POST', '/faults', { kind: 'throttle', action: 'GetCallerIdentity' });
    const retried = vi.fn(async () => {});
    beforeRetry = retried;
    const worker = startWorker();
    await worker.start();
    expect(retried).not.toHaveBeenCalled();
    // Only runs use it: a Switch, for example, is watched by a worker that has keys.
    expect([worker.registry.has(id), worker.registry.ids()]).toEqual([false, []]);
    expect(worker.loop.problems()).toEqual([]);
    const used = worker.registry.getCloud(id);
    expect(await attemptWrite(worker, id)).toBe('Refused.UnconfirmedKeys');
    const unconfirmed = { code: 'Refused.UnconfirmedKeys', advice: 'retry', mayHaveHappened: false };
    await expect(used.readEstate(() => {})).rejects.toMatchObject({ data: unconfirmed });
    await worker.round();
    expect(worker.registry.has(id)).toBe(true);
    expect(await used.readEstate(() => {})).toMatchObject({ account: { uin } });
    expect(await attemptWrite(worker, id)).not.toMatch(/Refused|Unauthorized/);
    beforeRetry = async () => {};
  });

  it('leaves nothing of a connection that is removed before the cloud has confirmed its key', async () => {
    const id = await add();
    await startWorker().round();
    await rotateConnectionKeys({ id, read: cloud.keys('niaga'), writes: 'none', write: null });
    const worker = startWorker();
    await worker.start();
    expect(await removeConnection({ id })).toMatchObject({ ok: true });
    await worker.round();
    expect(() => worker.registry.getCloud(id)).toThrow('no keys');
  });

  it('leaves out what is found about a key that was replaced meanwhile', async () => {
    const worker = startWorker();
    const id = await add();
    await worker.round();
    const [other] = Object.values(cloud.plane.store.world.accounts).filter((each) => each.uin !== uin);
    const wrong = cloud.keys(other?.name ?? '');
    await rotateConnectionKeys({ id, read: wrong, writes: 'none', write: null });
    // While the worker asks whose key it is, the right one is entered.
    await cloud.callControl('POST', '/faults', { kind: 'throttle', action: 'GetCallerIdentity' });
    const read = cloud.keys('niaga', 'operator');
    beforeRetry = async () => {
      beforeRetry = async () => {};
      await rotateConnectionKeys({ id, read, writes: 'same', write: null });
    };
    await worker.round();
    expect((await settingsOf(id))?.problem).toBeNull();
    await worker.tests();
    expect((await settingsOf(id))?.test).toMatchObject({ finishedAt: null });
    await worker.round();
    await worker.tests();
    expect((await settingsOf(id))?.test?.result).toMatchObject({ kind: 'answered' });
  });

  it('refuses a key of another account', async () => {
    const worker = startWorker();
    const id = await add();
    await worker.round();
    const [other] = Object.values(cloud.plane.store.world.accounts).filter((each) => each.uin !== uin);
    invariant(other !== undefined, 'the seed has two accounts');
    const read = cloud.keys(other.name);
    await rotateConnectionKeys({ id, read, writes: 'none', write: null });
    await worker.round();
    expect((await settingsOf(id))?.problem).toContain(`belongs to account ${other.uin}`);
    expect(await worker.registry.getCloud(id).readEstate(() => {})).toMatchObject({ account: { uin } });
    await rotateConnectionKeys({ id, read: cloud.keys('niaga'), writes: 'own', write: read });
    await worker.round();
    expect((await settingsOf(id))?.problem).toContain(`the key for changes to ${other.uin}`);
  });
});

describe('a test of a connection', () => {
  const stateOf = async (id: string, feature: string) => {
    const result = (await settingsOf(id))?.test?.result;
    invariant(result?.kind === 'answered', `the cloud has answered: ${JSON.stringify(result)}`);
    const found = result.features.find((each) => each.feature === feature);
    return `${found?.state} ${found?.missing.join()}`.trim();
  };

  it('names the account and what is missing for each feature', async () => {
    const worker = startWorker();
    const id = await add();
    // Its keys are not confirmed yet.
    await worker.tests();
    expect((await settingsOf(id))?.test).toMatchObject({ finishedAt: null, result: null });
    await worker.round();
    await worker.tests();
    const { userUin } = { userUin: cloud.account('niaga').users.reviewer?.uin };
    expect((await settingsOf(id))?.test).toMatchObject({
      finishedAt: expect.any(String),
      result: { kind: 'answered', accountUin: uin, userUin, sameAccount: [] },
    });
    expect(await stateOf(id, 'loadBalancers')).toBe('granted');
    expect(await stateOf(id, 'monitoring')).toBe('granted');
    expect(await stateOf(id, 'actors')).toBe('missing cloudaudit:DescribeEvents');
    expect(await stateOf(id, 'logs')).toBe('missing scf:GetFunctionLogs');
    expect(await stateOf(id, 'moveNames')).toBe('off');
    const result = (await settingsOf(id))?.test?.result;
    const actors = result?.kind === 'answered' && result.features.find(({ feature }) => feature === 'actors');
    expect(actors).toMatchObject({
      failure: { code: 'UnauthorizedOperation', requestId: expect.any(String) },
    });

    await rotateConnectionKeys({
      id,
      read: null,
      writes: 'own',
      write: cloud.keys('niaga', 'operator'),
    });
    await worker.round();
    await worker.tests();
    expect(await stateOf(id, 'bindFunctions')).toBe('granted');
    expect(await stateOf(id, 'moveNames')).toBe('missing dnspod:DeleteRecord');
    expect(await stateOf(id, 'actors')).toBe('missing cloudaudit:DescribeEvents');
    // Plans are checked against the key that signs writes.
    const { account } = await worker.registry.getCloud(id).readEstate(() => {});
    expect(account.permissions.allowed).toContain('dnspod:CreateRecord');
    expect(account.permissions.denied).toContain('dnspod:DeleteRecord');
  });

  it('of a role shows the rights of the role, which has other policies than its user', async () => {
    const worker = startWorker();
    const role = {
      arn: `qcs::cam::uin/${uin}:roleName/traffic`,
      writeArn: null,
      session: 'spillway',
      externalId: 'spillway',
      durationS: 900,
    };
    const id = await add({ writes: 'same', role });
    await worker.round();
    await worker.tests();
    expect((await settingsOf(id))?.test?.result).toMatchObject({ kind: 'answered', userUin: null });
    expect(await stateOf(id, 'permissions')).toBe('granted');
    expect(await stateOf(id, 'bindFunctions')).toBe('granted');
    expect(await stateOf(id, 'securityGroups')).toBe('granted');
    expect(await stateOf(id, 'moveNames')).toBe('missing dnspod:DeleteRecord');
    const { account } = await worker.registry.getCloud(id).readEstate(() => {});
    expect(account.permissions).toMatchObject({ source: 'cam' });
    expect(account.permissions.denied).toContain('dnspod:DeleteRecord');

    // Without the right to read them, only what is tried is known.
    const policies = Object.values(cloud.account('niaga').policies);
    for (const { document } of policies)
      for (const statement of document.statement)
        statement.action = statement.action.filter((action) => action !== 'cam:ListAttachedRolePolicies');
    await testConnection({ id });
    await worker.tests();
    expect(await stateOf(id, 'permissions')).toBe('missing cam:ListAttachedRolePolicies');
    expect(await stateOf(id, 'bindFunctions')).toBe('unknown');
    expect(await stateOf(id, 'monitoring')).toBe('granted');
    // A security group that doesn't exist tells nothing.
    expect(await stateOf(id, 'securityGroups')).toBe('unknown');
    await cloud.reset();
  });

  it('of a read-only connection lets no plan send a write', async () => {
    const worker = startWorker();
    const id = await add({ read: cloud.keys('niaga') });
    await worker.round();
    const { account } = await worker.registry.getCloud(id).readEstate(() => {});
    expect(account.permissions.denied).toContain('dnspod:CreateRecord');
    expect(account.permissions.allowed).toContain('clb:DescribeListeners');
  });

  it('ends with the reason why the cloud refuses the keys', async () => {
    const worker = startWorker();
    const id = await add({ read: { secretId: 'AKIDunknown1', secretKey: 'unknown-key' } });
    await worker.round();
    await worker.tests();
    expect((await settingsOf(id))?.test?.result).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringContaining('SecretIdNotFound') },
    });
    expect(await testConnection({ id: 'nobody' })).toMatchObject({
      error: { form: { message: 'connection.gone' } },
    });
  });

  it('says which other connection has the same account', async () => {
    const worker = startWorker();
    await add();
    const id = await add({ name: 'Second' });
    await worker.round();
    await worker.tests();
    expect((await settingsOf(id))?.test?.result).toMatchObject({ sameAccount: ['Review'] });
  });
});

describe('removing a connection', () => {
  it('is refused while a run is open, and ends its use', async () => {
    const worker = startWorker();
    const id = await add();
    await worker.round();
    await context.connect(id, 'sandbox', testEstate());
    const { id: planId } = await context.plan(undefined, id);
    const [run] = await context.db.insert(runs).values({ planId, createdBy: 'sari' }).returning();
    expect(await removeConnection({ id })).toMatchObject({
      error: { form: { message: 'connection.hasRuns', values: { runs: run?.id } } },
    });
    await context.db.delete(runs);
    expect(await removeConnection({ id })).toMatchObject({ ok: true });
    expect(await context.db.$count(connectionKeys)).toBe(0);
    await worker.round();
    expect(worker.registry.has(id)).toBe(false);
    expect(await listConnections()).toEqual([]);
    expect(await removeConnection({ id })).toMatchObject({
      error: { form: { message: 'connection.notAdded' } },
    });
    // Its stored data keeps its id.
    expect(await add()).toBe('account-review-2');
  });
});

describe('sealing everything for another key', () => {
  it('keeps connections usable, and needs the old key no more', async () => {
    const id = await add({ writes: 'own', write: cloud.keys('niaga', 'operator') });
    const next = drawSealingKey();
    const old = testKeys.sealingKeys ?? '';
    try {
      expect(await sealAgain(context.url, [old], next)).toMatchObject({ count: 2, lost: [] });
      const worker = startWorker([next]);
      await worker.round();
      expect(worker.registry.has(id)).toBe(true);
      // New secrets are sealed for it, too.
      const other = await add({ name: 'Other' });
      await worker.round();
      expect(worker.registry.has(other)).toBe(true);
    } finally {
      await sealAgain(context.url, [next], old);
    }
    expect(await context.db.$count(connectionKeys, eq(connectionKeys.connectionId, id))).toBe(1);
    await startWorker().round();
    expect(await settingsOf(id)).toMatchObject({ isConnected: true });
  });

  it('names secrets that none of the keys opens, and leaves them', async () => {
    const id = await add();
    const old = testKeys.sealingKeys ?? '';
    const next = drawSealingKey();
    try {
      const lost = [`the key of the connection ${id} (read)`];
      expect(await sealAgain(context.url, [], next)).toMatchObject({ count: 0, lost });
    } finally {
      await sealAgain(context.url, [next], old);
    }
    await startWorker().round();
    expect(await settingsOf(id)).toMatchObject({ isConnected: true });
  });
});
