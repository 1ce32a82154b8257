import { describe, expect, it } from 'vitest';
import type { SplitDiversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { stops } from '@/lib/preflight/model/stops';
import {
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRule,
  testSplit,
  testTarget,
} from '@/testing/plan/test-estate';
import { testedConditions } from '@/testing/preflight/build-test-invocation';
import type { CheckId } from './model/model';
import { preflight } from './preflight';

const gap = (part: string) => [{ part, reason: 'timeout' }];
const storefront = { region: 'ap-singapore', namespace: 'flash', name: 'storefront' };
const useRule = testSplit({ rule: { kind: 'existing', ruleId: 'loc-b' } });

type Case = {
  readonly name: string;
  readonly check: CheckId;
  readonly estate: Estate;
  readonly diversion?: SplitDiversion;
  readonly status: 'block' | 'unknown';
  readonly why: string;
  readonly fix?: string;
};

const cases: readonly Case[] = [
  {
    name: 'an account type that could not be read is not passed',
    check: 'account-type',
    estate: testEstate({ account: { uin: '1', networkAccountType: null } }),
    status: 'unknown',
    why: 'unknown',
  },
  {
    name: 'zones that could not be read',
    check: 'dns-zone',
    estate: testEstate({ zones: [], gaps: gap('dnspod') }),
    status: 'unknown',
    why: 'unread',
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
    estate: testEstate({
      loadBalancers: [
        testLoadBalancer('lb-cvm'),
        testLoadBalancer('lb-scf', { addressFamily: 'unknown' }),
        testLoadBalancer('lb-other', { vips: ['127.77.1.3'] }),
      ],
      listeners: [testListener('lb-cvm'), testListener('lb-scf'), testListener('lb-other')],
    }),
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
      rules: [
        ...testEstate().rules,
        testRule('loc-b', 'lb-scf', 'flash.example.co.id', {
          url: '/promo',
          domains: ['flash.example.co.id', 'live.example.co.id'],
        }),
      ],
    }),
    diversion: useRule,
    status: 'block',
    why: 'severalDomains',
    fix: '/',
  },
];

describe('an unread part', () => {
  it.each(cases)('$check: $name', ({ check, estate, diversion = testSplit(), status, why, fix }) => {
    const found = preflight({ estate, diversion }).find(
      (f) => f.check === check && f.why === `${check}.${why}`,
    );
    expect(found).toMatchObject({ status });
    if (fix !== undefined) expect(found?.fix?.patch).toMatchObject({ value: fix });
  });

  it('reports each unread lane once, without further findings', () => {
    const estate = testEstate({ loadBalancers: [], gaps: gap('clb/ap-singapore') });
    const choices = preflight({ estate, diversion: testSplit() }).filter((f) => f.check === 'choices');
    expect(choices.map((f) => [f.field, f.status, f.objects[0]])).toEqual([
      ['routes.0.loadBalancerId', 'unknown', 'lb-cvm'],
      ['routes.1.loadBalancerId', 'unknown', 'lb-scf'],
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
  ])('blocks if the plan depends on an unread part: %s', (part, unread) => {
    const estate = testEstate({ gaps: gap(part), ...unread });
    const stopping = preflight({ estate, diversion: testSplit() }).filter(stops);
    expect(new Set(stopping.map((f) => f.status))).toEqual(new Set(['unknown']));
  });

  it('shows unread parts that the run reads itself, without blocking', () => {
    const estate = testEstate({
      instances: [],
      zones: [{ id: 1, name: 'example.co.id', enabled: true, delegated: null, grade: 'DP_ULTRA' }],
    });
    const diversion = testSplit({ function: { ...storefront, qualifier: 'live' } });
    const findings = preflight({ estate, diversion });
    const unread = new Set(findings.filter((f) => f.status === 'unknown').map((f) => f.why));
    expect(unread).toEqual(
      new Set([
        ...['function-ready.alias', 'dns-zone.delegationUnknown', 'cvm-targets.unread'],
        'response-contract.untried',
      ]),
    );
    expect(findings.filter(stops)).toEqual([]);
  });

  it('shows parts that an older snapshot has not read, without blocking', () => {
    const { health: _health, ...target } = testTarget() as Record<string, unknown>;
    const {
      availableStatus: _status,
      reservedMb: _reserved,
      ...fn
    } = testFunction() as Record<string, unknown>;
    const old = testEstate({
      rules: ['shop'].map((name) =>
        testRule(`loc-${name}`, 'lb-cvm', `${name}.example.co.id`, { targets: [target] }),
      ),
      listeners: [
        testListener('lb-cvm'),
        testListener('lb-scf', { protocol: 'HTTPS', certificateId: 'c-1' }),
      ],
      functions: [fn],
      clbQuotas: [],
      scfAccounts: [],
      customConfigs: [],
      certificates: [],
    });
    const findings = preflight({ estate: old, diversion: testSplit() });
    const unread = findings.filter((f) => f.status === 'unknown').map((f) => f.check);
    expect(unread).toEqual(
      expect.arrayContaining([
        ...['certificate', 'clb-quota', 'function-ready', 'function-reserved', 'function-timeout'],
        ...['request-headers', 'request-size', 'target-health'],
      ]),
    );
    expect(findings.filter(stops)).toEqual([]);
  });

  it('accepts a rule of several domains in an unchanged lane A', () => {
    const domains = ['shop.example.co.id', 'www.example.co.id'];
    const [shop, ...others] = testEstate().rules;
    const estate = testEstate({ rules: [{ ...shop, domains }, ...others] });
    const conditions = testedConditions(estate);
    const findings = preflight({ estate, diversion: testSplit(), conditions });
    expect(findings.filter((f) => f.status !== 'pass')).toEqual([]);
  });
});
