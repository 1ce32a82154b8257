import { expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import preflightMessages from '@/lib/messages/en/preflight.json';
import type { Step } from '@/lib/plan/model/model';
import { resolveDiversion } from '@/lib/plan/model/resolve-route';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { checkDnsAnswers } from '@/lib/preflight/dns/dns-answers';
import { checkDnsLines } from '@/lib/preflight/dns/dns-lines';
import { type Conditions, noConditions, type OtherPlan } from '@/lib/preflight/model/conditions';
import type { CheckId, CheckInput, Finding } from '@/lib/preflight/model/model';
import { preflight } from '@/lib/preflight/preflight';
import { preflightWords } from '@/testing/components/test-words';
import {
  testAccount,
  testCustomConfig,
  testEstate,
  testFunction,
  testLoadBalancer,
  testRecord,
  testRule,
  testScfAccount,
  testSplit,
  testSwitch,
  testTarget,
  testZone,
} from '@/testing/plan/test-estate';
import { buildTestInvocation } from '@/testing/preflight/build-test-invocation';

/* Findings about DNS, the account, the peak and a plan as a whole all have a text, each reason with its values. */

const own: readonly CheckId[] = [
  ...(['dns-lines', 'dns-ttl', 'dns-same-name', 'dns-answers', 'switch-dns', 'overlap'] as const),
  ...([
    'peak-concurrency',
    'peak-load-balancer',
    'peak-bandwidth',
    'warm-quota',
    'permissions',
    'blast',
    'protected-edge',
    'websocket',
    'tke-owner',
    'operation-protection',
    'dns-owner',
    'tagged-owner',
  ] as const),
];

const telecom = { line: '电信', lineId: '10=0' };
const shop = testRecord(11, 'shop', '127.77.1.1');
const flash = testRecord(12, 'flash', '127.77.1.1');
const twoLines = [shop, flash, testRecord(13, 'flash', '127.77.1.9', telecom)];
const blockLines = (...ids: readonly string[]) => [
  { grade: 'DP_ULTRA', lines: ids.map((id) => ({ id, name: id })) },
];
const spec = (slaType: string | null) => ({
  loadBalancers: [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], slaType })],
});
const flashName = 'flash.example.co.id';
const webSocketRule = (url: string) =>
  testRule(`loc-old${url}`, 'lb-cvm', flashName, { url, targets: [testTarget()] });
const many = Array.from({ length: 30 }, (_, n) => testRecord(100 + n, `n${n}`, '127.77.1.1'));
const other = (state: OtherPlan['state'], span: OtherPlan['span']): OtherPlan => ({
  id: 'R-0007',
  name: 'Night sale',
  state,
  span,
  objects: ['recordSet/flash.example.co.id/0'],
});
const night = { from: '2026-12-12T00:00:00.000Z', until: '2026-12-12T02:00:00.000Z' };
const peak = (expectedPeakRps: number): Diversion => ({ ...testSplit(), expectedPeakRps });
const tried = [buildTestInvocation({ durationMs: 100 })];
const scf = (quotaMb: number | null) => ({ scfAccounts: [testScfAccount({ quotaMb })] });
const key = (allowed: readonly string[] | null, denied: readonly string[] = []) => ({
  account: testAccount({ permissions: { source: 'cam', allowed, denied } }),
});

type Situation = readonly [
  estate: Parameters<typeof testEstate>[0],
  diversion?: Diversion,
  beside?: Partial<Conditions>,
];

