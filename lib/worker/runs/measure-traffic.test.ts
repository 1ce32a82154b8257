import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Cloud } from '@/lib/cloud/port';
import { connections, estates, plans, planTraffic } from '@/lib/db/schema';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { servingListeners } from '@/lib/estate/bindings/serving-listeners';
import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import type { ListenerPlace } from '@/lib/estate/measure';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { planHash } from '@/lib/plan/model/hash';
import type { PlanId } from '@/lib/plan/model/model';
import { storeConnections } from '@/lib/worker/connections/store-connections';
import { type ConnectedSandbox, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import { measureTraffic } from './measure-traffic';

/* The traffic of a plan on a real database and the real sandbox, whose monitoring counts real requests. */

const name = 'flash.example.co.id';
let database: TestDatabase;
let sandbox: ConnectedSandbox;
let cloud: Cloud;
let estate: Estate;
/** The time of the sandbox's clock, and of the test's. */
let now: number;
const onError = vi.fn();
const deps = (used: Cloud = cloud) => ({
  db: database.db,
  cloudOf: () => used,
  onError,
  now: () => new Date(now),
});

async function setClock(epochMs: number): Promise<void> {
  now = epochMs;
  await sandbox.control('POST', '/clock', { mode: 'virtual', now });
}

beforeAll(async () => {
  [database, sandbox] = await Promise.all([
    startTestDatabase(),
    startConnectedSandbox({
      seed: 'flash-sale',
      vipNetwork: '127.144.0.0/16',
      taskMs: 0,
      connection: { regions: ['ap-singapore', 'ap-jakarta'] },
      adapter: { now: () => new Date(now) },
    }),
  ]);
  ({ cloud } = sandbox);
  // Close to the machine's time, which clients use to sign.
  await setClock(Math.ceil(Date.now() / 60_000) * 60_000 + 30_000);
  estate = await cloud.readEstate(() => {});
  await storeConnections(database.db, [{ connection: sandbox.connection, isolation: 'user' }]);
});
afterAll(() => Promise.all([database.stop(), sandbox.stop()]));

beforeEach(async () => {
  for (const table of [planTraffic, plans, estates]) await database.db.delete(table);
  onError.mockReset();
});

/** Stores a plan of the seed's Split, and its snapshot. */
async function storePlan(): Promise<PlanId> {
  const at = (domain: string) => {
    const rule = estate.rules.find((each) => each.domains.includes(domain));
    invariant(rule, `the seed serves ${domain}`);
    const { id, loadBalancerId, listenerId } = rule;
    return { domain, loadBalancerId, listenerId, rule: { kind: 'existing', ruleId: id } };
  };
  const balancer = estate.loadBalancers.find((lb) => lb.name === 'lb-sin-flash');
  const listener = estate.listeners.find((l) => l.loadBalancerId === balancer?.id && l.protocol === 'HTTP');
  const diversion = SplitDiversion.parse({
    kind: 'split',
    name: 'sale',
    routes: [
      { to: 'cvm', ...at('shop.example.co.id'), addTargets: [] },
      {
        to: 'function',
        domain: name,
        loadBalancerId: balancer?.id,
        listenerId: listener?.id,
        rule: { kind: 'new', url: '/' },
        function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
        expectedBody: 'Flash sale',
      },
    ],
  });
  const plan = createTestPlan({ estate, diversion });
  const { db } = database;
  const { id: connectionId } = (await db.select().from(connections))[0] ?? { id: '' };
  await db.insert(estates).values({ connectionId, takenAt: new Date(estate.takenAt), version: 1, estate });
  const [row] = await db
    .insert(plans)
    .values({ connectionId, plan, findings: [], hash: await planHash(plan), createdBy: 'x' })
    .returning({ id: plans.id });
  invariant(row, 'an insert returns its row');
  return row.id;
}

const stored = () => database.db.select().from(planTraffic);

it('measures the current requests to the names of a plan at their DNS destinations', async () => {
  const planId = await storePlan();
  const vip = estate.records.find((r) => r.subdomain === 'flash' && r.enabled)?.value ?? '';
  const port = 80 + sandbox.announcement.portOffset;
  for (let n = 0; n < 12; n += 1) await requestPage({ host: vip, port }, { host: name });
  await setClock(now + 60_000);
  const measured = async () => {
    await measureTraffic(deps(), planId);
    return (await stored())[0]?.readings;
  };
  // A request is counted when its response has been sent, which may be just after the client has received it.
  await expect.poll(async () => (await measured())?.[0]?.perSecond).toBeCloseTo(12 / 60 / 5, 5);
  expect(await measured()).toMatchObject([
    {
      loadBalancer: 'lb-jkt-shop',
      listener: 'HTTP:80',
      region: 'ap-jakarta',
      names: ['shop.example.co.id', name],
    },
    { loadBalancer: 'lb-jkt-shop', listener: 'HTTPS:443', perSecond: 0, lagMs: 0 },
  ]);
  expect(await stored()).toMatchObject([{ planId, error: null, at: new Date(now) }]);
});

it.each([0, 60_000, null])('stores the lag of the figures of its functions: %s', async (lagMs) => {
  const planId = await storePlan();
  const lagging = lagMs === 0 ? cloud : { ...cloud, measure: async () => ({ value: null, lagMs }) };
  await measureTraffic(deps(lagging), planId);
  expect(await stored()).toMatchObject([{ functionLagMs: lagMs, error: null }]);
});

it('stores the error of the cloud if the traffic can’t be measured, and reports internal errors separately', async () => {
  const planId = await storePlan();
  const gone = { ...cloud, requestRate: () => cloud.requestRate(place) };
  await measureTraffic(deps(gone), planId);
  expect(await stored()).toMatchObject([
    { readings: [], error: { code: expect.stringMatching(/LBId|NotFound|Invalid/) } },
  ]);
  expect(onError).not.toHaveBeenCalled();
  const broken = { ...cloud, requestRate: () => Promise.reject(new TypeError('a secret of ours')) };
  await measureTraffic(deps(broken), planId);
  expect(await stored()).toMatchObject([{ error: { code: 'Internal', requestId: null } }]);
  expect(JSON.stringify(await stored())).not.toContain('secret of ours');
  expect(onError).toHaveBeenCalledOnce();
});

it('stores the measured listeners if one could not be measured, and counts the others', async () => {
  const planId = await storePlan();
  const [first] = servingListeners(estate, [name]);
  const partly = {
    ...cloud,
    requestRate: (at: ListenerPlace) =>
      cloud.requestRate(
        at.listenerId === first?.listenerId ? { ...at, loadBalancerId: place.loadBalancerId } : at,
      ),
  };
  await measureTraffic(deps(partly), planId);
  expect(await stored()).toMatchObject([
    { readings: [{ listener: 'HTTPS:443' }], unmeasured: 1, error: { action: expect.any(String) } },
  ]);
});

const place: ListenerPlace = {
  region: 'ap-jakarta',
  loadBalancerId: LoadBalancerId.parse('lb-none0000'),
  listenerId: ListenerId.parse('lbl-none0000'),
  domains: [name],
};
