import { expect, it } from 'vitest';
import type { IngressRule, SecurityGroup } from '@/lib/estate/network-model';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testInstance, testLoadBalancer, testSplit } from '@/testing/plan/test-estate';

const adds = testSplit({}, { addTargets: [{ instanceId: 'ins-2', port: 8080, weight: 10 }] });

const everyone = { action: 'ACCEPT', protocol: 'TCP', ports: 'ALL', source: '0.0.0.0/0' } as const;
const group = (id: string, ...ingress: IngressRule[]): SecurityGroup => ({
  id,
  region: 'ap-singapore',
  ingress,
});
const groups = [
  group('sg-open', everyone),
  group('sg-inner', { ...everyone, source: '10.0.0.0/8' }),
  group('sg-80', { ...everyone, ports: '80' }),
  group('sg-template', { ...everyone, source: null }),
];

function found(balancer: object, securityGroups: readonly string[] | null, gaps: readonly string[] = []) {
  return preflight({
    diversion: adds,
    estate: testEstate({
      instances: [testInstance(), testInstance({ id: 'ins-2', name: 'shop-web-2', securityGroups })],
      loadBalancers: [testLoadBalancer('lb-cvm', balancer), testLoadBalancer('lb-scf')],
      securityGroups: groups,
      gaps: gaps.map((part) => ({ part, reason: 'no' })),
    }),
  }).filter(({ check }) => check === 'target-access');
}
const words = (findings: ReturnType<typeof found>) =>
  findings.map(({ status, why }) => `${status} ${why.replace('target-access.', '')}`);

it.each([
  // With this setting only the groups of the load balancer apply, not those of its targets.
  [{ passToTarget: true, securityGroups: [] }, ['sg-80'], ['pass pass']],
  [{ passToTarget: true, securityGroups: ['sg-open'] }, ['sg-80'], ['pass open']],
  [{ passToTarget: true, securityGroups: ['sg-80'] }, ['sg-80'], ['pass open']],
  [{ passToTarget: true, securityGroups: ['sg-inner'] }, ['sg-80'], ['block partly']],
  // Both count.
  [{ passToTarget: false, securityGroups: [] }, ['sg-open'], ['pass open']],
  [{ passToTarget: false, securityGroups: [] }, ['sg-80'], ['block closed']],
  [{ passToTarget: false, securityGroups: [] }, ['sg-80', 'sg-open'], ['pass open']],
  [{ passToTarget: false, securityGroups: ['sg-80'] }, ['sg-80'], ['pass open', 'block closed']],
  [{ passToTarget: false, securityGroups: [] }, ['sg-inner'], ['block partly']],
  [{ passToTarget: false, securityGroups: [] }, [], ['pass noGroups']],
  // Unknown.
  [{ passToTarget: false, securityGroups: [] }, ['sg-template'], ['unknown template']],
  [{ passToTarget: false, securityGroups: [] }, ['sg-gone'], ['unknown rulesUnread']],
  [{ passToTarget: false, securityGroups: [] }, null, ['unknown unread']],
  [{ passToTarget: null, securityGroups: [] }, ['sg-open'], ['unknown unread']],
  [{ passToTarget: true, securityGroups: null }, ['sg-open'], ['unknown unread']],
])('with %j and a target in %j reports %j', (balancer, stopped, expected) => {
  expect(words(found(balancer, stopped))).toEqual(expected);
});

it('returns unknown for groups whose rules could not be read', () => {
  const balancer = { passToTarget: false, securityGroups: [] };
  expect(words(found(balancer, ['sg-open'], ['security-groups/ap-singapore/sg-open']))).toEqual([
    'unknown rulesUnread',
  ]);
});

it('names the client port for the load balancer, and the server port for the server', () => {
  const both = found({ passToTarget: false, securityGroups: ['sg-open'] }, ['sg-80']);
  expect(both.map(({ values, objects }) => [values.port, values.holder, ...objects])).toEqual([
    [80, 'lb-cvm', 'ins-2'],
    [8080, 'shop-web-2', 'ins-2'],
  ]);
});

it('ignores targets that are already bound', () => {
  const estate = testEstate({ loadBalancers: [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf')] });
  const all = preflight({ estate, diversion: testSplit() });
  expect(all.filter(({ check }) => check === 'target-access')).toEqual([]);
});

it.each([
  [true, []],
  [false, ['unknown target-access.addressGroups']],
])(
  'reports for an address that its security groups are not read, if they apply: %s',
  (passToTarget, expected) => {
    const findings = preflight({
      diversion: testSplit({}, { addTargets: [{ eniIp: '10.0.1.7', port: 8080, weight: 10 }] }),
      estate: testEstate({
        loadBalancers: [
          testLoadBalancer('lb-cvm', { passToTarget, securityGroups: [] }),
          testLoadBalancer('lb-scf'),
        ],
      }),
    }).filter(({ check, status }) => check === 'target-access' && status !== 'pass');
    expect(findings.some(stops)).toBe(false);
    expect(findings.map(({ status, why }) => `${status} ${why}`)).toEqual(expected);
  },
);