const situations: readonly Situation[] = [
  [{}],
  ...[blockLines('0', '10=0'), blockLines('0'), []].map(
    (dnsLines): Situation => [{ records: twoLines, dnsLines }],
  ),
  ...[1, 600, null].map(
    (minTtlS): Situation => [{ zones: [testZone({ minTtlS })] }, { ...testSplit(), lowerTtlS: 60 }],
  ),
  [{ zones: [testZone({ minTtlS: 600 })] }, testSwitch()],
  ...[1, 2, null].map((sameNameMax): Situation => [{ zones: [testZone({ sameNameMax })] }, testSwitch()]),
  [{}, testSwitch({ ramp: [10, 100] })],
  [
    {
      records: [
        testRecord(12, 'flash', '127.77.1.1', { weight: 80 }),
        testRecord(13, 'flash', '127.77.1.2', { weight: 20 }),
      ],
    },
    testSwitch({ ramp: [10, 100] }),
  ],
  [{ zones: [testZone({ grade: 'DP_FREE' })] }, testSwitch({ ramp: [10, 100] })],
  [{ records: [flash, testRecord(14, 'n1', '127.77.1.1', { weight: 5 })] }, testSwitch({ ramp: [10, 100] })],
  [
    { records: [flash, testRecord(14, 'flash', '127.77.1.9', { weight: 5 })] },
    testSwitch({ ramp: [10, 100] }),
  ],
  ...[[100], [10, 100]].map(
    (ramp): Situation => [
      { records: [testRecord(12, 'flash', 'old.example.net', { type: 'CNAME' })] },
      testSwitch({ ramp }),
    ],
  ),
  ...[
    { vips: [], domain: 'lb.clb.example.net' },
    { vips: [], addressFamily: 'ipv6-nat64', ipv6: '2001:db8::1' },
  ].map(
    (kind): Situation => [
      { loadBalancers: [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf', kind)] },
      testSwitch({ ramp: [10, 100] }),
    ],
  ),
  ...(['scheduled', 'active', 'stopped'] as const).flatMap((state): readonly Situation[] => [
    [{}, testSplit(), { others: [other(state, null)] }],
    [{}, testSplit(), { others: [other(state, night)] }],
    [{}, testSplit(), { others: [other(state, night)], span: night }],
    [{}, testSplit(), { others: [other(state, null)], span: night }],
  ]),
  [{}, testSplit(), { others: [other('draft', null)] }],
  ...[1000, 4500, 6000, 12_000].map((rps): Situation => [scf(64_000), peak(rps), { testInvocations: tried }]),
  [scf(10_000_000), peak(12_000), { testInvocations: tried }],
  [scf(64_000), peak(1000)],
  [scf(64_000), peak(10)],
  [scf(null), peak(10)],
  ...['', 'clb.c2.medium', 'clb.c9.odd', null].flatMap((slaType) =>
    [1000, 9000, 20_000].map((rps): Situation => [spec(slaType), peak(rps)]),
  ),
  ...[10, 300, 400, null].map(
    (bandwidthMbps): Situation => [
      {
        loadBalancers: [
          testLoadBalancer('lb-cvm'),
          testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], bandwidthMbps }),
        ],
      },
      peak(1000),
    ],
  ),
  ...[10, 450, 900, null].map(
    (warm): Situation => [
      { ...scf(warm === null ? null : 64_000), functions: [testFunction({ provisioned: [] })] },
      testSplit({ provisioned: warm ?? 10 }),
    ],
  ),
  ...[[webSocketRule('/')], [webSocketRule('/'), webSocketRule('/ws')]].flatMap((rules) =>
    [null, 600].map(
      (readTimeoutS): Situation => [
        {
          rules: [
            testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
            ...rules,
          ],
          customConfigs: [
            testCustomConfig({
              readTimeoutS,
              bindings: [{ loadBalancerId: 'lb-cvm', listenerId: null, domain: null, ruleId: null }],
            }),
          ],
        },
      ],
    ),
  ),
  ...['x.eo.dnse3.com.', 'x.cdn.cloudflare.net.', 'x.cdn.dnsv1.com.', 'origin.example.net.'].map(
    (value): Situation => [{ records: [shop, testRecord(12, 'flash', value, { type: 'CNAME' })] }],
  ),
  [
    {
      rules: [
        testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }),
        testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', { wafDomainId: 'waf-1' }),
      ],
    },
  ],
  ...[
    { tags: { 'tke-createdBy-flag': 'yes' } },
    { tags: { 'tke-createdBy-flag': 'yes', 'tke-clusterId': 'cls-1' } },
    { tags: { 'tke-clusterId': 'cls-1' } },
    { operationProtection: { operatorUin: '100000000009', note: 'freeze' } },
    { operationProtection: { operatorUin: null, note: '' } },
  ].map(
    (change): Situation => [
      {
        loadBalancers: [
          testLoadBalancer('lb-cvm'),
          testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], ...change }),
        ],
      },
    ],
  ),
  ...[true, false].map(
    (enabled): Situation => [
      { igtm: [{ id: 'gtm-1', name: 'gtm', domain: null, accessName: flashName, enabled }] },
    ],
  ),
  [{ records: [shop, testRecord(12, 'flash', '127.77.1.1', { monitored: true })] }],
  [{ zones: [testZone({ tags: { 'managed-by': 'terraform' } })] }],
  ...['igtm', 'clb-protection/ap-singapore'].map(
    (part): Situation => [{ gaps: [{ part, reason: 'refused' }] }],
  ),
  [key(null)],
  [key([])],
  [key([], ['clb:CreateRule', 'dnspod:ModifyRecordFields'])],
  [{ records: [flash, ...many] }, testSplit(), { maxSharePercent: 1 }],
];

