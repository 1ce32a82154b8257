import { eq } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Cloud } from '@/lib/cloud/port';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { connections, estates, estateVersions, switches, syncs } from '@/lib/db/schema';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { type Lease, takeLease } from '@/lib/run/durable/lease';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { storeConnections } from '@/lib/worker/connections/store-connections';
import { type WorkLoop, workLoop } from '@/lib/worker/loop/work-loop';
import { clientConfig, createTestClients } from '@/testing/sandbox/test-cloud';
import { startWorkerFixture, type WorkerFixture } from '@/testing/worker/test-worker-fixture';
import { type BackgroundSyncDeps, backgroundRounds } from './background-sync';
import { syncEstate } from './sync-estate';

/* Background syncs of two workers on a real database, reading a real sandbox. The test controls their clock. */

const id = 'test';
const minute = 60_000;
const log = { debug: () => {}, info: () => {}, warn: () => {} };

let fixture: WorkerFixture;
let leases: readonly Lease[];
let cloud: Cloud;
/** The offset of the workers' clock. */
let ahead = 0;
let sent: string[];
/** The loop of the worker that was created last. */
let loop: WorkLoop;

beforeAll(async () => {
  fixture = await startWorkerFixture('127.143.0.0/16');
  const told = { onWaiting: () => {}, onLost: () => {} };
  leases = await Promise.all(
    ['a', 'b'].map((worker) => takeLease(fixture.database.url, { worker, version: 'test' }, told)),
  );
});
afterAll(() => fixture.stop());

beforeEach(async () => {
  await fixture.callControl('POST', '/reset');
  const { db } = fixture.database;
  for (const table of [switches, estates, estateVersions, syncs, connections]) await db.delete(table);
  await storeConnections(db, [{ connection: fixture.connection, isolation: null }]);
  ahead = 0;
  sent = [];
  const onCall = ({ action }: { action: string }) => sent.push(action);
  cloud = createTencentCloud(fixture.connection, { now: () => new Date(Date.now() + ahead), log, onCall });
});

function worker(
  number: 0 | 1,
  used: BackgroundSyncDeps['cloudOf'] = () => cloud,
  paces: BackgroundSyncDeps['paces'] = { partsS: 60, wholeS: 600 },
): () => Promise<void> {
  const lease = leases[number];
  invariant(lease, 'there are two');
  const now = () => new Date(Date.now() + ahead);
  const silent = pino({ level: 'silent' });
  loop = workLoop('sync', { log: silent, now });
  return backgroundRounds({
    db: fixture.database.db,
    lease,
    cloudOf: used,
    connectionIds: () => [id],
    historyDays: 30,
    paces,
    now,
    log: silent,
    loop,
  });
}

/** A sync requested by Refresh, or by a worker at its start. */
const requestedSync = () =>
  syncEstate({ db: fixture.database.db, cloudOf: () => cloud, historyDays: 30, onError: () => {} }, id);

async function stored(): Promise<Estate> {
  const estate = await newestEstate(fixture.database.db, id);
  invariant(estate !== null, 'an estate is stored');
  return estate;
}
const versions = async () => (await fixture.database.db.select().from(estateVersions)).length;
const clients = () => {
  const { endpoint, secretId, secretKey } = fixture.connection;
  return createTestClients(clientConfig(endpoint ?? '', { secretId, secretKey }, 'ap-singapore'));
};
const record = async (subdomain: string) =>
  (await stored()).records.find((each) => each.subdomain === subdomain);

async function setTtl(ttl: number): Promise<string> {
  const { records } = await stored();
  const one = records.find(({ type }) => type === 'A');
  invariant(one, 'the seed has one');
  const { zone: Domain, subdomain, type: RecordType, value: Value, line: RecordLine, id: RecordId } = one;
  await clients().dnspod.ModifyRecord({
    Domain,
    RecordType,
    Value,
    RecordLine,
    RecordId,
    SubDomain: subdomain,
    TTL: ttl,
  });
  return subdomain;
}

it('runs partial syncs with few calls and full syncs, each at its interval', async () => {
  await requestedSync();
  const round = worker(0);
  const whole = sent.length;
  const subdomain = await setTtl(601);
  sent = [];
  await round();
  expect(sent).toEqual([]);

  ahead = minute;
  await round();
  expect((await record(subdomain))?.ttlS).toBe(601);
  expect(sent.length).toBeLessThan(whole / 2);
  expect(sent).not.toContain('GetFunction');
  const { takenAt, partsAt } = await stored();
  expect(Date.parse(partsAt ?? '') - Date.parse(takenAt)).toBeGreaterThanOrEqual(minute);

  ahead = 10 * minute;
  await round();
  expect(await stored()).toMatchObject({ partsAt: null });
  expect(Date.parse((await stored()).takenAt) - Date.parse(takenAt)).toBeGreaterThanOrEqual(9 * minute);
  expect(sent).toContain('GetFunction');
  const [sync] = await fixture.database.db.select().from(syncs);
  expect(sync).toMatchObject({ state: 'done', error: null });
});

