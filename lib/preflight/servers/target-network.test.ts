import { expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testEstate,
  testInstance,
  testLoadBalancer,
  testSplit,
  testTarget,
} from '@/testing/plan/test-estate';

const adds = testSplit({}, { addTargets: [{ instanceId: 'ins-2', port: 8080, weight: 10 }] });

/** Returns the findings for a target that is added in a VPC, beside one that is bound. */
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

it.each(['vpc-2', null])('blocks an added target of another network: %s', (vpcId) => {
  expect(found(vpcId)).toMatchObject([
    { status: 'block', why: 'target-network.otherVpc', objects: ['ins-2'], field: 'routes.0.addTargets' },
  ]);
});

it('passes one of the same VPC', () => {
  expect(found('vpc-1')).toMatchObject([{ status: 'pass', objects: ['ins-2'] }]);
});

it('accepts other VPCs for a load balancer that already reaches some', () => {
  expect(found('vpc-2', { other: { vpcId: 'vpc-2' } })).toMatchObject([{ status: 'pass' }]);
  expect(found('vpc-2', { target: { kind: 'CCN' } })).toMatchObject([{ status: 'pass' }]);
});

it('compares nothing in the classic network', () => {
  expect(found('vpc-2', { balancer: { vpcId: null } })).toMatchObject([{ status: 'pass' }]);
});

it('ignores targets that are already bound', () => {
  const estate = testEstate({ instances: [testInstance({ vpcId: 'vpc-2' })] });
  const findings = preflight({ estate, diversion: testSplit() });
  expect(findings.filter(({ check }) => check === 'target-network')).toEqual([]);
});

const networks = {
  vpcs: [{ id: 'vpc-1', name: 'shop', region: 'ap-singapore', cidr: '10.0.0.0/16', isDefault: false }],
  subnets: [
    { id: 's-1', name: 'pods', region: 'ap-singapore', vpcId: 'vpc-1', zone: 'z', cidr: '172.16.4.0/22' },
    { id: 's-2', name: 'other', region: 'ap-singapore', vpcId: 'vpc-2', zone: 'z', cidr: '192.168.0.0/24' },
  ],
};

it.each([
  ['10.0.1.7', networks, 'pass target-network.pass'],
  ['172.16.5.1', networks, 'pass target-network.pass'],
  ['192.168.0.7', networks, 'block target-network.addressOutside'],
  ['fd00::7', networks, 'unknown target-network.addressUnread'],
  ['10.0.1.7', {}, 'unknown target-network.addressUnread'],
])('checks the address %s against the networks of the load balancer: %#', (eniIp, known, expected) => {
  const findings = preflight({
    diversion: testSplit({}, { addTargets: [{ eniIp, port: 8080, weight: 10 }] }),
    estate: testEstate(known),
  }).filter(({ check }) => check === 'target-network');
  expect(findings.map(({ status, why }) => `${status} ${why}`)).toEqual([expected]);
  expect(findings[0]?.objects).toEqual([eniIp]);
  // The cloud refuses an address that it does not have, before anything moves.
  expect(findings.some(stops)).toBe(expected.startsWith('block'));
});

it('does not check if the load balancer reaches other networks', () => {
  const { instanceId: _, ...far } = Object(testTarget({ kind: 'CCN', eniIp: '192.168.0.6' }));
  const [shop, ...rules] = testEstate().rules;
  const findings = preflight({
    diversion: testSplit({}, { addTargets: [{ eniIp: '192.168.0.7', port: 8080, weight: 10 }] }),
    estate: testEstate({ ...networks, rules: [{ ...shop, targets: [far] }, ...rules] }),
  }).filter(({ check }) => check === 'target-network');
  expect(findings).toMatchObject([{ status: 'pass' }]);
});

it('reports nothing for an incomplete address', () => {
  const target = { instanceId: 'ins-2', port: 8080, weight: 10 };
  const diversion = testSplit({}, { addTargets: [target] });
  const [cvm, ...others] = diversion.routes;
  const typed = { ...cvm, addTargets: [{ eniIp: '10.0.', port: 8080, weight: 10 }] };
  const findings = preflight({
    estate: testEstate(networks),
    diversion: { ...diversion, routes: [typed, ...others] } as typeof diversion,
  });
  expect(findings.filter(({ check }) => check === 'target-network' || check === 'target-access')).toEqual([]);
});
