import { afterAll, expect, test } from 'vitest';
import { CloudConnection } from '@/lib/cloud/connection';
import { CloudError } from '@/lib/cloud/errors';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { type Diversion, SplitDiversion } from '@/lib/diversion/diversion';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { resolveIds } from '@/lib/estate/call';
import type { Estate } from '@/lib/estate/model';
import { recordKey } from '@/lib/estate/object-state';
import type { Step } from '@/lib/plan/model/model';
import type { CheckId } from '@/lib/preflight/model/model';
import { preflight } from '@/lib/preflight/preflight';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { startTestCloud } from '@/testing/sandbox/test-cloud';
import { SwitchableClock } from './world/clock';

/** The sandbox refuses what the checks for DNS and permissions block: the plan's own writes are sent, one by one. */

const cloud = await startTestCloud({ seed: 'flash-sale', clock: new SwitchableClock(), taskMs: 0 });
afterAll(() => cloud.plane.stop());

type Keys = { readonly secretId: string; readonly secretKey: string };

function connect({ secretId, secretKey }: Keys = cloud.keys('niaga')) {
  const connection = CloudConnection.parse({
    id: 'niaga',
    name: 'niaga',
    kind: 'sandbox',
    endpoint: cloud.plane.api,
    dns: null,
    portOffset: 0,
    regions: ['ap-jakarta', 'ap-singapore'],
    secretId,
    secretKey,
  });
  const log = { debug: () => {}, info: () => {}, warn: () => {} };
  return createTencentCloud(connection, { now: () => new Date(), log });
}

function findPlace(estate: Estate, name: string) {
  const loadBalancer = estate.loadBalancers.find((each) => each.name === name);
  const listener = estate.listeners.find(
    (each) => each.loadBalancerId === loadBalancer?.id && each.protocol === 'HTTP',
  );
  if (!loadBalancer || !listener) throw new Error(`not in the estate: ${name}`);
  return { loadBalancerId: loadBalancer.id, listenerId: listener.id, rule: { kind: 'new', url: '/agree' } };
}

/**
 * Returns the routes of a name that should move from the servers of the shop to the function behind a load balancer.
 */
