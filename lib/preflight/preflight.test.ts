import { describe, expect, it } from 'vitest';
import type { SplitDiversion } from '@/lib/diversion/split';
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
  testTarget,
} from '@/lib/plan/test-estate';
import { type CheckId, checkIds } from './model';
import { preflight, stops } from './preflight';

const cvm = testLoadBalancer('lb-cvm');
const scfVips = { vips: ['127.77.1.2'] };
const other = testLoadBalancer('lb-other', { vips: ['127.77.1.3'] });

/** An estate whose function-side load balancer differs, with another one beside it that would do. */
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

const gap = (part: string) => [{ part, reason: 'timeout' }];
const storefront = { region: 'ap-singapore', namespace: 'flash', name: 'storefront' };
const httpsLane = testEstate({
  listeners: [
    testListener('lb-cvm'),
    testListener('lb-scf', { protocol: 'HTTPS', port: 443 }),
    testListener('lb-scf', { id: 'lbl-quic', protocol: 'QUIC', port: 443 }),
    testListener('lb-scf', { id: 'lbl-web' }),
  ],
});
const shared = testRule('loc-many', 'lb-scf', 'other.example.co.id');

type Case = {
  readonly name: string;
  readonly check: CheckId;
  readonly estate: Estate;
  readonly diversion?: SplitDiversion;
  readonly probes?: { readonly https: boolean };
  readonly status: 'block' | 'warn' | 'unknown';
  readonly why: string;
  readonly fix?: string;
};

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
    name: 'an account type that could not be read is not passed',
    check: 'account-type',
    estate: testEstate({ account: { uin: '1', networkAccountType: null } }),
    status: 'unknown',
    why: 'unknown',
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
    name: 'zones that could not be read',
    check: 'dns-zone',
    estate: testEstate({ zones: [], gaps: gap('dnspod') }),
    status: 'unknown',
    why: 'unread',
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
    status: 'warn',
    why: 'ipv6Off',
  },
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
  ...['dnspod', 'dnspod/example.co.id'].map(
    (part): Case => ({
      name: `records that could not be read (${part})`,
      check: 'dns-record',
      estate: testEstate({ records: [], gaps: gap(part), ...(part === 'dnspod' ? { zones: [] } : {}) }),
      status: 'unknown',
      why: 'unread',
    }),
  ),
  {
    name: 'a load balancer that is not there',
    check: 'choices',
    estate: testEstate(),
    diversion: testSplit({ loadBalancerId: 'lb-gone' }),
    status: 'block',
    why: 'gone',
  },
  {
    name: 'a load balancer while a region could not be read',
    check: 'choices',
    estate: testEstate({ gaps: gap('clb/ap-jakarta') }),
    diversion: testSplit({ loadBalancerId: 'lb-gone' }),
    status: 'unknown',
    why: 'unread',
  },
  {
    name: 'a rule of a load balancer whose rules could not be read',
    check: 'choices',
    estate: testEstate({ gaps: gap('clb/ap-singapore/lb-scf') }),
    diversion: useRule,
    status: 'unknown',
    why: 'unread',
  },
  {
    name: 'an IP version that the cloud did not say',
    check: 'ip-version',
    estate: withLoadBalancer({ addressFamily: 'unknown' }),
    status: 'unknown',
    why: 'unknown',
    fix: 'lb-other',
  },
  {
    name: 'a function that could not be read',
    check: 'function-ready',
    estate: testEstate({ functions: [], gaps: gap('scf/ap-singapore/flash/storefront') }),
    status: 'unknown',
    why: 'unread',
  },
  {
    name: 'an alias, which is not read',
    check: 'function-ready',
    estate: testEstate(),
    diversion: testSplit({ function: { ...storefront, qualifier: 'live' } }),
    status: 'unknown',
    why: 'alias',
  },
  {
    name: 'listeners and rules that could not be read',
    check: 'load-balancer-state',
    estate: testEstate({ gaps: gap('clb/ap-singapore/lb-scf') }),
    status: 'unknown',
    why: 'unread',
  },
  {
    name: 'a new rule among rules that could not be read',
    check: 'rule-free',
    estate: testEstate({ gaps: gap('clb/ap-singapore/lb-scf') }),
    status: 'unknown',
    why: 'unread',
  },
  {
    name: 'a rule of several domains',
    check: 'rule-free',
    estate: testEstate({
      rules: [...testEstate().rules, testRule('loc-b', 'lb-scf', 'flash.example.co.id', { url: '/promo' })],
      gaps: gap('clb/ap-singapore/lb-scf/loc-b'),
    }),
    diversion: useRule,
    status: 'block',
    why: 'severalDomains',
    fix: '/',
  },
  {
    name: 'a new rule beside one of domains that are not shown',
    check: 'rule-free',
    estate: testEstate({
      rules: [...testEstate().rules, shared],
      gaps: gap('clb/ap-singapore/lb-scf/loc-many'),
    }),
    status: 'warn',
    why: 'maybeTaken',
  },
  {
    name: 'an HTTPS listener where HTTPS can be asked',
    check: 'reachability',
    estate: httpsLane,
    probes: { https: true },
    status: 'warn',
    why: 'https',
  },
  {
    name: "an HTTPS listener where HTTPS can't be asked",
    check: 'reachability',
    estate: httpsLane,
    probes: { https: false },
    status: 'block',
    why: 'noHttps',
    fix: 'lbl-web',
  },
  {
    name: 'an HTTPS listener of lane A whose record moves',
    check: 'reachability',
    estate: testEstate({
      listeners: [testListener('lb-cvm', { protocol: 'HTTPS', port: 443 }), testListener('lb-scf')],
      records: [testRecord(11, 'shop', '127.77.1.9'), testRecord(12, 'flash', '127.77.1.1')],
    }),
    probes: { https: false },
    status: 'block',
    why: 'noHttps',
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
];

