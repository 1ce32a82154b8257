import { describe, expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testCustomConfig,
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRule,
  testSplit,
  testTarget,
} from '@/testing/plan/test-estate';

/* What a rule of servers has and a function's lacks, once the name moves. */

const domain = 'flash.example.co.id';
const https = { protocol: 'HTTPS', port: 443, certificateId: 'cert-1' };

type Given = {
  /** The rule of the servers, its listener, and the configuration of its load balancer. */
  readonly rule?: object;
  readonly listener?: object;
  readonly config?: object | null;
  /** The listener and the load balancer that the name moves to, and the configuration there. */
  readonly newListener?: object;
  readonly newLoadBalancer?: object;
  readonly newConfig?: object;
  readonly fn?: object;
  readonly diversion?: Diversion;
};

function findingsOn(given: Given) {
  const { rule = {}, listener = {}, config = null, newListener = {}, newLoadBalancer = {} } = given;
  const { newConfig = {}, fn = {}, diversion = testSplit() } = given;
  const [shop] = testEstate().rules;
  const bound = [{ loadBalancerId: 'lb-cvm', listenerId: null, domain: null, ruleId: null }];
  const estate = testEstate({
    loadBalancers: [
      testLoadBalancer('lb-cvm'),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], ...newLoadBalancer }),
    ],
    listeners: [testListener('lb-cvm', listener), testListener('lb-scf', newListener)],
    rules: [shop, testRule('loc-old', 'lb-cvm', domain, { targets: [testTarget()], ...rule })],
    customConfigs: [
      testCustomConfig(newConfig),
      ...(config === null
        ? []
        : [
            testCustomConfig({
              id: 'pz-2',
              addsMethodHeader: false,
              addsUriHeader: false,
              bindings: bound,
              ...config,
            }),
          ]),
    ],
    functions: [testFunction(fn)],
  });
  return preflight({ estate, diversion });
}

const found = (check: string, given: Given) => findingsOn(given).filter((each) => each.check === check);

it.each<[check: string, given: Given, why: string, values: object]>([
  [
    'client-certificates',
    { listener: { ...https, clientCaId: 'ca-1' }, newListener: https },
    'dropped',
    { names: domain, count: 1 },
  ],
  ['session-stickiness', { rule: { sessionExpireS: 60 } }, 'sticky', { names: domain }],
  ['session-stickiness', { rule: { scheduler: 'IP_HASH' } }, 'sticky', { names: domain }],
  [
    'tls-versions',
    { listener: https, newListener: https, newConfig: { tlsVersions: ['TLSv1.2'] } },
    'fewer',
    { versions: 'TLSv1, TLSv1.1' },
  ],
  [
    'tls-versions',
    { listener: https, newListener: https, config: { tlsVersions: ['TLSv1.2'] } },
    'more',
    { versions: 'TLSv1, TLSv1.1' },
  ],
  ['http2', { rule: { http2: true } }, 'lost', { names: domain }],
  ['request-encoding', { config: { bodyMaxMb: 5 } }, 'large', { max: 4.5, event: 6 }],
  [
    'client-address',
    { newLoadBalancer: { addressFamily: 'ipv6-nat64', ipv6: '2402:4e00::1' } },
    'lost',
    { names: domain },
  ],
  [
    'custom-config',
    { config: { directives: ['add_header', 'proxy_read_timeout'] } },
    'lost',
    { directives: 'add_header' },
  ],
  [
    'long-responses',
    { config: { readTimeoutS: 300 }, fn: { timeoutS: 30 } },
    'longer',
    { waitS: 300, seconds: 30 },
  ],
  ['path-rewriting', { rule: { url: '/sale/' } }, 'slash', { paths: '/sale/' }],
  ['path-rewriting', { config: { directives: ['proxy_redirect'] } }, 'redirect', { names: domain }],
])('warns once about %s with the names: %j', (check, given, why, values) => {
  const [finding, ...others] = found(check, given).filter(({ status }) => status !== 'pass');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ status: 'warn', why: `${check}.${why}`, values });
  expect(finding && stops(finding)).toBe(false);
  // Without the difference, the same check passes.
  expect(
    found(check, { listener: given.listener ? https : {}, newListener: given.newListener ? https : {} }),
  ).toMatchObject([{ status: 'pass' }]);
});

const unread = ['tls-versions', 'request-encoding', 'custom-config', 'long-responses', 'path-rewriting'];
it.each(unread)('reports %s as unknown without custom configurations, which blocks nothing', (check) => {
  const [shop] = testEstate().rules;
  const estate = testEstate({
    listeners: [testListener('lb-cvm', https), testListener('lb-scf', https)],
    rules: [shop, testRule('loc-old', 'lb-cvm', domain, { targets: [testTarget()] })],
    gaps: [{ part: 'clb-config/ap-singapore', reason: 'timeout' }],
  });
  const [finding] = preflight({ estate, diversion: testSplit() }).filter((each) => each.check === check);
  expect(finding).toMatchObject({ status: 'unknown', why: `${check}.unread` });
  expect(finding && stops(finding)).toBe(false);
});

describe('a listener with mutual TLS at the destination', () => {
  const given = { listener: https, newListener: { ...https, clientCaId: 'ca-2' } };

  it('blocks until the outage of its clients is acknowledged', () => {
    const [finding] = found('client-certificates', given);
    expect(finding).toMatchObject({
      status: 'block',
      why: 'client-certificates.required',
      acknowledgement: { finding: 'client-certificates.required', domain, loss: 'mTLS lb-scf' },
    });
    const own = { finding: 'client-certificates.required', domain, loss: 'mTLS lb-scf' } as const;
    const diversion = { ...testSplit(), acknowledged: [own] };
    expect(found('client-certificates', { ...given, diversion })).toMatchObject([{ status: 'warn' }]);
  });

  it('passes if the clients have certificates of the same CA', () => {
    const same = { ...given, listener: { ...https, clientCaId: 'ca-2' } };
    expect(found('client-certificates', same)).toMatchObject([{ status: 'pass' }]);
  });
});

it('names a domain that gains an address in mainland China, which is not checkable and blocks nothing', () => {
  const [finding] = found('icp-filing', { newLoadBalancer: { region: 'ap-guangzhou' } });
  expect(finding).toMatchObject({ status: 'unknown', why: 'icp-filing.notCheckable', objects: [domain] });
  expect(finding && stops(finding)).toBe(false);
  expect(found('icp-filing', {})).toEqual([]);
  expect(found('icp-filing', { newLoadBalancer: { region: 'ap-guangzhou', network: 'INTERNAL' } })).toEqual(
    [],
  );
});