function buildRoutes(estate: Estate, domain: string, balancer: string) {
  const fn = { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' };
  return [
    { to: 'cvm', domain, ...findPlace(estate, 'lb-jkt-shop'), addTargets: [] },
    { to: 'function', domain, ...findPlace(estate, balancer), function: fn, expectedBody: 'Flash sale' },
  ];
}

function buildSplit(estate: Estate, domain: string, balancer: string, lowerTtlS: number | null = null) {
  const [cvm, fn] = buildRoutes(estate, domain, balancer);
  const shop = { ...cvm, domain: 'shop.example.co.id' };
  return SplitDiversion.parse({ kind: 'split', name: 'Agree', lowerTtlS, routes: [shop, fn] });
}

const listBlocks = (check: CheckId, estate: Estate, diversion: Diversion) =>
  preflight({ estate, diversion })
    .filter((finding) => finding.check === check && finding.status === 'block')
    .map(({ why }) => why);

const buildPlan = (estate: Estate, diversion: Diversion) =>
  createTestPlan({ estate, diversion, keepAliveS: 0 });

/**
 * Sends DNS writes as a run does, with the ids of records that earlier ones created.
 * @returns the code of the first refusal
 */
async function firstRefusal(steps: readonly Step[], keys?: Keys): Promise<string | null> {
  for (const step of steps) {
    if (step.kind !== 'write' || step.object.kind !== 'recordSet') continue;
    const { subdomain, zone } = step.object;
    const { records } = await connect().readEstate(() => {});
    const own = records.filter((record) => record.subdomain === subdomain && record.zone === zone);
    const ids = Object.fromEntries(own.map((record) => [recordKey(record), record.id]));
    const { call, missing } = resolveIds(step.call, ids);
    expect(missing).toEqual([]);
    try {
      await connect(keys).write(call);
    } catch (error) {
      if (error instanceof CloudError) return error.data.code;
      throw error;
    }
  }
  return null;
}

test('a TTL below the minimum of the zone’s plan', async () => {
  const estate = await connect().readEstate(() => {});
  const domain = 'www.example.web.id';
  expect(listBlocks('dns-ttl', estate, buildSplit(estate, domain, 'lb-sin-flash', 600))).toEqual([]);
  // The record has 600 s: only with a longer TTL is there something to lower.
  await cloud.clients({ account: 'niaga' }).dnspod.ModifyRecordFields({
    Domain: 'example.web.id',
    RecordId: estate.records.find((r) => r.zone === 'example.web.id' && r.subdomain === 'www')?.id ?? 0,
    FieldList: [{ Key: 'ttl', Value: '3600' }],
  });
  const later = await connect().readEstate(() => {});
  const low = buildSplit(later, domain, 'lb-sin-flash', 60);
  expect(listBlocks('dns-ttl', later, low)).toEqual(['dns-ttl.belowFloor']);
  expect(await firstRefusal(buildPlan(later, low).steps)).toBe('LimitExceeded.RecordTtlLimit');
});

test('more parallel records than the zone’s plan allows', async () => {
  const domain = 'www.example.web.id';
  const buildSwitch = (estate: Estate) =>
    SwitchDiversion.parse({
      kind: 'switch',
      name: 'Agree',
      toward: 'function',
      ramp: [{ percent: 100, bakeS: 0 }],
      routes: buildRoutes(estate, domain, 'lb-sin-flash'),
    });
  const before = await connect().readEstate(() => {});
  expect(listBlocks('dns-same-name', before, buildSwitch(before))).toEqual([]);
  await cloud.clients({ account: 'niaga' }).dnspod.CreateRecord({
    Domain: 'example.web.id',
    SubDomain: 'www',
    RecordType: 'A',
    RecordLine: '默认',
    RecordLineId: '0',
    Value: '127.81.9.9',
    TTL: 600,
  });
  const estate = await connect().readEstate(() => {});
  const diversion = buildSwitch(estate);
  expect(listBlocks('dns-same-name', estate, diversion)).toEqual(['dns-same-name.tooMany']);
  expect(await firstRefusal(buildPlan(estate, diversion).steps)).toBe('LimitExceeded.SubdomainRollLimit');
});

test('a CNAME beside a record of another type', async () => {
  const domain = 'event.example.co.id';
  const named = (estate: Estate) =>
    estate.loadBalancers.find((each) => each.domain !== null && each.region === 'ap-singapore')?.name ?? '';
  const before = await connect().readEstate(() => {});
  const free = buildSplit(before, domain, named(before));
  expect(listBlocks('dns-record', before, free)).toEqual([]);
  await cloud.clients({ account: 'niaga' }).dnspod.CreateRecord({
    Domain: 'example.co.id',
    SubDomain: 'event',
    RecordType: 'TXT',
    RecordLine: '默认',
    RecordLineId: '0',
    Value: 'v=spf1 -all',
    TTL: 600,
  });
  const estate = await connect().readEstate(() => {});
  const diversion = buildSplit(estate, domain, named(estate));
  expect(listBlocks('dns-record', estate, diversion)).toEqual(['dns-record.beside']);
  expect(await firstRefusal(buildPlan(estate, diversion).steps)).toBe('InvalidParameter.DomainRecordExist');
});

test('a key that may create a record but not delete it', async () => {
  const operator = cloud.keys('niaga', 'operator');
  const own = await connect(operator).readEstate(() => {});
  const diversion = buildSplit(own, 'fresh.example.co.id', 'lb-sin-flash');
  const denied = preflight({ estate: own, diversion }).find(({ why }) => why === 'permissions.denied');
  expect(denied).toMatchObject({ status: 'block', objects: ['dnspod:DeleteRecord'] });
  const { steps, rollback } = buildPlan(own, diversion);
  expect(await firstRefusal(steps, operator)).toBeNull();
  expect(await firstRefusal(rollback, operator)).toBe('UnauthorizedOperation');
});
