import fc from 'fast-check';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { CvmRoute, FunctionRoute } from '@/lib/diversion/route';
import { SwitchDiversion, type SwitchSide } from '@/lib/diversion/switch';
import { readActions, writeActions } from '@/lib/estate/actions';
import { Estate } from '@/lib/estate/model';

/**
 * Returns the smallest estate of a Split: a CVM load balancer that serves both domains, and one that can take
 * functions.
 */
export function testEstate(change: Partial<Record<keyof Estate, unknown>> = {}): Estate {
  return Estate.parse({
    connectionId: 'test',
    takenAt: '2026-12-11T14:14:02.000Z',
    account: testAccount(),
    regions: ['ap-singapore', 'ap-jakarta'],
    zones: [testZone()],
    records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.1')],
    loadBalancers: [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] })],
    listeners: [testListener('lb-cvm'), testListener('lb-scf')],
    rules: [
      testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
      testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', { targets: [testTarget()] }),
    ],
    functions: [testFunction()],
    instances: [testInstance()],
    clbQuotas: [testClbQuota()],
    customConfigs: [testCustomConfig()],
    gaps: [],
    ...change,
  });
}

/** Returns an account billed by IP, with a key that has all permissions. */
export function testAccount(change: object = {}): object {
  const permissions = { source: 'cam', allowed: [...readActions, ...writeActions], denied: [] };
  return { uin: '100000000001', networkAccountType: 'STANDARD', permissions, ...change };
}

/** Returns the limits of functions in the test region, without provisioned concurrency. */
export function testScfAccount(change: object = {}): object {
  return { region: 'ap-singapore', quotaMb: 64_000, allocatedMb: 0, namespaces: [], ...change };
}

/** Returns the default quota of an account. */
export function testClbQuota(change: object = {}): object {
  const quotas = { listenersPerLoadBalancer: 50, rulesPerListener: 50, targetsPerRule: 100 };
  const balancers = {
    publicLoadBalancers: 100,
    internalLoadBalancers: 100,
  };
  return { region: 'ap-singapore', ...quotas, ...balancers, ...change };
}

/** Returns a configuration that passes the method and path of requests to functions behind the second load balancer. */
export function testCustomConfig(change: object = {}): object {
  return {
    id: 'pz-1',
    name: 'function-headers',
    region: 'ap-singapore',
    scope: 'CLB',
    bindings: [{ loadBalancerId: 'lb-scf', listenerId: null, domain: null, ruleId: null }],
    addsMethodHeader: true,
    addsUriHeader: true,
    readTimeoutS: null,
    bodyMaxMb: null,
    ...change,
  };
}

/** Returns a zone on a plan that accepts any TTL, and any number of records of one name. */
export function testZone(change: object = {}): object {
  const zone = { id: 1, name: 'example.co.id', enabled: true, delegated: true, grade: 'DP_ULTRA' };
  return { ...zone, minTtlS: 1, sameNameMax: 999, ...change };
}

export function testRecord(id: number, subdomain: string, value: string, change: object = {}): object {
  const record = {
    id,
    zone: 'example.co.id',
    subdomain,
    type: 'A',
    value,
    line: '默认',
    lineId: '0',
    ttlS: 60,
  };
  return { ...record, weight: null, enabled: true, updatedAt: '2026-12-01T00:00:00.000Z', ...change };
}

export function testLoadBalancer(id: string, change: object = {}): object {
  return {
    id,
    name: id,
    region: 'ap-singapore',
    generation: 'clb',
    network: 'OPEN',
    vpcId: 'vpc-1',
    addressFamily: 'ipv4',
    vips: ['127.77.1.1'],
    ipv6: null,
    domain: null,
    status: 'running',
    isolated: false,
    blocked: false,
    ...change,
  };
}

export function testListener(loadBalancerId: string, change: object = {}): object {
  const id = `lbl-${loadBalancerId}`;
  return {
    id,
    loadBalancerId,
    name: id,
    protocol: 'HTTP',
    port: 80,
    certificateId: null,
    targets: [],
    ...change,
  };
}

export function testRule(id: string, loadBalancerId: string, domain: string, change: object = {}): object {
  return {
    id,
    loadBalancerId,
    listenerId: `lbl-${loadBalancerId}`,
    domain,
    url: '/',
    isDefault: false,
    scheduler: 'WRR',
    quic: false,
    targetType: 'NODE',
    redirectsTo: null,
    targets: [],
    functions: [],
    ...change,
  };
}

export function testTarget(change: object = {}): object {
  return {
    kind: 'CVM',
    instanceId: 'ins-1',
    instanceName: 'shop-web-1',
    privateIp: '10.0.0.1',
    port: 8080,
    weight: 10,
    health: 'alive',
    ...change,
  };
}

export function testFunction(change: object = {}): object {
  return {
    region: 'ap-singapore',
    namespace: 'flash',
    name: 'storefront',
    type: 'Event',
    runtime: 'Python3.10',
    handler: 'index.main_handler',
    status: 'Active',
    memoryMb: 128,
    timeoutS: 3,
    modifiedAt: '2026-12-01T00:00:00.000Z',
    versions: ['$LATEST', '1'],
    clbTriggerCount: 0,
    availableStatus: 'Available',
    reservedMb: 'none',
    ...change,
  };
}

