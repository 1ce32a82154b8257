import fc from 'fast-check';
import { Estate } from '@/lib/estate/model';

/* Random estates for property tests, with few ids so that two estates share objects. */

const word = fc.constantFrom('a', 'b', 'c', 'd');
const loadBalancerId = fc.constantFrom('lb-1', 'lb-2', 'lb-3');
const listenerId = fc.constantFrom('lbl-1', 'lbl-2');

const targetFields = {
  instanceName: fc.option(word),
  privateIp: fc.constant(null),
  port: fc.constantFrom(80, 8080),
  weight: fc.integer({ min: 0, max: 2 }),
};
const target = fc.oneof(
  fc.record({
    kind: fc.constant('CVM'),
    instanceId: fc.constantFrom('ins-1', 'ins-2', 'ins-3'),
    ...targetFields,
  }),
  fc.record({
    kind: fc.constantFrom('ENI', 'CCN'),
    eniIp: fc.constantFrom('10.0.0.1', '10.0.0.2'),
    ...targetFields,
  }),
);
const targets = fc.array(target, { maxLength: 4 });

const loadBalancer = fc.record({
  id: loadBalancerId,
  name: word,
  generation: fc.constantFrom('clb', 'classic'),
  network: fc.constant('OPEN'),
  vpcId: fc.option(word),
  addressFamily: fc.constant('ipv4'),
  vips: fc.array(word, { maxLength: 3 }),
  ipv6: fc.constant(null),
  domain: fc.constant(null),
  status: fc.constant('running'),
  isolated: fc.boolean(),
  blocked: fc.constant(false),
});
const listener = fc.record({
  id: listenerId,
  loadBalancerId,
  name: word,
  protocol: fc.constantFrom('HTTP', 'TCP'),
  port: fc.constantFrom(80, 90),
  certificateId: fc.constant(null),
  targets,
});
const rule = fc.record({
  id: fc.constantFrom('loc-1', 'loc-2', 'loc-3', 'loc-4'),
  loadBalancerId,
  listenerId,
  domain: word,
  url: fc.constant('/'),
  isDefault: fc.boolean(),
  scheduler: fc.constant('WRR'),
  quic: fc.boolean(),
  targetType: fc.constant('NODE'),
  redirectsTo: fc.constant(null),
  targets,
  functions: fc.array(
    fc.record({
      namespace: word,
      name: word,
      qualifier: word,
      qualifierType: fc.constant(null),
      weight: fc.integer({ min: 1, max: 2 }),
    }),
    { maxLength: 2 },
  ),
});
const record = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  zone: fc.constantFrom('example.com', 'example.net'),
  subdomain: word,
  type: fc.constant('A'),
  value: word,
  line: fc.constant('Default'),
  lineId: fc.constant('0'),
  ttlS: fc.constant(60),
  weight: fc.option(fc.integer({ min: 0, max: 2 })),
  enabled: fc.boolean(),
  updatedAt: word,
});
const zone = fc.record({
  id: fc.integer({ min: 1, max: 2 }),
  name: fc.constantFrom('example.com', 'example.net'),
  enabled: fc.boolean(),
  delegated: fc.option(fc.boolean()),
  grade: word,
  minTtlS: fc.option(fc.constantFrom(1, 600)),
});
const certificate = fc.record({
  id: word,
  kind: fc.constant('SVR'),
  domains: fc.array(word, { maxLength: 2 }),
  notAfter: fc.constant(null),
  status: fc.constantFrom('issued', 'expired'),
});
const gap = fc.record({
  part: fc.constantFrom(
    ...['account', 'dnspod', 'dnspod/example.com', 'clb/ap-singapore', 'clb/ap-jakarta/lb-1'],
    ...['scf/ap-jakarta/a', 'cvm/ap-singapore', 'dnspod-plans', 'cam', 'ssl'],
  ),
  reason: word,
});

const byId = { selector: ({ id }: { id: string | number }) => id, maxLength: 6 };

/** A random estate in which each list has each id once. */
export const anyEstate: fc.Arbitrary<Estate> = fc
  .record({
    connectionId: fc.constant('test'),
    takenAt: fc.constant('2026-11-24T14:14:02Z'),
    account: fc.record({
      uin: fc.constant('1'),
      networkAccountType: fc.constantFrom('STANDARD', 'LEGACY', null),
      permissions: fc.constantFrom(
        { source: null, allowed: null, denied: [] },
        { source: 'cam', allowed: ['clb:CreateRule'], denied: [] },
      ),
    }),
    regions: fc.constantFrom(['ap-jakarta', 'ap-singapore'], ['ap-singapore']),
    zones: fc.uniqueArray(zone, { selector: ({ name }) => name }),
    records: fc.uniqueArray(record, byId),
    loadBalancers: fc.uniqueArray(loadBalancer, byId),
    listeners: fc.uniqueArray(listener, byId),
    rules: fc.uniqueArray(rule, byId),
    functions: fc.constant([]),
    certificates: fc.uniqueArray(certificate, byId),
    instances: fc.constant([]),
    gaps: fc.uniqueArray(gap, { selector: ({ part }) => part, maxLength: 2 }),
  })
  .map((estate) => {
    // A load balancer stays in its region, and bindings are queried for existing ones.
    const regionForId = (id: string) => (id === 'lb-1' ? 'ap-jakarta' : 'ap-singapore');
    const ids = estate.loadBalancers.map(({ id }) => String(id));
    const isBound = ({ loadBalancerId: id }: { loadBalancerId: string }) => ids.includes(id);
    return Estate.parse({
      ...estate,
      loadBalancers: estate.loadBalancers.map((each) => ({ ...each, region: regionForId(each.id) })),
      listeners: estate.listeners.filter(isBound),
      rules: estate.rules.filter(isBound),
      gaps: estate.gaps.filter(({ part }) => !part.endsWith('lb-1') || ids.includes('lb-1')),
    });
  });

/** Fields with any content that a later build may add to any object. */
const laterFields = fc.dictionary(fc.constantFrom('health', 'tags'), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 2,
});

/** An estate in which some objects have fields unknown to this build. */
export const estateOfAnyBuild: fc.Arbitrary<Estate> = fc
  .tuple(anyEstate, fc.array(laterFields, { minLength: 1, maxLength: 3 }))
  .map(([estate, later]) => ({
    ...estate,
    rules: estate.rules.map((rule, at) => ({ ...rule, ...later[at % later.length] })),
  }));
