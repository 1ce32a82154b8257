import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';

const cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.107.0.0/16' });
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

const names = (answer: { InstanceSet?: { InstanceName?: string }[] }) =>
  (answer.InstanceSet ?? []).map((instance) => instance.InstanceName);

test('requires all filters to match, with one value of each', async () => {
  const { cvm } = cloud.clients({ region: 'ap-jakarta' });
  const by = (...filters: [name: string, ...values: string[]][]) =>
    cvm.DescribeInstances({ Filters: filters.map(([Name, ...Values]) => ({ Name, Values })) });
  expect(names(await by(['instance-state', 'STOPPED']))).toEqual(['cart-api-2']);
  expect(names(await by(['zone', 'ap-jakarta-2'], ['instance-name', 'shop-web-1', 'shop-web-2']))).toEqual([
    'shop-web-2',
  ]);
  expect(names(await by(['private-ip-address', '127.107.100.21']))).toEqual(['cart-api-1']);
  expect(names(await by(['vpc-id', 'vpc-sinshop1']))).toEqual([]);
  expect(names(await by(['creation-start-time', '2024-01-15 10:00:01']))).toEqual([]);
  expect(names(await by(['creation-start-time', '2024-01-15 10:00:00']))).toHaveLength(9);
  const [cart] = Object.values(cloud.account('niaga').instances).filter((each) => each.name === 'cart-api-1');
  if (cart) cart.tags.team = 'cart';
  expect(names(await by(['tag:team', 'cart', 'shop']))).toEqual(['cart-api-1']);
  expect(names(await by(['tag-key', 'team']))).toEqual(['cart-api-1']);
  expect(names(await by(['tag-value', 'shop']))).toEqual([]);
});

test('returns the fields of an instance that the API page lists', async () => {
  const { cvm } = cloud.clients({ region: 'ap-jakarta' });
  const { InstanceSet = [] } = await cvm.DescribeInstances({ Limit: 1 });
  expect(InstanceSet).toMatchObject([
    {
      InstanceName: 'shop-web-1',
      InstanceState: 'RUNNING',
      RestrictState: 'NORMAL',
      VirtualPrivateCloud: { VpcId: 'vpc-jakshop1', SubnetId: 'subnet-jakshop1' },
      PublicIpAddresses: null,
      CreatedTime: '2024-01-15T02:00:00Z',
      Uuid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    },
  ]);
});

const filters = (count: number, values: number) => ({
  Filters: Array.from({ length: count }, () => ({ Name: 'zone', Values: Array(values).fill('z') })),
});
test.each([
  ['InvalidFilter', { Filters: [{ Name: 'colour', Values: ['red'] }] }],
  ['InvalidFilterValue.LimitExceeded', filters(1, 6)],
  ['InvalidParameterValue.LimitExceeded', filters(11, 1)],
  ['InvalidParameterValue.LimitExceeded', { Limit: 101 }],
  ['InvalidInstanceId.NotFound', { InstanceIds: ['ins-nowhere1'] }],
  ['InvalidParameterConflict', { InstanceIds: ['ins-nowhere1'], ...filters(1, 1) }],
])('refuses %s', async (code, request) => {
  expect(await catchCode(cloud.clients({ region: 'ap-jakarta' }).cvm.DescribeInstances(request))).toBe(code);
});
