import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readActions } from '@/lib/estate/actions';
import { asRead, carryUnread } from '@/lib/estate/history/carry-unread';
import { LoadBalancerId } from '@/lib/estate/ids';
import { findListener, findLoadBalancer, findRule } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { RuleRef } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import { createTelemetry, type Telemetry } from '@/lib/sandbox/telemetry/telemetry';
import { SwitchableClock } from '@/lib/sandbox/world/clock';
import { startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';
import { CloudConnection } from './connection';
import type { CloudCall } from './deps';
import type { Cloud } from './port';
import { createTencentCloud } from './tencent/cloud';

const region = 'ap-singapore';
const otherRegions = ['ap-jakarta'];

let cloud: TestCloud;
let telemetry: Telemetry;
let sent: Set<string>;
let sentTo: Set<string>;
beforeEach(async () => {
  sent = new Set();
  sentTo = new Set();
  const clock = new SwitchableClock();
  telemetry = createTelemetry();
  cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.142.0.0/16', clock, telemetry });
});
afterEach(() => cloud.plane.stop());

const niaga = () => cloud.account('niaga');

const readEstate = (keys?: { secretId: string; secretKey: string }) => createCloud(keys).readEstate(() => {});

function createCloud(
  keys: { secretId: string; secretKey: string } = cloud.keys('niaga'),
  regions: readonly string[] = [region, ...otherRegions],
): Cloud {
  const connection = CloudConnection.parse({
    id: 'sandbox-niaga',
    name: 'Sandbox',
    kind: 'sandbox',
    endpoint: cloud.plane.api,
    dns: null,
    regions,
    portOffset: 0,
    secretId: keys.secretId,
    secretKey: keys.secretKey,
  });
  const log = { debug: () => {}, info: () => {}, warn: () => {} };
  const deps = {
    now: () => new Date(),
    log,
    onCall: ({ service, action, region: where }: CloudCall) => {
      sent.add(`${service}:${action}`);
      sentTo.add(`${service} ${where}`);
    },
  };
  return createTencentCloud(connection, deps);
}

function world(loadBalancerId: string) {
  const found = niaga().loadBalancers[loadBalancerId];
  invariant(found, 'the seed has it');
  return found;
}

describe('load balancers', () => {
  it('report whether they are stopped or protected, their size and their age', async () => {
    world('lb-q7w2m5rc').stopped = true;
    const { loadBalancers } = await readEstate();
    const findFacts = (id: string) => {
      const lb = loadBalancers.find((each) => each.id === id);
      return lb && [lb.stopped, lb.deleteProtected, lb.slaType];
    };
    expect(findFacts('lb-3n9x0v2k')).toEqual([false, true, 'clb.c3.small']);
    expect(findFacts('lb-q7w2m5rc')).toEqual([true, false, '']);
    world('lb-3n9x0v2k').bandwidthMbps = 300;
    const found = (await readEstate()).loadBalancers.find(({ id }) => id === 'lb-3n9x0v2k');
    expect(found).toMatchObject({ bandwidthMbps: 300, internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR' });
    expect(loadBalancers.map((lb) => Date.parse(lb.createdAt ?? ''))).not.toContain(Number.NaN);
  });

  it('have listeners and rules with certificates, checks and all their domains', async () => {
    const [http] = world('lb-q7w2m5rc').listeners;
    invariant(http?.rules[0], 'the seed has it');
    http.stopped = true;
    http.rules[0].healthCheck.on = false;
    const estate = await readEstate();
    const sni = estate.listeners.find((each) => each.loadBalancerId === 'lb-8f4t6b1z' && each.port === 443);
    expect(sni).toMatchObject({ sniSwitch: true, certificateId: null, certificateIds: [], stopped: false });
    expect(findRule(estate, sni?.id ?? '', 'checkout.example.co.id', '/')).toMatchObject({
      certificateIds: ['cert8Kq2x'],
      healthCheck: true,
      forwardType: 'HTTP',
      http2: false,
      sessionExpireS: 0,
      clientCaId: null,
      createdAt: expect.stringMatching(/Z$/),
    });
    const https = estate.listeners.find((each) => each.loadBalancerId === 'lb-3n9x0v2k' && each.port === 443);
    expect(https).toMatchObject({ sniSwitch: false, certificateIds: ['cert8Kq2x'], keepalive: false });
    expect(findListener(estate, 'lb-q7w2m5rc', http.id)).toMatchObject({ stopped: true });
    expect(findRule(estate, http.id, 'event.example.co.id', '/')?.healthCheck).toBe(false);

    const media = estate.listeners.find((each) => each.loadBalancerId === 'lb-h6p1t9vd');
    const byFurtherName = findRule(estate, media?.id ?? '', 'stream.example.co.id', '/');
    expect(byFurtherName?.domains).toEqual(['live.example.co.id', 'stream.example.co.id']);
    expect(byFurtherName).toBe(findRule(estate, media?.id ?? '', 'live.example.co.id', '/'));
    expect(estate.gaps).toEqual([]);
  });

  it('report the health of each target, on both layers', async () => {
    const [http] = world('lb-3n9x0v2k').listeners;
    const cart = http?.rules.find(({ url }) => url === '/cart');
    const [first] = cart?.targets ?? [];
    invariant(http && cart && first, 'the seed has them');
    first.registeredAt = Date.now();
    const estate = await readEstate();
    const rule = findRule(estate, http.id, 'shop.example.co.id', '/cart');
    const healths = rule?.targets.map((target) => target.health);
    expect([healths?.at(0), healths?.at(-1)]).toEqual(['unknown', 'dead']);
    const tcp = estate.listeners.find((listener) => listener.protocol === 'TCP');
    expect(tcp?.targets.map((target) => target.health)).toEqual(['alive']);
    cart.healthCheck.on = false;
    const unchecked = findRule(await readEstate(), http.id, 'shop.example.co.id', '/cart');
    expect(unchecked?.targets[0]?.health).toBe('off');
  });

  it('report the most connections of the last day where a listener forwards without rules', async () => {
    const { listenerConnections } = await readEstate();
    const balancer = world('lb-5m1c7h4e');
    const quic = balancer.listeners.find(({ protocol }) => protocol === 'QUIC');
    const [vip] = balancer.vips;
    invariant(quic && vip, 'the seed has it');
    expect(listenerConnections).toMatchObject({ [quic.id]: 0 });
    expect(listenerConnections).not.toHaveProperty(balancer.listeners[0]?.id ?? '');
    // The sandbox serves no QUIC itself, so that only HTTP and HTTPS have a type.
    const opened = {
      uin: niaga().uin,
      vip,
      port: 443,
      protocol: 'QUIC' as 'HTTPS',
      change: 'opened',
    } as const;
    for (let count = 0; count < 7; count += 1)
      telemetry.traffic.recordConnection({ ...opened, at: Date.now() - 7_200_000 });
    expect((await readEstate()).listenerConnections).toMatchObject({ [quic.id]: 7 });
  });

  it('of the classic generation list their listeners by a separate action, and have no rules', async () => {
    world('lb-c2z5j8sy').listeners.push({
      ...(world('lb-3n9x0v2k').listeners.find(({ port }) => port === 443) ?? expect.fail('no HTTPS')),
      id: 'lbl-classic1',
      rules: [],
    });
    const estate = await readEstate();
    expect(sent).toContain('clb:DescribeClassicalLBListeners');
    const own = estate.listeners.filter(({ loadBalancerId }) => loadBalancerId === 'lb-c2z5j8sy');
    expect(own).toMatchObject([
      { id: 'lbl-classic1', protocol: 'HTTPS', port: 443, certificateIds: ['cert8Kq2x'], stopped: null },
      { protocol: 'HTTP', port: 80, certificateIds: [], targets: [] },
    ]);
    expect(estate.rules.filter(({ loadBalancerId }) => loadBalancerId === 'lb-c2z5j8sy')).toEqual([]);
    expect(estate.gaps).toEqual([]);
  });

  it('have quotas and custom configurations', async () => {
    const estate = await readEstate();
    expect(estate.clbQuotas.map((quota) => quota.region)).toEqual([region, ...otherRegions]);
    expect(estate.clbQuotas[0]).toMatchObject({
      listenersPerLoadBalancer: 50,
      rulesPerListener: 50,
      targetsPerRule: 100,
    });
    expect(estate.customConfigs).toEqual([
      {
        id: 'pz-n1c7k3wd',
        name: 'function-headers',
        region,
        scope: 'CLB',
        bindings: [{ loadBalancerId: 'lb-d0k8y3pn', listenerId: null, domain: null, ruleId: null }],
        addsMethodHeader: true,
        addsUriHeader: true,
        readTimeoutS: 120,
        bodyMaxMb: null,
        tlsVersions: null,
        directives: ['proxy_read_timeout', 'proxy_set_header'],
      },
    ]);
    expect(findLoadBalancer(estate, 'lb-d0k8y3pn')?.region).toBe(region);
  });
});

describe('functions', () => {
  it('report aliases, concurrency and whether they can be called', async () => {
    const checkout = niaga().functions[`${region}/flash/checkout`];
    const live = checkout?.aliases.find((alias) => alias.name === 'live');
    invariant(checkout && live, 'the seed has them');
    live.extra = { version: '$LATEST', weight: 0.25 };
    checkout.provisioned = [
      { qualifier: '1', kind: 'Default', target: 20, from: 20, since: checkout.createdAt, schedule: [] },
    ];
    const { functions } = await readEstate();
    const found = functions.map((fn) => [fn.name, fn.availableStatus, fn.reservedMb, fn.provisioned]);
    expect(found).toEqual([
      [
        ...['checkout', 'Available', 12_800],
        [{ qualifier: '1', allocated: 20, available: 20, status: 'Done' }],
      ],
      ['storefront', 'Available', 'none', []],
      ['storefront-web', 'Available', 'none', []],
    ]);
    expect(functions[0]?.aliases).toEqual([
      { name: '$DEFAULT', version: '$LATEST', additional: null },
      { name: 'live', version: '1', additional: { version: '$LATEST', weight: 0.25 } },
    ]);
    expect(functions[2]?.aliases?.map((alias) => alias.name)).toEqual(['$DEFAULT']);
  });

  it('list their triggers: timers and load balancers, with state and setting', async () => {
    const { scf } = cloud.clients({ account: 'niaga', region });
    const of = { FunctionName: 'checkout', Namespace: 'flash', Type: 'timer' };
    const timer = (TriggerName: string, more: object) =>
      scf.CreateTrigger({ ...of, TriggerName, TriggerDesc: '0 0 2 * * * *', ...more });
    await timer('warm-up', { Enable: 'OPEN', Description: 'before the sale', Qualifier: '1' });
    await timer('clean', { Enable: 'CLOSE' });
    const { functions } = await readEstate();
    const [balancer, ...timers] = functions.find(({ name }) => name === 'checkout')?.triggers ?? [];
    expect(balancer).toMatchObject({
      kind: 'clb',
      enabled: true,
      qualifier: '1',
      setting: expect.stringContaining('checkout.example.co.id'),
    });
    expect(timers).toEqual([
      {
        kind: 'timer',
        name: 'clean',
        enabled: false,
        setting: '0 0 2 * * * *',
        description: '',
        qualifier: '$LATEST',
      },
      {
        kind: 'timer',
        name: 'warm-up',
        enabled: true,
        setting: '0 0 2 * * * *',
        description: 'before the sale',
        qualifier: '1',
      },
    ]);
    expect(functions.find(({ name }) => name === 'storefront')?.triggers).toEqual([]);
  });

  it('are found in every namespace of the region, including one that was just created', async () => {
    const addNamespace = (name: string) => {
      niaga().namespaces[`${region}/${name}`] = { region, name, description: '', createdAt: 0 };
    };
    addNamespace('night-sale');
    const storefront = niaga().functions[`${region}/flash/storefront`];
    invariant(storefront, 'the seed has it');
    niaga().functions[`${region}/night-sale/storefront`] = { ...storefront, namespace: 'night-sale' };
    const adapter = createCloud();
    const estate = await adapter.readEstate(() => {});
    const names = ({ scfNamespaces }: Estate) =>
      scfNamespaces.filter((each) => each.region === region).map(({ name }) => name);
    expect(names(estate)).toEqual(['default', 'flash', 'night-sale']);
    expect(estate.functions.map(({ namespace, name }) => `${namespace}/${name}`)).toContain(
      'night-sale/storefront',
    );
    expect(estate.gaps).toEqual([]);

    addNamespace('later');
    niaga().functions[`${region}/later/storefront`] = { ...storefront, namespace: 'later' };
    const changed = await adapter.readChanges(estate, []);
    expect(names(changed)).toEqual(['default', 'flash', 'later', 'night-sale']);
    expect(changed.functions.some(({ namespace }) => namespace === 'later')).toBe(true);
  });

  it('distinguish a stopped function from one without reserved concurrency', async () => {
    const storefront = niaga().functions[`${region}/flash/storefront`];
    invariant(storefront, 'the seed has it');
    storefront.reservedMb = 0;
    const { functions } = await readEstate();
    expect(functions.find((fn) => fn.name === 'storefront')?.reservedMb).toBe(0);
  });

  it('share a quota by region', async () => {
    const { scfAccounts } = await readEstate();
    expect(scfAccounts.map((account) => account.region)).toEqual([region]);
    expect(scfAccounts[0]).toMatchObject({ quotaMb: expect.any(Number), allocatedMb: 12_800 });
    expect(scfAccounts[0]?.namespaces.find(({ name }) => name === 'flash')).toMatchObject({
      clbTriggersMax: 10,
    });
  });
});

it('networks and zones are read by name, even in an empty region', async () => {
  const tokyo = { id: 'vpc-tokyo001', name: 'Default-VPC', region: 'ap-tokyo', cidr: '172.16.0.0/16' };
  niaga().vpcs[tokyo.id] = { ...tokyo, isDefault: true, tags: {}, createdAt: Date.now() };
  const estate = await createCloud(cloud.keys('niaga'), ['ap-tokyo']).readEstate(() => {});
  expect(estate.gaps).toEqual([]);
  expect([estate.loadBalancers, estate.instances]).toEqual([[], []]);
  expect(estate.vpcs).toEqual([{ ...tokyo, isDefault: true }]);
  expect(estate.availabilityZones).toContainEqual({
    id: 'ap-tokyo-1',
    name: expect.stringMatching(/./),
    region: 'ap-tokyo',
    isAvailable: expect.any(Boolean),
  });
  expect(estate.clbQuotas).toMatchObject([{ publicLoadBalancers: 100, internalLoadBalancers: 100 }]);
  const used = await readEstate();
  const vpcIds = used.vpcs.map(({ id }) => id);
  for (const { vpcId } of used.subnets) expect(vpcIds).toContain(vpcId);
  expect(used.loadBalancers.every((lb) => lb.passToTarget !== null && lb.securityGroups !== null)).toBe(true);
});

it('certificates are read with their names and expiry dates', async () => {
  const { certificates } = await readEstate();
  expect(certificates.map(({ id, kind, domains, status }) => [id, kind, domains, status])).toEqual([
    ['Hn4vR7sD', 'SVR', ['flash.example.co.id'], 'issued'],
    ['Qc2mX9bL', 'CA', ['Example Partner CA'], 'issued'],
    ['cert8Kq2x', 'SVR', ['*.example.co.id', 'example.co.id'], 'issued'],
  ]);
  const days = (Date.parse(certificates[0]?.notAfter ?? '') - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(11);
  expect(days).toBeLessThan(13);
});

it('zones report what their plan allows', async () => {
  const { zones, dnsLines } = await readEstate();
  expect(zones.map(({ name, minTtlS, sameNameMax }) => [name, minTtlS, sameNameMax])).toEqual([
    ['example.co.id', 1, 999],
    ['example.web.id', 600, 2],
  ]);
  expect(dnsLines.map(({ grade }) => grade)).toEqual(['DP_FREE', 'DP_ULTRA']);
  for (const { lines } of dnsLines) expect(lines).toContainEqual({ id: '10=1', name: '联通' });
});

describe('permissions', () => {
  const userKeys = (name: string) => cloud.keys('niaga', name);

  it("of the account's own keys are unlimited", async () => {
    const { permissions } = (await readEstate()).account;
    expect(permissions).toMatchObject({ source: 'cam', denied: [] });
    expect(permissions.allowed).toContain('clb:CreateRule');
  });

  it('of a user follow its policies, and the sandbox enforces them', async () => {
    const { account, gaps } = await readEstate(userKeys('reviewer'));
    expect(account).toMatchObject({ uin: niaga().uin, permissions: { source: 'cam' } });
    expect(account.permissions.denied).toContain('clb:CreateRule');
    expect(account.permissions.denied).toContain('dnspod:DeleteRecord');
    expect(account.permissions.allowed).toEqual(expect.arrayContaining([...sent]));
    expect(gaps).toEqual([]);
    const operator = await readEstate(userKeys('operator'));
    expect(operator.account.permissions.allowed).toContain('clb:CreateRule');
  });

  it('that can’t be read are unknown', async () => {
    const policy = niaga().policies[210_000_001];
    invariant(policy, 'the seed has it');
    for (const statement of policy.document.statement)
      statement.action = statement.action.filter((name) => !/^(cam|igtm|ssl):|Aliases|GetAccount/.test(name));
    const estate = await readEstate(userKeys('reviewer'));
    expect(estate.account.permissions).toEqual({ source: null, allowed: null, denied: [] });
    expect(estate.functions.map((fn) => fn.aliases)).toEqual([null, null, null]);
    expect(estate.scfAccounts).toEqual([]);
    expect(estate.gaps.map(({ part }) => part)).toEqual([
      'cam',
      'igtm',
      `scf-account/${region}`,
      ...['checkout', 'storefront-web', 'storefront'].map((name) => `scf/${region}/flash/${name}/aliases`),
      'ssl',
    ]);
  });

  it('are checked for every action that a sync sends', async () => {
    await readEstate();
    expect(readActions).toEqual(expect.arrayContaining([...sent]));
  });
});

describe('a sync of what changes often', () => {
  const content = ({ takenAt: _, partsAt: __, ...rest }: Estate) => rest;

  it('has the same result as a full sync for load balancers that are watched or listed as changed', async () => {
    const known = await readEstate();
    const { loadBalancers, functions, zones } = niaga();
    delete loadBalancers['lb-c2z5j8sy'];
    world('lb-q7w2m5rc').stopped = true;
    const [http] = world('lb-5m1c7h4e').listeners;
    const checkout = functions[`${region}/flash/checkout`];
    const zone = zones['example.co.id'];
    invariant(http?.rules[0] && checkout && zone, 'the seed has them');
    http.rules[0].targets = [];
    checkout.timeoutS = 9;
    checkout.modifiedAt = Date.now();
    delete functions[`${region}/flash/storefront-web`];
    zone.records = zone.records.filter((record) => record.subdomain !== 'www');
    sent.clear();
    const looked = await createCloud().readChanges(known, [LoadBalancerId.parse('lb-5m1c7h4e')]);
    expect(sent).not.toContain('cvm:DescribeInstances');
    expect(looked.takenAt).toBe(known.takenAt);
    expect(Date.parse(looked.partsAt ?? '')).toBeGreaterThan(Date.parse(known.takenAt));
    expect(content(looked)).toEqual(content(await readEstate()));
    expect(content(looked)).not.toEqual(content(known));
  });

  it('fills former gaps, and records new ones', async () => {
    const user = cloud.keys('niaga', 'reviewer');
    const policy = niaga().policies[210_000_001];
    const [statement] = policy?.document.statement ?? [];
    invariant(statement, 'the seed has it');
    const allowed = statement.action;
    const without = (pattern: RegExp) => allowed.filter((name) => !pattern.test(name));
    statement.action = without(/ListFunctions|ssl:/);
    const known = await readEstate(user);
    expect(known.gaps.map(({ part }) => part)).toContain(`scf/${region}/flash`);
    statement.action = without(/DescribeRecordList/);
    const looked = await createCloud(user).readChanges(known, []);
    expect(looked.functions.map(({ name }) => name)).toEqual(['checkout', 'storefront', 'storefront-web']);
    expect(looked.gaps.map(({ part }) => part)).toEqual([
      'dnspod/example.co.id',
      'dnspod/example.web.id',
      // Only a full sync reads these.
      'ssl',
    ]);
  });

  it('fails as a whole with wrong keys', async () => {
    const known = await readEstate();
    const { secretId } = cloud.keys('niaga');
    const looked = createCloud({ secretId, secretKey: 'not-the-key-at-all' }).readChanges(known, []);
    await expect(looked).rejects.toMatchObject({ data: { action: 'GetCallerIdentity' } });
  });
});

describe('security groups', () => {
  it('of load balancers and servers are read with their inbound rules, each once', async () => {
    const account = niaga();
    const [first, second] = Object.values(account.instances).filter((each) => each.region === region);
    invariant(first && second, 'the seed has servers');
    const rule = { action: 'ACCEPT', protocol: 'TCP', ports: '80,8080', description: '' } as const;
    const group = (id: string, ...sources: string[]) => ({
      id,
      region,
      modifiedAt: 0,
      ingress: sources.map((source) => ({ ...rule, source })),
    });
    account.securityGroups = {
      'sg-web': group('sg-web', '10.0.0.0/8', '0.0.0.0/0'),
      'sg-lb': group('sg-lb'),
      'sg-unused': group('sg-unused'),
    };
    first.securityGroupIds = ['sg-web', 'sg-gone'];
    second.securityGroupIds = ['sg-web'];
    world('lb-q7w2m5rc').securityGroups = ['sg-lb'];
    const estate = await readEstate();
    const wanted = { action: 'ACCEPT', protocol: 'TCP', ports: '80,8080' };
    expect(estate.securityGroups).toEqual([
      { id: 'sg-lb', region, ingress: [] },
      {
        id: 'sg-web',
        region,
        ingress: [
          { ...wanted, source: '10.0.0.0/8' },
          { ...wanted, source: '0.0.0.0/0' },
        ],
      },
    ]);
    expect(estate.gaps.map(({ part }) => part)).toEqual([`security-groups/${region}/sg-gone`]);
    // Parts that could not be read keep their last state; a sync of frequently changing parts doesn't touch them.
    delete account.securityGroups['sg-web'];
    const known = carryUnread(estate, await readEstate());
    expect(known.securityGroups.map(({ id }) => id)).toEqual(['sg-lb', 'sg-web']);
    const looked = await createCloud().readChanges(estate, []);
    expect(looked.securityGroups).toEqual(estate.securityGroups);
    expect(looked.gaps).toEqual(estate.gaps);
  });
});

describe('a list entry that does not have the documented shape', () => {
  it('is reported as unread, and all other entries are used', async () => {
    const whole = await readEstate();
    const owner = world('lb-3n9x0v2k');
    const [http, other] = owner.listeners;
    const [rule, ...rules] = http?.rules ?? [];
    const [zone] = whole.zones;
    const [record] = Object.values(niaga().zones)[0]?.records ?? [];
    invariant(http && other && rule && rules.length > 0 && zone && record, 'the seed has them');
    (other as { protocol: string }).protocol = 'WEIRD';
    (rule as { url: unknown }).url = 7;
    (world('lb-q7w2m5rc') as { type: string }).type = 'SIDEWAYS';
    (record as { ttlS: unknown }).ttlS = 'long';
    const estate = await readEstate();
    expect(estate.gaps.map(({ part }) => part)).toEqual(
      [
        `clb/ap-jakarta/lb-3n9x0v2k/${http.id}/${rule.id}`,
        `clb/ap-jakarta/lb-3n9x0v2k/${other.id}`,
        `clb/${region}/lb-q7w2m5rc`,
        `dnspod/${zone.name}/${record.id}`,
      ].toSorted(),
    );
    expect(estate.gaps[0]?.reason).toContain('the answer has not the documented shape: ');
    const isOdd = (id: string) => [String(other.id), String(rule.id)].includes(id);
    const own = whole.rules.filter(({ loadBalancerId }) => loadBalancerId === 'lb-3n9x0v2k');
    const kept = own.filter(({ id, listenerId }) => !isOdd(id) && !isOdd(listenerId));
    expect(estate.rules.filter(({ loadBalancerId }) => loadBalancerId === 'lb-3n9x0v2k')).toEqual(kept);
    expect(estate.records).toHaveLength(whole.records.length - 1);
    // The previous data about them is kept, and none of them appears deleted.
    const known = carryUnread(whole, estate);
    expect(known.listeners.map(({ id }) => id)).toEqual(whole.listeners.map(({ id }) => id));
    expect(known.rules.map(({ id }) => id)).toEqual(whole.rules.map(({ id }) => id));
    expect(known.loadBalancers.map(({ id }) => id)).toEqual(whole.loadBalancers.map(({ id }) => id));
    expect(asRead(known).rules).toEqual(estate.rules);
  });

  it('is also reported in the lists of certificates, instances, networks and zones', async () => {
    const whole = await readEstate();
    const [certificate] = Object.values(niaga().certificates);
    const [instance, neighbour] = Object.values(niaga().instances).filter((each) => each.region === region);
    const [vpc] = Object.values(niaga().vpcs).filter((each) => each.region === region);
    const [subnet] = Object.values(niaga().subnets).filter((each) => each.region === region);
    invariant(certificate && instance && neighbour && vpc && subnet, 'the seed has them');
    (certificate as { furtherDomains: unknown }).furtherDomains = [7];
    (instance as { zone: unknown }).zone = 7;
    (vpc as { cidr: unknown }).cidr = 7;
    (subnet as { zone: unknown }).zone = 7;
    const estate = await readEstate();
    expect(estate.gaps.map(({ part }) => part)).toEqual(
      [
        `cvm/${region}/${instance.id}`,
        `ssl/${certificate.id}`,
        `vpc/${region}/${subnet.id}`,
        `vpc/${region}/${vpc.id}`,
      ].toSorted(),
    );
    const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
    const others = (list: readonly { readonly id: string }[], odd: string) =>
      ids(list).filter((id) => id !== odd);
    expect(ids(estate.instances)).toEqual(others(whole.instances, instance.id));
    expect(ids(estate.certificates)).toEqual(others(whole.certificates, certificate.id));
    expect(ids(estate.vpcs)).toEqual(others(whole.vpcs, vpc.id));
    expect(ids(estate.subnets)).toEqual(others(whole.subnets, subnet.id));
    // They keep their last state, and none seems deleted.
    const known = carryUnread(whole, estate);
    expect(ids(known.instances)).toEqual(ids(whole.instances));
    expect(ids(known.certificates)).toEqual(ids(whole.certificates));
    expect(ids(known.vpcs)).toEqual(ids(whole.vpcs));
    expect(asRead(known).instances).toEqual(estate.instances);
  });

  it('is also reported in the lists of a function and of custom configurations', async () => {
    const account = niaga();
    const [fn] = Object.values(account.functions).filter(
      (each) => each.region === region && each.versions.length > 0,
    );
    const [version] = fn?.versions ?? [];
    const [, config = Object.values(account.customConfigs)[0]] = Object.values(account.customConfigs);
    invariant(fn && version && config, 'the seed has them');
    const at = { createdAt: 1_700_000_000_000, modifiedAt: 1_700_000_000_000 };
    const alias = { name: 'odd', description: '', version: version.version, extra: null, match: null, ...at };
    fn.aliases.push(alias, { ...alias, name: 'live' });
    const timer = { name: 'odd', type: 'timer', cron: '0 0 2 * * * *', qualifier: '$LATEST' } as const;
    const trigger = { ...timer, enabled: true, customArgument: '', description: '', ...at };
    fn.triggers.push(trigger, { ...trigger, name: 'tick' });
    const whole = await readEstate();
    expect(whole.gaps).toEqual([]);
    (alias as { version: unknown }).version = 7;
    (trigger as { description: unknown }).description = 7;
    (version as { description: unknown }).description = 7;
    (config as { content: unknown }).content = 7;
    const estate = await readEstate();
    const part = `scf/${region}/${fn.namespace}/${fn.name}`;
    expect(estate.gaps.map((gap) => gap.part)).toEqual([
      `clb-config/${config.region}/${config.id}`,
      `${part}/aliases/odd`,
      `${part}/triggers/odd`,
      `${part}/versions/${version.version}`,
    ]);
    const read = ({ functions }: Estate) =>
      functions.find((each) => each.region === region && each.name === fn.name);
    const [before, after] = [read(whole), read(estate)];
    expect(after?.aliases).toEqual(before?.aliases?.filter(({ name }) => name !== 'odd'));
    expect(after?.aliases?.map(({ name }) => name)).toContain('live');
    expect(after?.triggers?.map(({ name }) => name)).toContain('tick');
    expect(after?.triggers).toEqual(before?.triggers?.filter(({ name }) => name !== 'odd'));
    expect(after?.versions).toEqual(before?.versions.filter((each) => each !== version.version));
    const ids = (list: Estate['customConfigs']) => list.map(({ id }) => id);
    expect(ids(estate.customConfigs)).toEqual(ids(whole.customConfigs).filter((id) => id !== config.id));
    expect(ids(carryUnread(whole, estate).customConfigs)).toEqual(ids(whole.customConfigs));
  });

  it('is refused when a write depends on it', async () => {
    const [http] = world('lb-3n9x0v2k').listeners;
    const [rule] = http?.rules ?? [];
    invariant(http && rule, 'the seed has them');
    (rule as { url: unknown }).url = 7;
    const ref = RuleRef.parse({
      kind: 'rule',
      region: 'ap-jakarta',
      loadBalancerId: 'lb-3n9x0v2k',
      listenerId: http.id,
      domain: 'shop.example.co.id',
      url: '/',
    });
    await expect(createCloud().read(ref)).rejects.toMatchObject({ data: { code: 'Answer.Unexpected' } });
  });
});

describe('other owners', () => {
  const listed = (estate: Estate, id: string) => estate.loadBalancers.find((each) => each.id === id);
  const mark = () => {
    const balancer = world('lb-5m1c7h4e');
    balancer.tags = { 'tke-clusterId': 'cls-1', team: 'shop' };
    balancer.operationProtection = { operatorUin: '100000000009', description: 'freeze', modifiedAt: 0 };
    niaga().igtm = {
      'gtm-1': {
        id: 'gtm-1',
        name: 'shop',
        domain: 'www.example.co.id',
        accessDomain: 'example.co.id',
        accessSubdomain: 'www.gtm',
        enabled: true,
        createdAt: 0,
      },
    };
    const [record] = niaga().zones['example.co.id']?.records.filter(({ type }) => type === 'A') ?? [];
    invariant(record, 'the seed has it');
    record.monitored = true;
    return record.id;
  };

  it('leave tags, protection, IGTM and D-monitoring, which a sync reads and a partial one keeps', async () => {
    const recordId = mark();
    const estate = await readEstate();
    expect(estate.gaps).toEqual([]);
    expect(listed(estate, 'lb-5m1c7h4e')).toMatchObject({
      tags: { 'tke-clusterId': 'cls-1', team: 'shop' },
      operationProtection: { operatorUin: '100000000009', note: 'freeze' },
    });
    expect(estate.loadBalancers.filter(({ operationProtection }) => operationProtection)).toHaveLength(1);
    expect(estate.igtm).toEqual([
      {
        id: 'gtm-1',
        name: 'shop',
        domain: 'www.example.co.id',
        accessName: 'www.gtm.example.co.id',
        enabled: true,
      },
    ]);
    expect(estate.records.filter(({ monitored }) => monitored).map(({ id }) => id)).toEqual([recordId]);
    const looked = await createCloud().readChanges(estate, []);
    expect(looked.loadBalancers).toEqual(estate.loadBalancers);
    expect(looked.igtm).toEqual(estate.igtm);
  });

  it('are gaps where the key may not read them, and the rest is read', async () => {
    mark();
    const known = await readEstate();
    const policy = niaga().policies[210_000_001];
    const [statement] = policy?.document.statement ?? [];
    invariant(statement, 'the seed has it');
    statement.action = [
      ...statement.action.filter((name) => !/^(igtm|clb):/.test(name)),
      ...readActions.filter((name) => name.startsWith('clb:') && !name.endsWith('Protect')),
    ];
    const estate = await readEstate(cloud.keys('niaga', 'reviewer'));
    const parts = [...otherRegions, region].map((each) => `clb-protection/${each}`).toSorted();
    // A region without load balancers needs no call.
    expect(parts).toEqual(expect.arrayContaining(estate.gaps.map(({ part }) => part).slice(0, -1)));
    expect(estate.gaps.map(({ part }) => part)).toContain(`clb-protection/${region}`);
    expect(estate.gaps.at(-1)?.part).toBe('igtm');
    expect(listed(carryUnread(known, estate), 'lb-5m1c7h4e')?.operationProtection).not.toBeNull();
  });
});

it('reads the WAF of a rule, and that a load balancer has one', async () => {
  const [rule] = world('lb-3n9x0v2k').listeners[0]?.rules ?? [];
  invariant(rule !== undefined, 'the seed has it');
  expect(findLoadBalancer(await readEstate(), 'lb-3n9x0v2k')?.wafFlag).toBe(false);
  rule.wafDomainId = 'waf-1';
  const estate = await readEstate();
  expect(estate.rules.find(({ id }) => id === rule.id)?.wafDomainId).toBe('waf-1');
  expect(findLoadBalancer(estate, 'lb-3n9x0v2k')?.wafFlag).toBe(true);
});

it('does not list functions in a region that has none', async () => {
  await readEstate();
  expect(sentTo).toContain(`scf ${region}`);
  expect(sentTo).toContain('clb ap-jakarta');
  expect(sentTo).not.toContain('scf ap-jakarta');
});
