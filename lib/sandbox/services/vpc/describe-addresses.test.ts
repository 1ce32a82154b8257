import { afterAll, expect, test } from 'vitest';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';

const cloud = await startTestCloud({ vipNetwork: '127.101.0.0/16' });
const { vpc } = cloud.clients();
Object.assign(cloud.account('small-standard').instances['ins-web00001'] ?? {}, {
  publicIps: ['203.0.113.7'],
});
afterAll(() => cloud.plane.stop());

const filter = (Name: string, ...Values: string[]) => ({ Name, Values });

test('returns no elastic IPs for an account, and therefore none for a load balancer', async () => {
  const answer = await vpc.DescribeAddresses({ Filters: [filter('instance-id', 'lb-scf00001')] });
  expect(answer).toMatchObject({ TotalCount: 0, AddressSet: [] });
  expect((await vpc.DescribeAddresses({})).AddressSet).toEqual([]);
});

test('returns plain public addresses of servers on request', async () => {
  const found = async (...filters: { Name: string; Values: string[] }[]) =>
    (await vpc.DescribeAddresses({ Filters: [filter('address-type', 'WanIP'), ...filters] })).AddressSet;
  expect(await found()).toMatchObject([
    { AddressIp: '203.0.113.7', InstanceId: 'ins-web00001', AddressType: 'WanIP', AddressStatus: 'BIND' },
  ]);
  expect(await found(filter('instance-id', 'ins-web00002'))).toEqual([]);
  expect(await found(filter('address-ip', '203.0.113.7'))).toHaveLength(1);
});

test('refuses an unknown id, an unknown filter, and a page that is too large', async () => {
  expect(await catchCode(vpc.DescribeAddresses({ AddressIds: ['eip-00000001'] }))).toBe(
    'InvalidParameterValue.AddressIdMalformed',
  );
  expect(await catchCode(vpc.DescribeAddresses({ Filters: [filter('colour', 'red')] }))).toBe(
    'InvalidParameter.FilterInvalidKey',
  );
  expect(await catchCode(vpc.DescribeAddresses({ Limit: 101 }))).toBe('InvalidParameterValue.Range');
});
