import { expect, it } from 'vitest';
import { testEstate, testInstance, testLoadBalancer, testSplit } from '@/lib/plan/test-estate';
import { preflight, stops } from './preflight';

const adds = testSplit({}, { addTargets: [{ instanceId: 'ins-2', port: 8080, weight: 10 }] });

function found(balancer: object, securityGroups: readonly string[] | null = ['sg-web']) {
  return preflight({
    diversion: adds,
    estate: testEstate({
      instances: [testInstance(), testInstance({ id: 'ins-2', name: 'shop-web-2', securityGroups })],
      loadBalancers: [testLoadBalancer('lb-cvm', balancer), testLoadBalancer('lb-scf')],
    }),
  }).filter(({ check }) => check === 'target-access');
}

it.each([
  [{ passToTarget: true, securityGroups: [] }, ['sg-web'], ['pass pass']],
  [{ passToTarget: true, securityGroups: ['sg-lb'] }, ['sg-web'], ['warn ownGroups']],
  [{ passToTarget: false, securityGroups: [] }, ['sg-web'], ['warn targetGroups']],
  [{ passToTarget: false, securityGroups: ['sg-lb'] }, ['sg-web'], ['warn ownGroups', 'warn targetGroups']],
  [{ passToTarget: false, securityGroups: [] }, null, ['unknown unread']],
  [{ passToTarget: null, securityGroups: [] }, ['sg-web'], ['unknown unread']],
  [{ passToTarget: true, securityGroups: null }, ['sg-web'], ['unknown unread']],
])('of %j with a target in %j says %j', (balancer, groups, expected) => {
  const findings = found(balancer, groups);
  expect(findings.map(({ status, why }) => `${status} ${why.replace('target-access.', '')}`)).toEqual(
    expected,
  );
  expect(findings.some(stops)).toBe(false);
});

it('names the port of clients for the load balancer, and that of the server for the server', () => {
  const both = found({ passToTarget: false, securityGroups: ['sg-lb'] });
  expect(both.map(({ values, objects }) => [values.port, ...objects])).toEqual([
    [80, 'ins-2'],
    [8080, 'ins-2'],
  ]);
});

it('says nothing of what is bound already', () => {
  const estate = testEstate({ loadBalancers: [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf')] });
  const all = preflight({ estate, diversion: testSplit() });
  expect(all.filter(({ check }) => check === 'target-access')).toEqual([]);
});

it.each([
  [true, []],
  [false, ['unknown target-access.addressGroups']],
])(
  'of an address says that its security groups are not read, where they count: %s',
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
    expect(findings.map(({ status, why }) => `${status} ${why}`)).toEqual(expected);
  },
);
