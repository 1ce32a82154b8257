import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Diversion } from '@/lib/diversion/diversion';
import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';
import preflightMessages from '@/lib/messages/en/preflight.json';
import { noConditions, type OtherPlan } from '@/lib/preflight/model/conditions';
import type { CheckId, Finding } from '@/lib/preflight/model/model';
import { preflight } from '@/lib/preflight/preflight';
import { preflightWords } from '@/testing/components/test-words';
import {
  testClbQuota,
  testCustomConfig,
  testEstate,
  testFunction,
  testFunctionRoute,
  testInstance,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';

/* Findings about load balancers, listeners, rules, certificates and functions all have a text. */

const flash = 'flash.example.co.id';
const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const https = { protocol: 'HTTPS', port: 443, certificateId: 'c-1', certificateIds: ['c-1'] };

const rulesBeside = fc
  .uniqueArray(
    fc.record({
      domain: pick(flash, '*.example.co.id', '*.co.id', 'event.example.co.id', '~^fl'),
      url: pick('/', '/promo', '= /', '^~ /', '~ x$'),
      redirectsTo: pick(null, 'loc 0', 'loc 1'),
      targets: pick([], [testTarget()]),
      isDefault: fc.boolean(),
    }),
    { maxLength: 3, selector: ({ domain, url }) => `${domain}${url}` },
  )
  .map((rules) =>
    rules.map(({ domain, ...rule }, n) => testRule(`loc ${n}`, 'lb-scf', domain, rule as object)),
  );

const targets = fc
  .array(fc.record({ health: pick('alive', 'dead', 'unknown', 'off', null), weight: pick(0, 10) }), {
    maxLength: 2,
  })
  .map((all) => all.map((target, n) => testTarget({ port: 8080 + n, ...target })));

const functions = fc
  .record({
    availableStatus: pick('Available', 'Insufficient', null),
    reservedMb: pick<number | string | null>('none', 0, 64, 1280, null),
    timeoutS: pick(3, 300),
    clbTriggerCount: pick(0, 9, 10),
    status: pick('Active', 'Active', 'Updating'),
    versions: pick(['$LATEST', '1'], ['$LATEST', '1'], ['$LATEST']),
    aliases: pick<object[] | null>(
      null,
      [],
      [{ name: 'live', version: '$LATEST', additional: null }],
      [{ name: 'live', version: '1', additional: { version: '2', weight: 0.5 } }],
    ),
  })
  .chain((fn) => pick([testFunction(fn)], [testFunction(fn)], [testFunction(fn)], []));

const certificates = fc
  .record({
    kind: pick('SVR', 'CA'),
    domains: pick(['*.example.co.id'], ['other.test']),
    notAfter: pick(null, '2026-12-01T00:00:00Z', '2026-12-20T00:00:00Z', '2028-01-01T00:00:00Z'),
    status: pick('issued', 'expired', 'revoked', 'other'),
  })
  .chain((certificate) => pick<object[]>([], [{ id: 'c-1', ...certificate }]));

const estates = fc
  .record({
    beside: rulesBeside,
    targets,
    functions,
    certificates,
    listener: pick<object>(
      {},
      { stopped: true },
      https,
      { ...https, sniSwitch: true },
      { ...https, certificateIds: [], certificateId: null },
    ),
    configs: pick(
      [],
      [testCustomConfig({ addsUriHeader: false, bodyMaxMb: 4 })],
      [testCustomConfig({ readTimeoutS: 30, bodyMaxMb: 20 })],
    ),
    quotas: pick(
      [],
      [testClbQuota({ rulesPerListener: 1, targetsPerRule: 2, listenersPerLoadBalancer: 1 })],
      [testClbQuota({ rulesPerListener: 4 })],
    ),
    ledTo: pick('127.77.1.1', '127.77.1.2'),
    named: pick<object>({}, { name: 'lb-new' }, { name: 'lb-new', network: 'INTERNAL' }),
    layer4: pick<object[]>([], [testListener('lb-scf', { id: 'lbl-t', protocol: 'TCP', port: 443 })]),
    vpcId: pick('vpc-1', 'vpc-2'),
    vpcs: pick(
      [],
      [{ id: 'vpc-1', name: 'shop', region: 'ap-singapore', cidr: '10.0.0.0/16', isDefault: false }],
    ),
    passToTarget: pick(true, false),
    server: pick<object>({}, {}, { state: 'STOPPED' }, { region: 'ap-jakarta' }),
    gaps: pick(
      [],
      [{ part: 'clb-config/ap-singapore', reason: 'x' }],
      [{ part: 'ssl', reason: 'x' }],
      [{ part: 'scf/ap-singapore', reason: 'x' }],
      ['versions', 'triggers'].map((list) => ({
        part: `scf/ap-singapore/flash/storefront/${list}/?`,
        reason: 'x',
      })),
    ),
  })
  .map(
    ({
      beside,
      targets,
      listener,
      configs,
      quotas,
      ledTo,
      named,
      vpcId,
      layer4,
      passToTarget,
      server,
      ...rest
    }) => ({
      ...testEstate({
        ...rest,
        rules: [
          ...['shop', 'flash'].map((name) =>
            testRule(`loc-${name}`, 'lb-cvm', `${name}.example.co.id`, { targets }),
          ),
          testRule('loc-cart', 'lb-cvm', flash, { url: '/cart', targets: [testTarget()] }),
          testRule('loc-s', 'lb-cvm', flash, { listenerId: 'lbl-s', targets: [testTarget()] }),
          testRule('loc-r', 'lb-scf', flash, { listenerId: 'lbl-http', redirectsTo: 'loc 0' }),
          ...beside,
        ],
        listeners: [
          testListener('lb-cvm'),
          testListener('lb-cvm', { ...https, id: 'lbl-s' }),
          testListener('lb-scf', listener),
          ...layer4,
        ],
        records: [
          testRecord(11, 'shop', '127.77.1.1'),
          testRecord(12, 'flash', ledTo),
          ...['a', 'b', 'c', 'd'].map((name, n) => testRecord(20 + n, name, '127.77.1.2')),
        ],
        loadBalancers: [
          testLoadBalancer('lb-cvm', { passToTarget, securityGroups: [] }),
          testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], ...named }),
        ],
        instances: [testInstance(server), testInstance({ id: 'ins-2', vpcId })],
        clbQuotas: quotas,
        customConfigs: configs,
      }),
      ownLoadBalancers: ['lb-scf'],
    }),
  );

