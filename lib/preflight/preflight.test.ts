import { describe, expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import {
  testEstate,
  testFunction,
  testInstance,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
  testZone,
} from '@/testing/plan/test-estate';
import { testedConditions } from '@/testing/preflight/build-test-invocation';
import { type CheckId, checkIds } from './model/model';
import { preflight } from './preflight';

const cvm = testLoadBalancer('lb-cvm');
const scfVips = { vips: ['127.77.1.2'] };
const other = testLoadBalancer('lb-other', { vips: ['127.77.1.3'] });

/** Returns an estate whose function-side load balancer differs, beside another one that would qualify. */
function withLoadBalancer(change: object): Estate {
  return testEstate({
    loadBalancers: [cvm, testLoadBalancer('lb-scf', { ...scfVips, ...change }), other],
    listeners: [testListener('lb-cvm'), testListener('lb-scf'), testListener('lb-other')],
  });
}

function withRule(change: object): Estate {
  const base = testEstate();
  return testEstate({ rules: [...base.rules, testRule('loc-b', 'lb-scf', 'flash.example.co.id', change)] });
}

const useRule = testSplit({ rule: { kind: 'existing', ruleId: 'loc-b' } });
const otherFunction = {
  namespace: 'promo',
  name: 'voucher',
  qualifier: '3',
  qualifierType: 'VERSION',
  weight: 10,
};
const record = (change: object) => [
  testRecord(11, 'shop', '127.77.1.1'),
  testRecord(12, 'flash', '127.77.1.1', change),
];

type Case = {
  readonly name: string;
  readonly check: CheckId;
  readonly estate: Estate;
  readonly diversion?: Diversion;
  readonly status: 'block' | 'warn' | 'unknown';
  readonly why: string;
  readonly fix?: string;
};

/** Returns an estate in which CVM serves the switched name, with its own rule there. */
function switchEstate(change: Parameters<typeof testEstate>[0] = {}) {
  return testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')], ...change });
}

const cases: readonly Case[] = [
  {
    name: 'a region without binding',
    check: 'region',
    estate: withLoadBalancer({ region: 'ap-jakarta' }),
    status: 'block',
    why: 'unsupported',
    fix: 'lb-other',
  },
  {
    name: 'a region that only older guides name',
    check: 'region',
    estate: withLoadBalancer({ region: 'ap-mumbai' }),
    status: 'warn',
    why: 'olderDocs',
  },
  {
    name: 'an account billed by CVM',
    check: 'account-type',
    estate: testEstate({ account: { uin: '1', networkAccountType: 'LEGACY' } }),
    status: 'block',
    why: 'legacy',
  },
  {
    name: 'a classic load balancer',
    check: 'generation',
    estate: withLoadBalancer({ generation: 'classic' }),
    status: 'block',
    why: 'classic',
    fix: 'lb-other',
  },
  {
    name: 'the classic network',
    check: 'network',
    estate: withLoadBalancer({ vpcId: null }),
    status: 'block',
    why: 'classicNetwork',
    fix: 'lb-other',
  },
  {
    name: 'a function of another region',
    check: 'same-region',
    estate: testEstate({ functions: [testFunction({ region: 'ap-guangzhou' })] }),
    diversion: testSplit({
      function: { region: 'ap-guangzhou', namespace: 'flash', name: 'storefront', qualifier: '1' },
    }),
    status: 'block',
    why: 'differs',
  },
  {
    name: 'full-chain IPv6',
    check: 'ip-version',
    estate: withLoadBalancer({ addressFamily: 'ipv6-full-chain' }),
    status: 'block',
    why: 'fullChain',
    fix: 'lb-other',
  },
  ...(['TCP', 'UDP', 'TCP_SSL', 'QUIC'] as const).map(
    (protocol): Case => ({
      name: `a ${protocol} listener`,
      check: 'listener-protocol',
      estate: testEstate({
        listeners: [
          testListener('lb-cvm'),
          testListener('lb-scf', { protocol }),
          testListener('lb-scf', { id: 'lbl-web' }),
        ],
      }),
      status: 'block',
      why: 'protocol',
      fix: 'lbl-web',
    }),
  ),
  {
    name: 'a domain with QUIC',
    check: 'listener-protocol',
    estate: withRule({ quic: true }),
    diversion: useRule,
    status: 'block',
    why: 'quic',
  },
  {
    name: 'a web function',
    check: 'function-type',
    estate: testEstate({ functions: [testFunction({ type: 'HTTP' }), testFunction({ name: 'checkout' })] }),
    status: 'block',
    why: 'http',
    fix: 'ap-singapore/flash/checkout',
  },
  {
    name: 'a rule that binds another function',
    check: 'one-function',
    estate: withRule({ url: '/promo', functions: [otherFunction] }),
    diversion: useRule,
    status: 'block',
    why: 'taken',
    fix: '/',
  },
  {
    name: 'a function that is not there',
    check: 'function-ready',
    estate: testEstate({ functions: [] }),
    status: 'block',
    why: 'missing',
  },
  {
    name: 'a version that is not there',
    check: 'function-ready',
    estate: testEstate({ functions: [testFunction({ versions: ['$LATEST'] })] }),
    status: 'block',
    why: 'version',
  },
  {
    name: 'ten CLB triggers already',
    check: 'function-ready',
    estate: testEstate({ functions: [testFunction({ clbTriggerCount: 10 })] }),
    status: 'block',
    why: 'triggers',
  },
  {
    name: 'a rule with CVM targets',
    check: 'rule-free',
    estate: withRule({ targets: [testTarget()] }),
    diversion: useRule,
    status: 'block',
    why: 'hasTargets',
  },
  {
    name: 'a redirect source',
    check: 'rule-free',
    estate: withRule({ redirectsTo: 'loc-x' }),
    diversion: useRule,
    status: 'block',
    why: 'redirect',
  },
  {
    name: 'an isolated load balancer',
    check: 'load-balancer-state',
    estate: withLoadBalancer({ isolated: true }),
    status: 'block',
    why: 'isolated',
  },
  {
    name: 'one domain in both lanes',
    check: 'domain-match',
    estate: testEstate(),
    diversion: testSplit({ domain: 'shop.example.co.id' }),
    status: 'block',
    why: 'same',
  },
  {
    name: 'a rule of another domain',
    check: 'domain-match',
    estate: testEstate({
      rules: [...testEstate().rules, testRule('loc-b', 'lb-scf', 'other.example.co.id')],
    }),
    diversion: useRule,
    status: 'block',
    why: 'differs',
    fix: '/',
  },
  {
    name: 'a zone elsewhere',
    check: 'dns-zone',
    estate: testEstate({ zones: [] }),
    status: 'block',
    why: 'missing',
  },
  {
    name: 'an IPv6 answer that stays behind',
    check: 'dns-record',
    estate: testEstate({
      records: [...record({}), testRecord(13, 'flash', '2001:db8::1', { type: 'AAAA' })],
    }),
    status: 'warn',
    why: 'ipv6',
  },
  {
    name: 'an IPv6 answer that a CNAME excludes',
    check: 'dns-record',
    estate: testEstate({
      records: [...record({}), testRecord(13, 'flash', '2001:db8::1', { type: 'AAAA' })],
      loadBalancers: [cvm, testLoadBalancer('lb-scf', { domain: 'lb-scf.clb.example.net' })],
    }),
    status: 'block',
    why: 'ipv6Off',
  },
  ...(
    [
      ['ipv4', [...record({})]],
      ['ipv6Only', []],
    ] as const
  ).map(
    ([why, records]): Case => ({
      name: `a load balancer of IPv6 alone: ${why}`,
      check: 'dns-record',
      estate: testEstate({
        records,
        loadBalancers: [
          cvm,
          testLoadBalancer('lb-scf', { vips: [], addressFamily: 'ipv6-nat64', ipv6: '2001:db8::2' }),
        ],
      }),
      status: 'warn',
      why,
    }),
  ),
  {
    name: 'a value that a record has which is off and excluded by type',
    check: 'dns-record',
    estate: testEstate({
      records: [
        ...record({ type: 'CNAME', value: 'old.example.net' }),
        testRecord(13, 'flash', '127.77.1.2', { enabled: false }),
      ],
    }),
    status: 'block',
    why: 'taken',
  },
  {
    name: 'a load balancer that is not there',
    check: 'choices',
    estate: testEstate(),
    diversion: testSplit({ loadBalancerId: 'lb-gone' }),
    status: 'block',
    why: 'gone',
  },
  {
    name: 'a stopped instance',
    check: 'cvm-targets',
    estate: testEstate({ instances: [testInstance({ state: 'STOPPED' })] }),
    status: 'warn',
    why: 'notRunning',
  },
  {
    name: 'a CVM lane without targets',
    check: 'cvm-targets',
    estate: testEstate({ rules: [testRule('loc-shop', 'lb-cvm', 'shop.example.co.id')] }),
    status: 'block',
    why: 'none',
  },
  {
    name: 'a name that is served by a CNAME',
    check: 'switch-dns',
    estate: switchEstate({
      records: [testRecord(12, 'flash', 'old.example.net', { type: 'CNAME' })],
    }),
    diversion: testSwitch({ ramp: [10, 100] }),
    status: 'block',
    why: 'types',
    fix: '100',
  },
  ...['MX', 'TXT', 'NS'].map(
    (type): Case => ({
      name: `a CNAME beside a record ${type}`,
      check: 'dns-record',
      estate: testEstate({
        records: [...record({}), testRecord(13, 'flash', 'mail.example.net', { type })],
        loadBalancers: [cvm, testLoadBalancer('lb-scf', { vips: [], domain: 'lb-scf.clb.example.net' })],
      }),
      status: 'block',
      why: 'beside',
    }),
  ),
  {
    name: 'a ramp on a free DNS plan',
    check: 'switch-dns',
    estate: switchEstate({ zones: [testZone({ grade: 'DP_FREE' })] }),
    diversion: testSwitch({ ramp: [10, 100] }),
    status: 'warn',
    why: 'weightsFree',
  },
  {
    name: 'a ramp, which needs weights',
    check: 'switch-dns',
    estate: switchEstate(),
    diversion: testSwitch({ ramp: [10, 100] }),
    status: 'warn',
    why: 'weights',
  },
];

/** Checks that only apply in some cases; each has its own table. */
const quiet: ReadonlySet<CheckId> = new Set<CheckId>([
  'warm-quota',
  'peak-load-balancer',
  'peak-bandwidth',
  // For HTTPS listeners.
  'certificate',
  'client-certificates',
  'tls-versions',
  // For load balancers in mainland China.
  'icp-filing',
  // For warm instances.
  'warm-version',
  // For created objects.
  'created',
  // For added targets.
  'target-network',
  'target-access',
  // For safety rules.
  'safety-rules',
]);

/** Returns the findings where everything passes. */
const passing = (estate: Estate, diversion: Diversion) =>
  preflight({ estate, diversion, conditions: testedConditions(estate) });

describe('preflight', () => {
  it('passes a valid Split, with a finding of every check', () => {
    const findings = passing(testEstate(), testSplit());
    expect(findings.filter((f) => f.status !== 'pass')).toEqual([]);
    const reported = checkIds.filter((check) => check !== 'switch-dns' && !quiet.has(check));
    expect(new Set(findings.map((f) => f.check))).toEqual(new Set(reported));
  });

  it('passes a valid Switch, with a finding of every check', () => {
    const findings = passing(switchEstate(), testSwitch());
    expect(findings.filter((f) => f.status !== 'pass')).toEqual([]);
    const reported = checkIds.filter((check) => !quiet.has(check));
    expect(new Set(findings.map((f) => f.check))).toEqual(new Set(reported));
  });

  it.each(cases)('$check: $name', ({ check, estate, diversion = testSplit(), status, why, fix }) => {
    const found = preflight({ estate, diversion }).find(
      (f) => f.check === check && f.why === `${check}.${why}`,
    );
    expect(found).toMatchObject({ status });
    if (fix !== undefined) expect(found?.fix?.patch).toMatchObject({ value: fix });
  });

  it('allows a TXT record beside A records, a parked one beside a CNAME, and one beside an existing CNAME', () => {
    const text = testRecord(13, 'flash', 'v=spf1 -all', { type: 'TXT' });
    const named = [cvm, testLoadBalancer('lb-scf', { vips: [], domain: 'lb-scf.clb.example.net' })];
    const cname = { type: 'CNAME', value: 'old.example.net' };
    for (const estate of [
      testEstate({ records: [...record({}), text] }),
      testEstate({ records: [...record({}), { ...text, enabled: false }], loadBalancers: named }),
      testEstate({ records: [...record(cname), text], loadBalancers: named }),
    ]) {
      const found = preflight({ estate, diversion: testSplit() }).filter((f) => f.check === 'dns-record');
      expect(found.filter(({ status }) => status !== 'pass')).toEqual([]);
    }
  });

  it('passes a ramp in a zone where a record has a weight', () => {
    const estate = switchEstate({
      records: [
        testRecord(12, 'flash', '127.77.1.1'),
        testRecord(14, 'checkout', '127.77.1.9', { weight: 20 }),
      ],
    });
    const found = preflight({ estate, diversion: testSwitch({ ramp: [10, 100] }) });
    expect(found.find((f) => f.check === 'switch-dns')).toMatchObject({
      status: 'pass',
      why: 'switch-dns.weighted',
    });
  });

  it('returns all reasons together', () => {
    const estate = withLoadBalancer({ region: 'ap-jakarta', generation: 'classic', vpcId: null });
    const blocks = preflight({ estate, diversion: testSplit() }).filter((f) => f.status === 'block');
    expect(blocks.map((f) => f.check)).toEqual(['region', 'generation', 'network', 'same-region']);
  });
});

it('names the public source of the rule in each finding', () => {
  const findings = [testSplit(), testSwitch()].flatMap((diversion) =>
    preflight({ estate: testEstate(), diversion, conditions: testedConditions(testEstate()) }),
  );
  expect(new Set(findings.map(({ check }) => check)).size).toBeGreaterThan(40);
  expect(findings.filter(({ source }) => !/^https:\/\/[\w.-]+\/\S+$/.test(source))).toEqual([]);
});