describe('preflight', () => {
  it('passes a Split that is in order, with every check heard', () => {
    const findings = preflight({ estate: testEstate(), diversion: testSplit() });
    expect(findings.filter((f) => f.status !== 'pass')).toEqual([]);
    expect(new Set(findings.map((f) => f.check))).toEqual(new Set(checkIds));
  });

  it.each(cases)('$check: $name', ({ check, estate, diversion = testSplit(), probes, status, why, fix }) => {
    const found = preflight({ estate, diversion, ...(probes ? { probes } : {}) }).find(
      (f) => f.check === check && f.why === `${check}.${why}`,
    );
    expect(found).toMatchObject({ status });
    if (fix !== undefined) expect(found?.fix?.patch?.value).toBe(fix);
  });

  it('says nothing against a lane A that stays as it is', () => {
    const estate = testEstate({
      listeners: [testListener('lb-cvm', { protocol: 'HTTPS', port: 443 }), testListener('lb-scf')],
      gaps: gap('clb/ap-singapore/lb-cvm/loc-shop'),
    });
    const findings = preflight({ estate, diversion: testSplit(), probes: { https: false } });
    expect(findings.filter((f) => f.status !== 'pass')).toEqual([]);
  });

  it('says once of each lane that it could not be looked up, and stops there', () => {
    const estate = testEstate({ loadBalancers: [], gaps: gap('clb/ap-singapore') });
    const choices = preflight({ estate, diversion: testSplit() }).filter((f) => f.check === 'choices');
    expect(choices.map((f) => [f.field, f.status, f.objects[0]])).toEqual([
      ['laneA.loadBalancerId', 'unknown', 'lb-cvm'],
      ['laneB.loadBalancerId', 'unknown', 'lb-scf'],
    ]);
    expect(choices.every(stops)).toBe(true);
  });

  const base = testEstate();
  it.each<[part: string, unread: object]>([
    ['account', { account: { uin: '1', networkAccountType: null } }],
    ['clb/ap-singapore', { loadBalancers: [], listeners: [], rules: [] }],
    [
      'clb/ap-singapore/lb-scf',
      {
        listeners: base.listeners.filter((l) => l.loadBalancerId !== 'lb-scf'),
        rules: base.rules.filter((r) => r.loadBalancerId !== 'lb-scf'),
      },
    ],
    ['scf/ap-singapore/flash', { functions: [] }],
    ['scf/ap-singapore/flash/storefront', { functions: [] }],
    ['dnspod', { zones: [], records: [] }],
    ['dnspod/example.co.id', { records: [] }],
  ])('stops where the plan rests on what could not be read: %s', (part, unread) => {
    const estate = testEstate({ gaps: gap(part), ...unread });
    const stopping = preflight({ estate, diversion: testSplit() }).filter(stops);
    expect(new Set(stopping.map((f) => f.status))).toEqual(new Set(['unknown']));
  });

  it('shows, but is not stopped by, what the run finds out by itself', () => {
    const estate = testEstate({
      instances: [],
      zones: [{ id: 1, name: 'example.co.id', enabled: true, delegated: null, grade: 'DP_ULTRA' }],
    });
    const diversion = testSplit({ function: { ...storefront, qualifier: 'live' } });
    const findings = preflight({ estate, diversion });
    const unread = new Set(findings.filter((f) => f.status === 'unknown').map((f) => f.why));
    expect(unread).toEqual(
      new Set(['function-ready.alias', 'dns-zone.delegationUnknown', 'cvm-targets.unread']),
    );
    expect(findings.filter(stops)).toEqual([]);
  });

  it('gives all reasons at once', () => {
    const estate = withLoadBalancer({ region: 'ap-jakarta', generation: 'classic', vpcId: null });
    const blocks = preflight({ estate, diversion: testSplit() }).filter((f) => f.status === 'block');
    expect(blocks.map((f) => f.check)).toEqual(['region', 'generation', 'network', 'same-region']);
  });
});
