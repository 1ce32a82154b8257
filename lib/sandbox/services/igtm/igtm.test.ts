import { afterEach, beforeEach, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { catchCode, startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud({ seed: 'flash-sale', vipNetwork: '127.213.0.0/16' });
});
afterEach(() => cloud.plane.stop());

it('lists instances by page and filter', async () => {
  const build = (id: string, domain: string) => ({
    id,
    name: id,
    domain,
    accessDomain: 'example.co.id',
    accessSubdomain: `${id}.gtm`,
    enabled: id === 'gtm-1',
    createdAt: 0,
  });
  cloud.account('niaga').igtm = { 'gtm-1': build('gtm-1', 'a.id'), 'gtm-2': build('gtm-2', 'b.id') };
  const { igtm } = cloud.clients();
  const { InstanceSet = [], TotalCount } = await igtm.DescribeInstanceList({ Limit: 1 });
  expect(TotalCount).toBe(2);
  expect(InstanceSet.map(({ AccessSubDomain, Status }) => [AccessSubDomain, Status])).toEqual([
    ['gtm-1.gtm', 'ENABLED'],
  ]);
  const byDomain = await igtm.DescribeInstanceList({ Filters: [{ Name: 'Domain', Value: ['b.id'] }] });
  expect(byDomain.InstanceSet?.map(({ InstanceId }) => InstanceId)).toEqual(['gtm-2']);
});

it('refuses writes on a load balancer under operation protection, and shows who has set it', async () => {
  const { clb } = cloud.clients();
  const [balancer] = Object.values(cloud.account('niaga').loadBalancers).filter(
    ({ region }) => region === 'ap-singapore',
  );
  invariant(balancer, 'the seed has it');
  const request = { LoadBalancerId: balancer.id, Ports: [8123], Protocol: 'TCP' };
  balancer.operationProtection = { operatorUin: '100000000009', description: 'freeze', modifiedAt: 0 };
  expect(await catchCode(clb.CreateListener(request))).toBe('FailedOperation');
  const { LoadBalancerSet } = await clb.DescribeLBOperateProtect({
    LoadBalancerIds: [balancer.id, 'lb-none0000'],
  });
  expect(LoadBalancerSet).toMatchObject([
    { ProtectState: true, OperatorUin: '100000000009', Description: 'freeze' },
  ]);
  delete balancer.operationProtection;
  await clb.CreateListener(request);
});
