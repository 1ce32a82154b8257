import { describe, expect, it } from 'vitest';
import { NewListener, NewLoadBalancer } from '@/lib/diversion/creates';
import type { Finding } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testEstate,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testTarget,
} from '@/testing/plan/test-estate';

const domain = 'flash.example.co.id';

/** Returns the findings of a Split that moves `domain`, whose record on its line has this type and value. */
function found(
  record: object,
  more: {
    readonly acknowledged?: readonly object[];
    readonly rules?: unknown;
    readonly loadBalancers?: unknown;
  } = {},
) {
  const { acknowledged = [], ...changes } = more;
  const records = [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.1', record)];
  const estate = testEstate({ records, ...changes });
  const diversion = { ...testSplit(), acknowledged } as ReturnType<typeof testSplit>;
  return preflight({ estate, diversion }).filter(({ check }) => check === 'protected-edge');
}

const cname = (value: string) => ({ type: 'CNAME', value });
const acknowledge = (finding: Finding | undefined) =>
  finding?.acknowledgement === undefined ? [] : [finding.acknowledgement];

describe('a moved name', () => {
  it('may move from a load balancer of the account', () => {
    expect(found({})).toMatchObject([{ status: 'pass' }]);
  });

  it.each([
    ['EdgeOne', `${domain}.eo.dnse3.com.`, 'shield', 'edgeone'],
    ['Tencent Cloud WAF', '6a1c46976feeb786.qcloudwzgj.com.', 'shield', 'waf'],
    ['Cloudflare', `${domain}.cdn.cloudflare.net.`, 'shield', 'none'],
    ['Tencent Cloud CDN', `${domain}.cdn.dnsv1.com.`, 'cdn', 'cdn'],
  ])('may not move from %s without acknowledgement', (service, target, why, way) => {
    const [finding, ...others] = found(cname(target));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      status: 'block',
      why: `protected-edge.${why}`,
      field: 'routes.1.domain',
      objects: [domain],
      values: {
        domain,
        service,
        target,
        way,
        name: 'lb-scf',
        origin: '127.77.1.2',
        originType: 'ip',
        port: 80,
      },
      acknowledgement: { finding: `protected-edge.${why}`, domain, loss: `${service} ${target}` },
    });
    expect(finding && stops(finding)).toBe(true);
    const [warned] = found(cname(target), { acknowledged: acknowledge(finding) });
    expect(warned).toMatchObject({ status: 'warn', why: `protected-edge.${why}`, isAcknowledged: true });
    expect(warned && stops(warned)).toBe(false);
  });

  it.each([
    ['another name', { domain: 'shop.example.co.id' }],
    ['another service', { loss: 'EdgeOne y.eo.dnse1.com' }],
    ['another finding', { finding: 'protected-edge.waf' }],
  ])('is not acknowledged by %s', (_, change) => {
    const [own] = acknowledge(found(cname('x.eo.dnse1.com'))[0]);
    const acknowledged = [{ ...own, ...change }];
    expect(found(cname('x.eo.dnse1.com'), { acknowledged })).toMatchObject([{ status: 'block' }]);
    expect(found(cname('x.eo.dnse1.com'), { acknowledged: own ? [own] : [] })).toMatchObject([
      { status: 'warn' },
    ]);
  });

  it.each([
    [{ value: '203.0.113.9' }, 'A 203.0.113.9'],
    [cname('origin.example.net.'), 'CNAME origin.example.net.'],
  ])('is reported when it points elsewhere: %o', (record, target) => {
    expect(found(record)).toMatchObject([
      { status: 'warn', why: 'protected-edge.foreign', values: { domain, target } },
    ]);
  });
});