it('stores only the time of the sync if nothing has changed', async () => {
  await requestedSync();
  const before = await stored();
  const [row] = await fixture.database.db.select().from(estates);
  for (const at of [1, 2, 10]) {
    ahead = at * minute;
    await worker(0)();
  }
  expect(await versions()).toBe(1);
  const [after] = await fixture.database.db.select().from(estates);
  expect(after?.id).toBe(row?.id);
  expect(after && after.takenAt > (row?.takenAt ?? new Date())).toBe(true);
  const { takenAt: _, partsAt: __, ...rest } = await stored();
  const { takenAt: ___, partsAt: ____, ...restBefore } = before;
  expect(rest).toEqual(restBefore);
});

it('detects changed functions, and bindings of load balancers that call functions', async () => {
  await requestedSync();
  const { rules, functions } = await stored();
  const [fn] = functions;
  const rule = rules.find((each) => each.targets.length === 0 && each.functions.length === 0);
  invariant(fn && rule, 'the seed has them');
  const { clb, scf } = clients();
  await clb.RegisterFunctionTargets({
    LoadBalancerId: rule.loadBalancerId,
    ListenerId: rule.listenerId,
    LocationId: rule.id,
    FunctionTargets: [
      {
        Function: {
          FunctionNamespace: fn.namespace,
          FunctionName: fn.name,
          FunctionQualifier: '$LATEST',
          FunctionQualifierType: 'VERSION',
        },
      },
    ],
  });
  ahead = 10 * minute;
  await expect
    .poll(async () => {
      await worker(0)();
      ahead += 10 * minute;
      return (await stored()).rules.find((each) => each.id === rule.id)?.functions;
    })
    .toMatchObject([{ name: fn.name }]);

  // Now it calls a function: a partial sync detects a change of it.
  await clb.DeregisterFunctionTargets({
    LoadBalancerId: rule.loadBalancerId,
    ListenerId: rule.listenerId,
    LocationId: rule.id,
    FunctionTargets: [
      {
        Function: {
          FunctionNamespace: fn.namespace,
          FunctionName: fn.name,
          FunctionQualifier: '$LATEST',
          FunctionQualifierType: 'VERSION',
        },
      },
    ],
  });
  await scf.UpdateFunctionConfiguration({ FunctionName: fn.name, Namespace: fn.namespace, MemorySize: 256 });
  await expect
    .poll(async () => {
      ahead += minute;
      await worker(0)();
      const estate = await stored();
      return [
        estate.rules.find((each) => each.id === rule.id)?.functions,
        estate.functions.find((each) => each.name === fn.name)?.memoryMb,
        estate.partsAt !== null,
      ];
    })
    .toEqual([[], 256, true]);
});

it('runs in one worker at a time, across the database', async () => {
  await requestedSync();
  ahead = minute;
  let reads = 0;
  let most = 0;
  const readChanges: Cloud['readChanges'] = async (...args) => {
    reads += 1;
    most = Math.max(most, reads);
    const estate = await cloud.readChanges(...args);
    reads -= 1;
    return estate;
  };
  const spied = vi.fn(readChanges);
  const used = () => ({ ...cloud, readChanges: spied });
  const [first, second] = [worker(0, used), worker(1, used)];
  const rounds = [first, second, first];
  await Promise.all(rounds.map((round) => round()));
  await Promise.all(rounds.map((round) => round()));
  expect(spied).toHaveBeenCalledTimes(1);
  expect(most).toBe(1);
});