const testConditions = (estate: Estate, beside: Partial<Conditions> = {}) => ({
  ...noConditions(estate),
  ownerTags: ['managed-by'],
  ...beside,
});

/** Findings about mistakes that the planner never makes, but that would be reported if it did. */
function misplanned(): readonly Finding[] {
  const estate = testEstate({ records: twoLines });
  const diversion = testSplit();
  const planned = planDiversion({ estate, diversion, keepAliveS: 0 });
  const found = resolveDiversion(estate, diversion);
  if (!planned.ok || !found.ok) throw new Error('the Split can be planned');
  const { steps, rollback } = planned.value;
  const silent = (all: readonly Step[]): readonly Step[] =>
    all.map((step) =>
      step.kind === 'write' && step.after.kind === 'recordSet'
        ? { ...step, after: { ...step.after, records: [] } }
        : step,
    );
  const first = (all: readonly Step[]) => [...silent(all).slice(0, 1), ...all.slice(1)];
  const onDefault = steps.filter(
    (step) => step.kind !== 'write' || step.object.kind !== 'recordSet' || step.object.lineId === '0',
  );
  const input: CheckInput = {
    estate,
    before: estate,
    diversion,
    routes: found.value.resolved,
    problems: [],
    conditions: testConditions(estate),
    steps,
    rollback,
  };
  const twice = rollback.filter((step) => step.kind === 'write' && step.object.kind === 'recordSet');
  return [
    ...checkDnsAnswers({ ...input, steps: silent(steps) }),
    ...checkDnsAnswers({ ...input, rollback: [...first(twice), ...twice] }),
    ...checkDnsLines({ ...input, steps: onDefault }),
  ];
}

it('has a complete sentence for every finding', () => {
  const findings = situations.flatMap(([change, diversion = testSplit(), beside]) => {
    const estate = testEstate(change);
    return preflight({ estate, diversion, conditions: testConditions(estate, beside) });
  });
  const said = new Set<string>();
  for (const finding of [...findings, ...misplanned()]) {
    const { why, values, fix } = finding;
    said.add(why);
    const sentence = String(preflightWords.rich(`preflight.why.${why}`, { ...values, b: (text) => text }));
    expect(sentence).not.toMatch(/NaN|undefined|null/);
    if (fix) expect(preflightWords(`preflight.fix.${fix.label}`, fix.values)).toBeTruthy();
  }
  const all = own.flatMap((check) =>
    Object.keys(preflightMessages.why[check]).map((why) => `${check}.${why}`),
  );
  expect(all.filter((why) => !said.has(why))).toEqual([]);
});

it('explains where to change the origin of a protected name, and to which address', () => {
  const words = (value: string) => {
    const estate = testEstate({ records: [shop, testRecord(12, 'flash', value, { type: 'CNAME' })] });
    const finding = preflight({ estate, diversion: testSplit() }).find(
      ({ check }) => check === 'protected-edge',
    );
    return String(
      preflightWords.rich(`preflight.why.${finding?.why}`, { ...finding?.values, b: (text) => text }),
    );
  };
  expect(words('x.eo.dnse3.com.')).toContain(
    `set the origin of ${flashName} to 127.77.1.2, HTTP port 80 (teo ModifyAccelerationDomain: DomainName ${flashName}`,
  );
  expect(words('x.qcloudwzgj.com.')).toContain('UpstreamType 0, SrcList 127.77.1.2');
  expect(words('x.cdn.dnsv1.com.')).toContain(
    `cdn UpdateDomainConfig: Domain ${flashName}, Origin.OriginType ip, Origin.Origins 127.77.1.2`,
  );
  expect(words('x.cdn.cloudflare.net.')).toContain('at Cloudflare to 127.77.1.2, HTTP port 80');
});