const made = {
  loadBalancers: [
    {
      id: '@lb/new',
      name: 'lb-new',
      region: 'ap-singapore',
      network: 'INTERNAL',
      vpcId: 'vpc-1',
      subnetId: 's-1',
    },
  ],
  listeners: [
    {
      id: '@lbl/new:443',
      loadBalancerId: '@lb/new',
      name: 'web',
      protocol: 'HTTPS',
      port: 443,
      certificateId: 'c-2',
    },
    { id: '@lbl/scf:80', loadBalancerId: 'lb-scf', name: 'web', protocol: 'HTTP', port: 80 },
    { id: '@lbl/scf:81', loadBalancerId: 'lb-scf', name: 'web', protocol: 'HTTP', port: 81 },
    { id: '@lbl/scf2:81', loadBalancerId: 'lb-scf', name: 'web', protocol: 'HTTP', port: 81 },
  ],
};
const place = { region: 'ap-singapore', namespace: 'flash', name: 'storefront' };

const diversions = fc
  .record({
    rule: pick(
      { kind: 'new', url: '/' },
      { kind: 'new', url: '/promo' },
      { kind: 'existing', ruleId: 'loc 0' },
    ),
    qualifier: pick('1', '$LATEST', 'live'),
    provisioned: pick(null, 5),
    place: pick({}, { loadBalancerId: '@lb/new', listenerId: '@lbl/new:443' }, { listenerId: '@lbl/scf:80' }),
    creates: pick({}, { creates: made }),
    addTargets: pick<object[]>(
      [],
      [{ instanceId: 'ins-2', port: 80, weight: 10 }],
      ...['10.0.1.7', '10.0.0.1', '172.16.0.1'].map((eniIp) => [{ eniIp, port: 80, weight: 10 }]),
    ),
    kind: pick('split', 'function', 'cvm'),
  })
  .map(({ rule, qualifier, provisioned, place: at, creates, addTargets, kind }) => {
    const route = {
      rule,
      function: { ...place, qualifier },
      provisioned,
      ...('creates' in creates ? at : {}),
    };
    if (kind === 'split') return Diversion.parse({ ...testSplit(route, { addTargets }), ...creates });
    const base = testSwitch({ toward: kind === 'cvm' ? 'cvm' : 'function' });
    const [cvm, fn] = base.routes;
    return Diversion.parse({
      ...base,
      ...creates,
      routes: [
        { ...cvm, addTargets },
        { ...fn, ...route },
      ],
    });
  });

const spans = pick(null, { from: '2026-12-12T00:00:00Z', until: '2026-12-28T00:00:00Z' });

const own: readonly CheckId[] = [
  ...([
    'function-ready',
    'function-reserved',
    'warm-version',
    'function-timeout',
    'request-headers',
  ] as const),
  ...([
    'request-size',
    'rule-shadow',
    'default-domain',
    'redirects',
    'still-served',
    'listener-state',
  ] as const),
  ...([
    'certificate',
    'clb-quota',
    'created',
    'cvm-targets',
    'target-health',
    'target-weight',
    'target-network',
    'target-access',
  ] as const),
];