describe('a WAF bound at the load balancer', () => {
  const shop = testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] });
  const guarded = testRule('loc-flash', 'lb-cvm', domain, { targets: [testTarget()], wafDomainId: 'waf-1' });
  const there = (wafDomainId: string | null) =>
    testRule('loc-there', 'lb-scf', domain, { wafDomainId, url: '/' });

  it('blocks if the name moves to a rule without one', () => {
    const [finding] = found({}, { rules: [shop, guarded] });
    expect(finding).toMatchObject({ status: 'block', why: 'protected-edge.waf', objects: [domain] });
    expect(finding?.values).toMatchObject({ name: 'lb-scf', id: 'lb-scf', listener: 'HTTP:80' });
    const acknowledged = acknowledge(finding);
    expect(found({}, { rules: [shop, guarded], acknowledged })).toMatchObject([
      { status: 'warn', why: 'protected-edge.waf', isAcknowledged: true },
    ]);
  });

  it('blocks if any rule of the name there has none', () => {
    expect(found({}, { rules: [shop, guarded, there(null)] })).toMatchObject([{ status: 'block' }]);
  });

  describe('that only the load balancer shows', () => {
    const plain = testRule('loc-flash', 'lb-cvm', domain, { targets: [testTarget()] });
    const flagged = (rules: unknown, to: boolean | null = null) =>
      found(
        {},
        {
          rules,
          loadBalancers: [
            testLoadBalancer('lb-cvm', { wafFlag: true }),
            testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], wafFlag: to }),
          ],
        },
      );

    it('blocks, too: it may be bound for the name', () => {
      expect(flagged([shop, plain])).toMatchObject([
        {
          status: 'block',
          why: 'protected-edge.waf',
          values: { bound: 'flag', from: 'lb-cvm', name: 'lb-scf' },
        },
      ]);
    });

    it('is that of the domains of rules, if any rule names one', () => {
      const waf = testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { wafDomainId: 'waf-1' });
      expect(flagged([waf, plain])).toMatchObject([{ status: 'pass' }]);
    });

    it('is not lost where the other load balancer shows one as well', () => {
      expect(flagged([shop, plain], true)).toMatchObject([{ status: 'pass' }]);
    });
  });

  it('is not required if there was none', () => {
    const plain = testRule('loc-flash', 'lb-cvm', domain, { targets: [testTarget()] });
    expect(found({}, { rules: [shop, plain] })).toMatchObject([{ status: 'pass' }]);
  });
});

const at = (balancer: object, more: object = {}, toFunction: object = {}) =>
  preflight({
    estate: testEstate({
      records: [testRecord(12, 'flash', 'x.eo.dnse3.com.', { type: 'CNAME' })],
      loadBalancers: [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf', balancer)],
    }),
    diversion: { ...testSplit(toFunction), ...more } as ReturnType<typeof testSplit>,
  }).find(({ check }) => check === 'protected-edge')?.values;

it('names the address to enter as the origin in the kind of the load balancer', () => {
  expect(at({ vips: ['127.77.1.2'] })).toMatchObject({ origin: '127.77.1.2', originType: 'ip' });
  const named = { vips: [], domain: 'lb-scf.clb.example.net.' };
  expect(at(named)).toMatchObject({ origin: 'lb-scf.clb.example.net', originType: 'domain' });
  const nat64 = { vips: [], addressFamily: 'ipv6-nat64', ipv6: '2001:db8::1' };
  expect(at(nat64)).toMatchObject({ origin: '2001:db8::1', originType: 'ipv6' });
});

it('has no address for a load balancer that is not created yet', () => {
  const made = { id: '@sale', name: 'sale', region: 'ap-singapore', network: 'OPEN', vpcId: 'vpc-1' };
  const listener = { id: '@http', loadBalancerId: '@sale', name: 'http', protocol: 'HTTP', port: 80 };
  const creates = {
    loadBalancers: [NewLoadBalancer.parse(made)],
    listeners: [NewListener.parse(listener)],
  };
  const values = at({}, { creates }, { loadBalancerId: '@sale', listenerId: '@http' });
  expect(values).toMatchObject({ name: 'sale', origin: '', originType: 'made', port: 80 });
});
