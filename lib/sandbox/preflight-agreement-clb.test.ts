import { afterAll, expect, test } from 'vitest';
import { CloudConnection } from '@/lib/cloud/connection';
import { NewLoadBalancer } from '@/lib/diversion/creates';
import { SplitDiversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { RuleRef } from '@/lib/estate/object';
import { createLoadBalancer, createRule } from '@/lib/plan/model/calls';
import { preflight } from '@/lib/preflight/preflight';
import { connectFast } from '@/testing/run/test-run-fixture';
import { catchRefusal, startTestCloud, type TestClients } from '@/testing/sandbox/test-cloud';
import { Assumptions } from './world/assumptions';
import { SwitchableClock } from './world/clock';

/** The sandbox refuses what the checks for load balancers, listeners and targets block, and accepts what they pass. */

// A region full of load balancers is read faster than the cloud allows.
const assumptions = new Assumptions();
assumptions.set('api.rates', 'unlimited');
const cloud = await startTestCloud({
  seed: 'flash-sale',
  clock: new SwitchableClock(),
  taskMs: 0,
  assumptions,
});
afterAll(() => cloud.plane.stop());

const clb = (region: string): TestClients['clb'] => cloud.clients({ account: 'niaga', region }).clb;

function readEstate(): Promise<Estate> {
  const { secretId, secretKey } = cloud.keys('niaga');
  const connection = CloudConnection.parse({
    id: 'niaga',
    name: 'niaga',
    kind: 'sandbox',
    endpoint: cloud.plane.api,
    dns: null,
    portOffset: 0,
    regions: ['ap-jakarta', 'ap-singapore', 'ap-guangzhou'],
    secretId,
    secretKey,
  });
  return connectFast(connection).readEstate(() => {});
}

function findPlace(estate: Estate, name: string, protocol: string) {
  const loadBalancer = estate.loadBalancers.find((each) => each.name === name);
  const listener = estate.listeners.find(
    (each) => each.loadBalancerId === loadBalancer?.id && each.protocol === protocol,
  );
  if (!loadBalancer || !listener) throw new Error(`not in the estate: ${name} ${protocol}`);
  return { loadBalancerId: loadBalancer.id, listenerId: listener.id };
}

type Routes = {
  /** The place of the function's new rule, and of the servers' rule with its added targets. */
  readonly fn?: {
    readonly name: string;
    readonly protocol: string;
    readonly domain: string;
    readonly url?: string;
    readonly certificateId?: string;
  };
  readonly adds?: readonly string[];
};

/** Returns the blocking findings of some checks for a Split with these routes. */
function listBlocks(estate: Estate, { fn, adds = [] }: Routes): readonly string[] {
  const servers = findPlace(estate, 'lb-jkt-shop', 'HTTP');
  const rule = estate.rules.find(
    (each) => each.listenerId === servers.listenerId && each.domain === 'shop.example.co.id',
  );
  const {
    name,
    protocol,
    domain,
    url = '/',
    certificateId = null,
  } = fn ?? {
    name: 'lb-sin-flash',
    protocol: 'HTTP',
    domain: 'a.example.co.id',
  };
  const diversion = SplitDiversion.parse({
    kind: 'split',
    name: 'A choice',
    routes: [
      {
        to: 'cvm',
        domain: 'shop.example.co.id',
        ...servers,
        rule: { kind: 'existing', ruleId: rule?.id ?? '' },
        addTargets: adds.map((instanceId) => ({ instanceId, port: 9999, weight: 10 })),
      },
      {
        to: 'function',
        domain,
        ...findPlace(estate, name, protocol),
        rule: { kind: 'new', url, certificateId },
        function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
        expectedBody: 'Flash sale',
      },
    ],
  });
  const own = ['certificate', 'clb-quota', 'target-network', 'listener-state', 'rule-shadow'];
  return preflight({ estate, diversion })
    .filter(({ status, check }) => status === 'block' && own.includes(check))
    .map(({ why }) => why);
}

test('a new domain of a listener with SNI needs a certificate, and is accepted with the one that the plan sends', async () => {
  const estate = await readEstate();
  const fn = { name: 'lb-jkt-checkout', protocol: 'HTTPS', domain: 'a.example.co.id' };
  expect(listBlocks(estate, { fn })).toEqual(['certificate.sni']);
  const { loadBalancerId: LoadBalancerId, listenerId: ListenerId } = findPlace(estate, fn.name, fn.protocol);
  const Rules = [{ Domain: fn.domain, Url: '/' }];
  const refusal = await catchRefusal(clb('ap-jakarta').CreateRule({ LoadBalancerId, ListenerId, Rules }));
  expect(refusal).toMatchObject({ code: 'MissingParameter' });
  expect(refusal.message).toContain('Certificate');

  const chosen = { ...fn, certificateId: 'cert8Kq2x' };
  expect(listBlocks(estate, { fn: chosen })).toEqual([]);
  const ref = RuleRef.parse({
    kind: 'rule',
    region: 'ap-jakarta',
    domain: fn.domain,
    url: '/',
    ...findPlace(estate, fn.name, fn.protocol),
  });
  await clb('ap-jakarta').CreateRule(createRule(ref, chosen.certificateId).params as never);
  const after = await readEstate();
  expect(after.rules.find(({ domain }) => domain === fn.domain)?.certificateIds).toEqual(['cert8Kq2x']);
  // An additional rule of the domain shows the domain's certificate, without sending one.
  await clb('ap-jakarta').CreateRule(createRule({ ...ref, url: '/more' }).params as never);
  expect(listBlocks(after, { fn: { ...fn, url: '/more' } })).toEqual([]);
});

test('more rules than a listener allows', async () => {
  const before = await readEstate();
  const { loadBalancerId: LoadBalancerId, listenerId: ListenerId } = findPlace(before, 'lb-sin-api', 'HTTP');
  const there = before.rules.filter(({ listenerId }) => listenerId === ListenerId).length;
  const Rules = Array.from({ length: 50 - there }, (_, n) => ({ Domain: `n${n}.example.co.id`, Url: '/' }));
  const place = { LoadBalancerId, ListenerId };
  const fn = { name: 'lb-sin-api', protocol: 'HTTP', domain: 'a.example.co.id' };
  expect(listBlocks(before, { fn })).toEqual([]);
  await clb('ap-singapore').CreateRule({ ...place, Rules });
  expect(listBlocks(await readEstate(), { fn })).toEqual(['clb-quota.full']);
  const more = clb('ap-singapore').CreateRule({ ...place, Rules: [{ Domain: fn.domain, Url: '/' }] });
  expect((await catchRefusal(more)).code).toBe('LimitExceeded');
});

test('a load balancer with more bandwidth than its type allows, but not one with the maximum', async () => {
  const [vpc] = Object.values(cloud.account('niaga').vpcs).filter(({ region }) => region === 'ap-singapore');
  for (const [slaType, bandwidthMbps, isTaken] of [
    ['', 2048, true],
    ['', 2049, false],
    ['clb.c2.medium', 2049, true],
    ['clb.c2.medium', 61_440, true],
    ['clb.c2.medium', 61_441, false],
    ['clb.c9.odd', 10, false],
  ] as const) {
    const wanted = {
      id: '@lb',
      name: `made-${slaType.length}-${bandwidthMbps}`,
      region: 'ap-singapore',
      network: 'OPEN',
      vpcId: vpc?.id,
      slaType,
      internet: { chargeType: 'BANDWIDTH_POSTPAID_BY_HOUR', bandwidthMbps },
    };
    expect(NewLoadBalancer.safeParse(wanted).success).toBe(isTaken);
    // Calls that the schema refuses have no method, so the request is sent directly.
    const { params } = createLoadBalancer(wanted as unknown as NewLoadBalancer);
    const create = clb('ap-singapore').CreateLoadBalancer(params as never);
    if (isTaken) await create;
    else expect((await catchRefusal(create)).code).toMatch(/^InvalidParameter/);
    const made = (await readEstate()).loadBalancers.find(({ name }) => name === wanted.name);
    const facts = { slaType, bandwidthMbps, internetChargeType: 'BANDWIDTH_POSTPAID_BY_HOUR' };
    if (isTaken) expect(made).toMatchObject(facts);
    else expect(made).toBeUndefined();
  }
});

test('a target of another VPC', async () => {
  const world = cloud.account('niaga');
  const [own, foreign] = Object.values(world.instances).filter(({ name }) => name.startsWith('checkout-web'));
  if (!own || !foreign) throw new Error('the seed has servers that the shop does not use');
  foreign.vpcId = 'vpc-elsewhere';
  const estate = await readEstate();
  expect(listBlocks(estate, { adds: [foreign.id] })).toEqual(['target-network.otherVpc']);
  expect(listBlocks(estate, { adds: [own.id] })).toEqual([]);
  const { loadBalancerId: LoadBalancerId, listenerId: ListenerId } = findPlace(estate, 'lb-jkt-shop', 'HTTP');
  const register = (InstanceId: string) =>
    clb('ap-jakarta').RegisterTargets({
      LoadBalancerId,
      ListenerId,
      Domain: 'shop.example.co.id',
      Url: '/',
      Targets: [{ InstanceId, Port: 9999 }],
    });
  expect((await catchRefusal(register(foreign.id))).message).toContain('VPC');
  expect(await register(own.id)).toHaveProperty('RequestId');
});

test('more public load balancers than a region allows', async () => {
  const region = 'ap-guangzhou';
  const [vpc] = Object.values(cloud.account('niaga').vpcs).filter((each) => each.region === region);
  const before = await readEstate();
  const inUse = before.loadBalancers.filter((lb) => lb.region === region && lb.network === 'OPEN').length;
  const wanted = (name: string) =>
    NewLoadBalancer.parse({ id: '@lb', name, region, network: 'OPEN', vpcId: vpc?.id });
  const create = (Number_: number) =>
    clb(region).CreateLoadBalancer({ LoadBalancerType: 'OPEN', VpcId: vpc?.id ?? '', Number: Number_ });
  const planStatus = (estate: Estate) =>
    preflight({
      estate,
      diversion: SplitDiversion.parse({
        kind: 'split',
        name: 'A choice',
        creates: { loadBalancers: [wanted('sale')], listeners: [] },
        routes: [
          {
            to: 'cvm',
            domain: 'shop.example.co.id',
            ...findPlace(estate, 'lb-jkt-shop', 'HTTP'),
            rule: { kind: 'new', url: '/x' },
            addTargets: [],
          },
          {
            to: 'function',
            domain: 'a.example.co.id',
            ...findPlace(estate, 'lb-sin-flash', 'HTTP'),
            rule: { kind: 'new', url: '/' },
            function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
            expectedBody: 'Flash sale',
          },
        ],
      }),
    }).find(({ check, field }) => check === 'clb-quota' && field === 'creates.loadBalancers.0')?.status;
  for (let left = 99 - inUse; left > 0; left -= 20) await create(Math.min(20, left));
  expect(planStatus(await readEstate())).toBe('warn');
  await create(1);
  expect(planStatus(await readEstate())).toBe('block');
  const refused = clb(region).CreateLoadBalancer(createLoadBalancer(wanted('sale')).params as never);
  expect((await catchRefusal(refused)).code).toMatch(/^LimitExceeded/);
});