it('has a complete sentence for every finding', () => {
  const seen = new Set<string>();
  const sentence = (finding: Finding) =>
    preflightWords.rich(`preflight.why.${finding.why}`, { ...finding.values, b: (text) => text });
  fc.assert(
    fc.property(estates, diversions, spans, (estate, diversion, span) => {
      const conditions = { ...noConditions(estate), span };
      for (const finding of preflight({ estate, diversion, conditions })) {
        seen.add(finding.why);
        expect(sentence(finding)).toBeTruthy();
        const { fix } = finding;
        if (fix) expect(preflightWords(`preflight.fix.${fix.label}`, fix.values)).toBeTruthy();
      }
    }),
    { numRuns: 800, seed: 12 },
  );
  // Two contradicting routes are built explicitly instead of randomly.
  const [cvm] = testSplit().routes;
  const disagreeing = ['c-1', 'c-2'].map((certificateId, nth) =>
    testFunctionRoute({ rule: { kind: 'new', url: `/${nth}`, certificateId } }),
  );
  const sni = testEstate({
    listeners: [testListener('lb-cvm'), testListener('lb-scf', { ...https, sniSwitch: true })],
  });
  const diversion = Diversion.parse({ kind: 'split', name: 'Two', routes: [cvm, ...disagreeing] });
  const nowhere = testEstate({
    vpcs: [{ id: 'vpc-1', name: 'shop', region: 'ap-singapore', cidr: '10.0.0.0/16', isDefault: false }],
    availabilityZones: [{ id: 'z-1', name: 'z', region: 'ap-singapore', isAvailable: true }],
    instances: [testInstance({ id: 'ins-2', securityGroups: ['sg-1'] })],
    loadBalancers: [testLoadBalancer('lb-cvm', { passToTarget: true, securityGroups: ['sg-2'] })],
  });
  const [balancer] = made.loadBalancers;
  const adds = { addTargets: [{ instanceId: 'ins-2', port: 80, weight: 10 }] };
  const placed = [
    { ...balancer, vpcId: 'vpc-9' },
    { ...balancer, subnetId: 'subnet-9' },
    { ...balancer, network: 'OPEN', subnetId: null, masterZone: 'z-9' },
  ].map((each) =>
    Diversion.parse({ ...testSplit({}, adds), creates: { loadBalancers: [each], listeners: [] } }),
  );
  const everyone = { action: 'ACCEPT', protocol: 'TCP', ports: 'ALL', source: '0.0.0.0/0' } as const;
  const groups = [
    { id: 'open', rules: [everyone] },
    { id: 'partly', rules: [{ ...everyone, source: '10.0.0.0/8' }] },
    { id: 'closed', rules: [] },
    { id: 'template', rules: [{ ...everyone, source: null }] },
  ].map(({ id, rules }) => ({ id, region: 'ap-singapore', ingress: rules }));
  const behind = (passToTarget: boolean, ...securityGroups: string[]) =>
    testEstate({
      securityGroups: groups,
      instances: [testInstance({ id: 'ins-2', securityGroups })],
      loadBalancers: [testLoadBalancer('lb-cvm', { securityGroups: [], passToTarget })],
    });
  // A listener of layer 4, with connections, without, and unread.
  const open = testListener('lb-cvm', { id: 'lbl-4', protocol: 'TCP', port: 9000, targets: [testTarget()] });
  const ports = [{ 'lbl-4': 12 }, { 'lbl-4': 0 }, undefined].map((listenerConnections) =>
    testEstate({
      listeners: [testListener('lb-cvm'), testListener('lb-scf'), open],
      rules: ['shop', 'flash'].map((name) =>
        testRule(`loc-${name}`, 'lb-cvm', `${name}.example.co.id`, { targets: [testTarget()] }),
      ),
      ...(listenerConnections && { listenerConnections }),
    }),
  );
  // The last trigger that fits is that of another run.
  const crowded = testEstate({ functions: [testFunction({ clbTriggerCount: 9 })] });
  const other: OtherPlan = {
    id: 'R-0009',
    name: 'Other',
    state: 'scheduled',
    span: null,
    objects: [],
    binds: [
      {
        rule: {
          kind: 'rule',
          region: 'ap-singapore',
          loadBalancerId: LoadBalancerId.parse('lb-scf'),
          listenerId: ListenerId.parse('lbl-lb-scf'),
          domain: 'other.example.co.id',
          url: '/',
        },
        function: testFunctionRoute().function,
      },
    ],
  };
  const further = [
    ...ports.flatMap((estate) => preflight({ estate, diversion: testSplit() })),
    ...preflight({
      estate: crowded,
      diversion: testSplit(),
      conditions: { ...noConditions(crowded), others: [other] },
    }),
    ...placed.flatMap((each) => preflight({ estate: nowhere, diversion: each })),
    ...[
      behind(true),
      behind(false),
      ...['open', 'partly', 'closed', 'template', 'gone'].map((id) => behind(false, id)),
    ].flatMap((estate) => preflight({ estate, diversion: testSplit({}, adds) })),
  ];
  for (const finding of [...further, ...preflight({ estate: sni, diversion })]) {
    seen.add(finding.why);
    expect(sentence(finding)).toBeTruthy();
  }
  const all = own.flatMap((check) =>
    Object.keys(preflightMessages.why[check]).map((why) => `${check}.${why}`),
  );
  expect(all.filter((why) => !seen.has(why))).toEqual([]);
}, 60_000);
