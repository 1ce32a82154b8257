import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, startTestCloud, type TestClients } from '@/testing/sandbox/test-cloud';

type Request = Parameters<TestClients['clb']['DescribeLoadBalancers']>[0];

const cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.101.0.0/16' });
const { clb } = cloud.clients();
const { loadBalancers } = cloud.account('niaga');
Object.assign(loadBalancers['lb-q7w2m5rc'] ?? {}, {
  tags: { team: 'flash', stage: 'live' },
  slaType: 'clb.c3.small',
  chargeType: 'PREPAID',
  internetChargeType: 'BANDWIDTH_PREPAID',
  masterZone: 'ap-singapore-2',
  projectId: 7,
});
// Each call in its own second: an action allows twenty per second.
beforeEach(() => cloud.clock.advance(1000));
afterAll(() => cloud.plane.stop());

async function listNames(request: Request) {
  const { LoadBalancerSet: found = [], TotalCount: count } = await clb.DescribeLoadBalancers(request);
  expect(count).toBe(found.length);
  return found.map((lb) => lb.LoadBalancerName).toSorted();
}
const filter = (name: string, ...values: string[]) => ({ Filters: [{ Name: name, Values: values }] });
const all = [
  'lb-sin-api',
  'lb-sin-checkout',
  'lb-sin-classic',
  'lb-sin-flash',
  'lb-sin-media',
  'lb-sin-mobile',
];
const without = (...names: string[]) => all.filter((name) => !names.includes(name));

test.each<[Request, string[]]>([
  [{}, all],
  [filter('function-name', 'checkout', 'other'), ['lb-sin-checkout']],
  [filter('charge-type', 'PREPAID'), ['lb-sin-flash']],
  [filter('internet-charge-type', 'TRAFFIC_POSTPAID_BY_HOUR'), without('lb-sin-flash')],
  [filter('master-zone-id', '900002'), ['lb-sin-flash']],
  [filter('tag-key', 'team'), ['lb-sin-flash']],
  [filter('tag:team', 'shop', 'flash'), ['lb-sin-flash']],
  [filter('tag:team', 'shop'), []],
  [filter('vip-isp', 'BGP'), all],
  [filter('sla-type', 'clb.c3.small', 'clb.c4.xlarge'), ['lb-sin-flash']],
  [filter('exclusive', '1'), []],
  [{ ...filter('tag-key', 'team'), Forward: 0 }, []],
  [{ Forward: 0 }, ['lb-sin-classic']],
  [{ LoadBalancerType: 'INTERNAL' }, []],
  [{ LoadBalancerName: 'SIN-M' }, ['lb-sin-media', 'lb-sin-mobile']],
  [{ Domain: 'tencentclb' }, ['lb-sin-media']],
  [{ LoadBalancerVips: ['127.101.1.22', '127.101.1.24'] }, ['lb-sin-api', 'lb-sin-mobile']],
  [{ LoadBalancerIds: ['lb-q7w2m5rc', 'lb-none'] }, ['lb-sin-flash']],
  [{ LoadBalancerIds: [] }, all],
  [{ WithRs: 0 }, []],
  [{ WithRs: 1, ProjectId: 7 }, ['lb-sin-flash']],
  [{ VpcId: '0' }, []],
  [{ SearchKey: '127.101.1.23' }, ['lb-sin-classic']],
  [{ MasterZone: '900002' }, ['lb-sin-flash']],
  [{ SecurityGroup: 'sg-m1cc0000' }, []],
])('%j', async (request, names) => {
  expect(await listNames(request)).toEqual(names);
});

test('finds load balancers by the addresses of their servers', async () => {
  const instance = Object.values(cloud.account('niaga').instances).find(({ name }) =>
    name.startsWith('event'),
  );
  expect(await listNames({ BackendPrivateIps: [instance?.privateIp ?? ''] })).toEqual([
    'lb-sin-flash',
    'lb-sin-media',
  ]);
});

test('sorts load balancers, and returns the number of their backends on request', async () => {
  const { LoadBalancerSet: found = [] } = await clb.DescribeLoadBalancers({
    OrderBy: 'LoadBalancerName',
    OrderType: 0,
    AdditionalFields: ['TargetCount'],
  });
  expect(found.map((lb) => lb.LoadBalancerName)).toEqual(all);
  expect(found.find((lb) => lb.LoadBalancerName === 'lb-sin-checkout')?.TargetCount).toBe(1);
  const [plain] = (await clb.DescribeLoadBalancers({ Limit: 1 })).LoadBalancerSet ?? [];
  expect(plain).not.toHaveProperty('TargetCount');
});

test.each<[Request, string]>([
  [
    { Filters: Array.from({ length: 11 }, () => ({ Name: 'tag-key', Values: ['a'] })) },
    'InvalidParameterValue.InvalidFilter',
  ],
  [filter('tag-key', ...Array.from({ length: 101 }, String)), 'InvalidParameterValue.InvalidFilter'],
  [filter('colour', 'red'), 'InvalidParameterValue.InvalidFilter'],
  [filter('tag:', 'red'), 'InvalidParameterValue.InvalidFilter'],
  [{ OrderBy: 'Colour' }, 'InvalidParameterValue'],
  [{ OrderType: 2 }, 'InvalidParameterValue'],
  [{ WithRs: 2 }, 'InvalidParameterValue'],
  [{ LoadBalancerType: 'OUTER' }, 'InvalidParameterValue'],
  [{ Offset: -1 }, 'InvalidParameterValue'],
  [{ AdditionalFields: ['Colour'] }, 'InvalidParameterValue'],
])('refuses %j', async (request, code) => {
  expect(await catchCode(clb.DescribeLoadBalancers(request))).toBe(code);
});
