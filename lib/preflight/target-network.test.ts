import { expect, it } from 'vitest';
import { testEstate, testInstance, testLoadBalancer, testSplit, testTarget } from '@/lib/plan/test-estate';
import { preflight } from './preflight';

const adds = testSplit({}, { addTargets: [{ instanceId: 'ins-2', port: 8080, weight: 10 }] });

/** The check over a target that is added in a VPC, beside one that is bound. */
function found(vpcId: string | null, { other = {}, target = {}, balancer = {} } = {}) {
  const [shop, ...rules] = testEstate().rules;
  return preflight({
    diversion: adds,
    estate: testEstate({
      instances: [testInstance(other), testInstance({ id: 'ins-2', name: 'shop-web-2', vpcId })],
      rules: [{ ...shop, targets: [testTarget(target)] }, ...rules],
      loadBalancers: [testLoadBalancer('lb-cvm', balancer), testLoadBalancer('lb-scf')],
    }),
  }).filter(({ check }) => check === 'target-network');
}

it.each(['vpc-2', null])('stops a target that is added from elsewhere: %s', (vpcId) => {
  expect(found(vpcId)).toMatchObject([
    { status: 'block', why: 'target-network.otherVpc', objects: ['ins-2'], field: 'routes.0.addTargets' },
  ]);
});

it('passes one of the same VPC', () => {
  expect(found('vpc-1')).toMatchObject([{ status: 'pass', objects: ['ins-2'] }]);
});

it('takes a load balancer that reaches across for one that does', () => {
  expect(found('vpc-2', { other: { vpcId: 'vpc-2' } })).toMatchObject([{ status: 'pass' }]);
  expect(found('vpc-2', { target: { kind: 'CCN' } })).toMatchObject([{ status: 'pass' }]);
});

it('has nothing to compare on the classic network', () => {
  expect(found('vpc-2', { balancer: { vpcId: null } })).toMatchObject([{ status: 'pass' }]);
});

it('says nothing of what is bound already', () => {
  const estate = testEstate({ instances: [testInstance({ vpcId: 'vpc-2' })] });
  const findings = preflight({ estate, diversion: testSplit() });
  expect(findings.filter(({ check }) => check === 'target-network')).toEqual([]);
});