it('yields to a requested sync, and never replaces a newer snapshot with an older one', async () => {
  await requestedSync();
  ahead = 10 * minute;
  const { db } = fixture.database;
  const running = { state: 'running', startedAt: new Date(Date.now() + ahead) } as const;
  await db.update(syncs).set(running).where(eq(syncs.connectionId, id));
  sent = [];
  await worker(0)();
  expect(sent).toEqual([]);
  await db.update(syncs).set({ state: 'done' }).where(eq(syncs.connectionId, id));

  // Stores a newer snapshot before a read returns, for full and partial reads.
  const overtaken = async <T>(read: Promise<T>): Promise<T> => {
    const snapshot = await read;
    await setTtl(777);
    await requestedSync();
    return snapshot;
  };
  const used = () => ({
    ...cloud,
    readEstate: (...args: Parameters<Cloud['readEstate']>) => overtaken(cloud.readEstate(...args)),
    readChanges: (...args: Parameters<Cloud['readChanges']>) => overtaken(cloud.readChanges(...args)),
  });
  for (const at of [10, 11]) {
    ahead = at * minute;
    await setTtl(600 + at);
    await worker(0, used)();
    expect((await stored()).records.map(({ ttlS }) => ttlS)).toContain(777);
  }
});

it('does not replace a snapshot with that of a requested sync that began before it', async () => {
  await requestedSync();
  await setTtl(611);
  const readEstate: Cloud['readEstate'] = async (...args) => {
    const snapshot = await cloud.readEstate(...args);
    // Its worker was frozen meanwhile, and another one has run the next sync.
    await setTtl(778);
    await requestedSync();
    return snapshot;
  };
  const late = { ...cloud, readEstate };
  await syncEstate({ db: fixture.database.db, cloudOf: () => late, historyDays: 30, onError: () => {} }, id);
  expect((await stored()).records.map(({ ttlS }) => ttlS)).toContain(778);
});

it('reports when a full sync failed, keeps the last snapshot and retries at its interval', async () => {
  await requestedSync();
  const before = await stored();
  ahead = 10 * minute;
  const down = { ...fixture.connection, endpoint: 'http://127.0.0.1:9' };
  const away = createTencentCloud(down, { now: () => new Date(), log, sleep: async () => {} });
  const readEstate = vi.fn<Cloud['readEstate']>((...args) => away.readEstate(...args));
  const round = worker(0, () => ({ ...away, readEstate }));
  await round();
  await round();
  expect(readEstate).toHaveBeenCalledTimes(1);
  const [sync] = await fixture.database.db.select().from(syncs);
  expect(sync).toMatchObject({ state: 'failed', error: { action: 'GetCallerIdentity' } });
  expect(await stored()).toEqual(before);

  // The same for a partial sync.
  await fixture.database.db.update(syncs).set({ state: 'done' });
  ahead = 5 * minute;
  await worker(1, () => away)();
  expect(await stored()).toEqual(before);
  expect(loop.problems()).toMatchObject([{ loop: 'sync', object: `connection ${id}`, failures: 1 }]);
});

it('reports at once when the cloud rejects the key, and reads everything when it accepts the key again', async () => {
  await requestedSync();
  const subdomain = await setTtl(603);
  const code = 'AuthFailure.SignatureFailure';
  await fixture.callControl('POST', '/faults', { kind: 'keyRejected', code });
  ahead = minute;
  const round = worker(0);
  await round();
  const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
  const [failed] = await fixture.database.db.select().from(syncs);
  expect(failed).toMatchObject({ state: 'failed', error: { code, requestId } });
  expect(loop.problems()).toMatchObject([
    { code, message: expect.stringMatching(/\(request [0-9a-f-]{36}\)$/), failures: 1 },
  ]);
  expect(sent).toContain('GetCallerIdentity');

  await fixture.callControl('DELETE', '/faults');
  ahead = 3 * minute;
  await round();
  const [done] = await fixture.database.db.select().from(syncs);
  expect(done).toMatchObject({ state: 'done', error: null });
  expect((await record(subdomain))?.ttlS).toBe(603);
  expect(loop.problems()).toEqual([]);
});

it('records no failure that nothing would end: full syncs don’t start on their own', async () => {
  await requestedSync();
  const [before] = await fixture.database.db.select().from(syncs);
  await fixture.callControl('POST', '/faults', { kind: 'keyRejected' });
  ahead = minute;
  await worker(0, () => cloud, { partsS: 60, wholeS: 0 })();
  expect(await fixture.database.db.select().from(syncs)).toEqual([before]);
  expect(loop.problems()).toMatchObject([{ code: 'AuthFailure.SecretIdNotFound', failures: 1 }]);
});

it('runs partial syncs even if a stored Switch can’t be read', async () => {
  await requestedSync();
  const subdomain = await setTtl(602);
  const broken = { connectionId: id, diversion: {}, policy: {}, setBy: 'test' };
  await fixture.database.db.insert(switches).values(broken as unknown as typeof switches.$inferInsert);
  ahead = minute;
  await worker(0)();
  expect((await record(subdomain))?.ttlS).toBe(602);
  expect(loop.problems()).toEqual([]);
});
