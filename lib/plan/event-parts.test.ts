import { expect, it } from 'vitest';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import {
  testAccount,
  testEstate,
  testFunction,
  testLoadBalancer,
  testSplit,
  testSwitch,
} from '@/testing/plan/test-estate';
import { eventParts } from './event-parts';
import type { Plan } from './model/model';

type Change = Parameters<typeof testEstate>[0];

function partsOf(diversion: Plan['diversion'], change: Change = {}, newest: Change = change) {
  const planned = createTestPlan({ estate: testEstate(change), diversion });
  // A run has created it.
  return eventParts(planned, { ...testEstate(newest), ownLoadBalancers: ['lb-new'] });
}

const balancers = (change: object) => [
  testLoadBalancer('lb-cvm'),
  testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], ...change }),
];

it('are the function that gets the traffic and its load balancer', () => {
  const billed = { slaType: 'clb.c3.small', internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR' };
  expect(partsOf(testSplit(), { loadBalancers: balancers(billed) })).toEqual({
    functions: [expect.objectContaining({ name: 'flash/storefront', region: 'ap-singapore' })],
    warm: [],
    balancers: [
      {
        name: 'lb-scf',
        region: 'ap-singapore',
        isPublic: true,
        isMade: false,
        work: 'units',
        traffic: 'byTraffic',
        rules: 0,
      },
    ],
    unread: [],
  });
});

it('include no functions if a Switch moves to its servers', () => {
  const parts = partsOf(testSwitch({ toward: 'cvm' }));
  expect(parts.functions).toEqual([]);
  expect(parts.balancers.map(({ name }) => name)).toEqual(['lb-cvm']);
});

it.each([
  [{ internetChargeType: null }, {}, 'unread'],
  [{ internetChargeType: 'BANDWIDTH_PACKAGE' }, {}, 'byBandwidth'],
  [{ internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR' }, { networkAccountType: 'LEGACY' }, 'byServers'],
])('include the billing mode of traffic: %j', (change, account, traffic) => {
  const estate = { loadBalancers: balancers(change), account: testAccount(account) };
  expect(partsOf(testSplit(), estate).balancers).toMatchObject([{ traffic }]);
});

it('are the warm instances beyond those that were ready', () => {
  const warm = { qualifier: '1', allocated: 20, available: 20, status: 'Done' };
  const functions = [testFunction({ memoryMb: 1024, provisioned: [warm] })];
  const parts = partsOf(testSplit({ provisioned: 50 }), { functions });
  expect(parts.warm).toMatchObject([{ name: 'flash/storefront', memoryMb: 1024, instances: 30 }]);
});

it('list objects that are missing from the newest snapshot', () => {
  const parts = partsOf(testSplit({ provisioned: 5 }), {}, { functions: [], loadBalancers: [] });
  expect(parts).toMatchObject({ functions: [], warm: [], balancers: [] });
  expect(parts.unread).toEqual(['flash/storefront', 'lb-scf']);
});

it('describe objects to be created as requested, and existing ones as they are', () => {
  const made = {
    id: '@sale',
    name: 'sale',
    region: 'ap-singapore',
    network: 'OPEN',
    vpcId: 'vpc-1',
    internet: { chargeType: 'TRAFFIC_POSTPAID_BY_HOUR', bandwidthMbps: 200 },
  };
  const listener = { id: '@http', loadBalancerId: '@sale', name: 'http', protocol: 'HTTP', port: 80 };
  const split = testSplit({ loadBalancerId: '@sale', listenerId: '@http' });
  const diversion = {
    ...split,
    creates: { loadBalancers: [made], listeners: [{ ...listener, certificateId: null }] },
  } as unknown as Plan['diversion'];
  expect(partsOf(diversion).balancers).toMatchObject([{ name: 'sale', isMade: true, traffic: 'byTraffic' }]);
  const applied = [
    ...balancers({}),
    testLoadBalancer('lb-new', { name: 'sale', vips: [], slaType: 'clb.c3.small' }),
  ];
  expect(partsOf(diversion, {}, { loadBalancers: applied }).balancers).toMatchObject([
    { name: 'sale', isMade: false, work: 'units' },
  ]);
});
