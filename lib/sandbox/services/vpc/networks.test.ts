import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';

const cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.107.0.0/16' });
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

test('contains every network that a load balancer or a server names', async () => {
  for (const region of ['ap-jakarta', 'ap-singapore', 'ap-guangzhou']) {
    const { clb, cvm, vpc } = cloud.clients({ region });
    const { LoadBalancerSet = [] } = await clb.DescribeLoadBalancers({});
    const { InstanceSet = [] } = await cvm.DescribeInstances({});
    const named = [
      ...LoadBalancerSet.map((lb) => lb.VpcId ?? ''),
      ...InstanceSet.map((instance) => instance.VirtualPrivateCloud?.VpcId ?? ''),
    ].filter((id) => id !== '' && id !== '0');
    const { VpcSet = [], TotalCount } = await vpc.DescribeVpcs({ VpcIds: [...new Set(named)] });
    expect(TotalCount).toBe(new Set(named).size);
    expect(VpcSet[0]).toMatchObject({ CidrBlock: '127.107.0.0/16', EnableDhcp: true, IsDefault: false });
    for (const instance of InstanceSet) {
      const id = instance.VirtualPrivateCloud?.SubnetId ?? '';
      const { SubnetSet = [] } = await vpc.DescribeSubnets({ SubnetIds: [id] });
      expect(SubnetSet).toMatchObject([
        { VpcId: instance.VirtualPrivateCloud?.VpcId, Zone: instance.Placement?.Zone },
      ]);
      const block = SubnetSet[0]?.CidrBlock?.replace(/\.0\/24$/, '.');
      expect(instance.PrivateIpAddresses?.[0]?.startsWith(block ?? 'none')).toBe(true);
    }
  }
});

test('filters and pages networks with strings', async () => {
  const { vpc } = cloud.clients({ region: 'ap-jakarta' });
  const subnets = await vpc.DescribeSubnets({ Limit: '1', Offset: '1' });
  expect(subnets.TotalCount).toBe(2);
  expect(subnets.SubnetSet).toHaveLength(1);
  const zoned = await vpc.DescribeSubnets({ Filters: [{ Name: 'zone', Values: ['ap-jakarta-2'] }] });
  expect(zoned.SubnetSet).toMatchObject([
    // Four of the servers are in the second zone.
    { CidrBlock: '127.107.102.0/24', TotalIpAddressCount: 253, AvailableIpAddressCount: 249 },
  ]);
  const filters = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });
  expect((await vpc.DescribeVpcs(filters('cidr-block', '10.0.0.0', '127.107.0.0'))).TotalCount).toBe(1);
  expect((await vpc.DescribeVpcs(filters('is-default', 'TRUE'))).TotalCount).toBe(0);
  expect((await vpc.DescribeVpcs(filters('tag:city', 'jakarta'))).TotalCount).toBe(0);
  const [network] = Object.values(cloud.account('niaga').vpcs).filter((each) => each.region === 'ap-jakarta');
  if (network) network.tags.city = 'jakarta';
  expect((await vpc.DescribeVpcs(filters('tag:city', 'jakarta'))).VpcSet).toMatchObject([
    { TagSet: [{ Key: 'city', Value: 'jakarta' }] },
  ]);
});

test('also pages subnets by token', async () => {
  const { vpc } = cloud.clients({ region: 'ap-jakarta' });
  const first = await vpc.DescribeSubnets({ MaxResults: 1 });
  const second = await vpc.DescribeSubnets({ MaxResults: 1, NextToken: first.NextToken ?? '' });
  const ids = [...(first.SubnetSet ?? []), ...(second.SubnetSet ?? [])].map((subnet) => subnet.SubnetId);
  expect(ids.sort()).toEqual(['subnet-jakshop1', 'subnet-jakshop2']);
  expect(second.NextToken).toBe('');
  expect(await catchCode(vpc.DescribeSubnets({ MaxResults: 1, NextToken: 'x' }))).toBe(
    'InvalidParameterValue.Malformed',
  );
});

test.each([
  ['InvalidParameter.Coexist', { VpcIds: ['vpc-jakshop1'], Filters: [{ Name: 'vpc-id', Values: ['x'] }] }],
  ['ResourceNotFound', { VpcIds: ['vpc-nowhere1'] }],
  ['InvalidParameter.FilterInvalidKey', { Filters: [{ Name: 'colour', Values: ['red'] }] }],
  ['InvalidParameterValue.Range', { Limit: '101' }],
  ['InvalidParameterValue.Malformed', { Offset: '-1' }],
  ['InvalidParameterValue.LimitExceeded', { VpcIds: Array.from({ length: 101 }, (_, n) => `vpc-${n}`) }],
])('refuses %s', async (code, request) => {
  expect(await catchCode(cloud.clients({ region: 'ap-jakarta' }).vpc.DescribeVpcs(request))).toBe(code);
});