export function testInstance(change: object = {}): object {
  const instance = { id: 'ins-1', name: 'shop-web-1', region: 'ap-singapore', zone: 'ap-singapore-1' };
  return { ...instance, state: 'RUNNING', vpcId: 'vpc-1', privateIps: ['10.0.0.1'], ...change };
}

function testCvmRoute(change: object = {}): CvmRoute {
  return CvmRoute.parse({
    to: 'cvm',
    domain: 'shop.example.co.id',
    loadBalancerId: 'lb-cvm',
    listenerId: 'lbl-lb-cvm',
    rule: { kind: 'existing', ruleId: 'loc-shop' },
    addTargets: [],
    ...change,
  });
}

export function testFunctionRoute(change: object = {}): FunctionRoute {
  return FunctionRoute.parse({
    to: 'function',
    domain: 'flash.example.co.id',
    loadBalancerId: 'lb-scf',
    listenerId: 'lbl-lb-scf',
    rule: { kind: 'new', url: '/' },
    function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
    expectedBody: 'Hello CLB',
    ...change,
  });
}

/** Returns a Split: the shop stays with its servers, the flash domain moves to the function. */
export function testSplit(toFunction: object = {}, toCvm: object = {}): SplitDiversion {
  return SplitDiversion.parse({
    kind: 'split',
    name: '12.12 flash split',
    routes: [testCvmRoute(toCvm), testFunctionRoute(toFunction)],
  });
}

/** Returns a Switch of the flash domain between its CVM rule and the function; shares in %, with bakes of 300 s. */
export function testSwitch({
  toward = 'function',
  ramp = [100],
}: {
  readonly toward?: SwitchSide;
  readonly ramp?: readonly number[];
} = {}): SwitchDiversion {
  const rule = { kind: 'existing', ruleId: 'loc-flash' };
  return SwitchDiversion.parse({
    kind: 'switch',
    name: 'flash switch',
    routes: [testCvmRoute({ domain: 'flash.example.co.id', rule }), testFunctionRoute()],
    toward,
    ramp: ramp.map((percent) => ({ percent, bakeS: 300 })),
  });
}

/** Returns a Switch of several names of the test zone, by wave, each with new rules on both sides; no bake between. */
export function testWaves(waves: readonly (readonly string[])[], bakeS = 0): SwitchDiversion {
  const rule = { kind: 'new', url: '/' };
  return SwitchDiversion.parse({
    ...testSwitch(),
    routes: waves
      .flat()
      .flatMap((domain) => [testCvmRoute({ domain, rule }), testFunctionRoute({ domain, rule })]),
    waves: waves.map((names) => ({ names, bakeS })),
  });
}

const addresses = [
  ...['127.77.1.1', '127.77.1.2', '127.77.1.9', '127.77.1.10'].map((value) => ({ type: 'A', value })),
  ...['2001:db8::1', '2001:db8::2'].map((value) => ({ type: 'AAAA', value })),
  ...['lb-scf.clb.example.net', 'lb-old.clb.example.net'].map((value) => ({ type: 'CNAME', value })),
];

/** Records of one name on some lines: enabled and disabled, some already pointing at the new load balancer. */
const arbitraryRecords = fc
  .uniqueArray(
    fc.record({
      address: fc.constantFrom(...addresses),
      lineId: fc.constantFrom('0', '10=1'),
      enabled: fc.boolean(),
      ttlS: fc.constantFrom(1, 60, 600),
      weight: fc.constantFrom(null, 10),
    }),
    { maxLength: 8, selector: (r) => `${r.lineId} ${r.address.type} ${r.address.value}` },
  )
  .map((records) =>
    records.map(({ address: { type, value }, ...rest }, i) => {
      // An enabled CNAME excludes other records: the first enabled record decides for its line.
      const first = records.find((r) => r.enabled && r.lineId === rest.lineId);
      const fits = first === undefined || (first.address.type === 'CNAME') === (type === 'CNAME');
      const line = rest.lineId === '0' ? '默认' : '电信';
      return testRecord(20 + i, 'flash', value, { ...rest, type, line, enabled: rest.enabled && fits });
    }),
  );

/** Estates that differ in the DNS of domain B, in its rule and in how its load balancer is named. */
/** The test function as bound on a rule. */
export const testBound = {
  namespace: 'flash',
  name: 'storefront',
  qualifier: '1',
  qualifierType: 'VERSION',
  weight: 10,
};

export const arbitraryEstate: fc.Arbitrary<Estate> = fc
  .record({
    records: arbitraryRecords,
    rule: fc.constantFrom('none', 'empty', 'bound'),
    domainNamed: fc.boolean(),
  })
  .map(({ records, rule, domainNamed }) => {
    const own = testRule('loc-b', 'lb-scf', 'flash.example.co.id', {
      functions: rule === 'bound' ? [testBound] : [],
    });
    const name = { domain: domainNamed ? 'lb-scf.clb.example.net' : null };
    return testEstate({
      records: [testRecord(11, 'shop', '127.77.1.1'), ...records],
      rules: [
        testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
        ...(rule === 'none' ? [] : [own]),
      ],
      loadBalancers: [
        testLoadBalancer('lb-cvm'),
        testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], ...name }),
      ],
    });
  });
