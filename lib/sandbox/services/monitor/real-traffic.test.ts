import { afterAll, expect, test } from 'vitest';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import { TestClock } from '@/testing/sandbox/test-clock';
import { clientConfig, createTestClients } from '@/testing/sandbox/test-cloud';
import { startTestSandbox } from '@/testing/sandbox/test-sandbox';

const clock = new TestClock();
// Well within a minute, so that the whole test falls into one.
clock.advance(60_000 - (clock.now() % 60_000) + 1000);
const started = await startTestSandbox({ seed: 'flash-sale', vipNetwork: '127.107.0.0/16', clock });
afterAll(() => started.sandbox.stop());

function browse(vip: string, host: string) {
  return requestPage({ host: vip, port: 80 + started.sandbox.announcement.portOffset }, { host });
}

async function valueIn(region: string, Namespace: string, MetricName: string, dimensions: object) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value: String(Value) }));
  const StartTime = new Date(started.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const answer = await started.clients(region).monitor.GetMonitorData({
    Namespace,
    MetricName,
    Instances: [{ Dimensions }],
    Period: 60,
    StartTime,
    EndTime: StartTime,
  });
  return answer.DataPoints?.[0]?.Values?.[0];
}

test('reports requests to servers in monitoring', async () => {
  const vip = '127.107.1.10';
  for (let n = 0; n < 6; n += 1) await browse(vip, 'flash.example.co.id');
  const read = (metric: string, more: object = {}) =>
    valueIn('ap-jakarta', 'QCE/LB_PUBLIC', metric, { vip, ...more });
  // A request is counted when its response has been sent, which may be just after the client receives it.
  await expect.poll(() => read('SuccReq')).toBe(6);
  expect(await read('Http2xx')).toBe(6);
  expect(await read('ClbHttp5xx')).toBe(0);
  expect(await read('TotalReq')).toBe(0.1);
  expect(await read('ClientNewConn')).toBeGreaterThan(0);
  expect(await read('ClientAccOuttraffic')).toBeGreaterThan(0);
  expect(await read('SuccReq', { loadBalancerPort: 80, protocol: 'http' })).toBe(6);
  expect(await read('SuccReq', { loadBalancerPort: 443, protocol: 'https' })).toBe(0);
  // The two servers of the pool share them.
  const listener = { loadBalancerPort: 80, protocol: 'http' };
  expect(await read('SuccReq', { ...listener, lanIp: '127.107.100.31', port: 8080 })).toBe(3);
  expect(await read('SuccReq', { ...listener, lanIp: '127.107.102.32', port: 8080 })).toBe(3);
});

test('counts function calls through a load balancer for the function and the load balancer', async () => {
  const vip = '127.107.1.21';
  for (let n = 0; n < 3; n += 1) {
    expect((await browse(vip, 'checkout.example.co.id')).body).toContain('Checkout');
  }
  await expect.poll(() => valueIn('ap-singapore', 'QCE/LB_PUBLIC', 'Http2xx', { vip })).toBe(3);
  const read = (metric: string) =>
    valueIn('ap-singapore', 'QCE/SCF_V2', metric, { functionName: 'checkout', namespace: 'flash' });
  expect(await read('Invocation')).toBe(3);
  expect(await read('Error')).toBe(0);
  expect(await read('ConcurrentExecutions')).toBe(1);
  expect(await read('Duration')).toBeGreaterThan(0);
});

test('separates the responses of the load balancer itself', async () => {
  const vip = '127.107.1.20';
  const answer = await browse(vip, 'teaser.example.co.id');
  expect(answer.status).toBe(503);
  const read = (metric: string) => valueIn('ap-singapore', 'QCE/LB_PUBLIC', metric, { vip });
  await expect.poll(() => read('ClbHttp503')).toBe(1);
  expect(await read('Http5xx')).toBe(0);
});

test('accepts the announced keys of sub-users as their policies allow', async () => {
  const niaga = started.sandbox.announcement.accounts.find((account) => account.name === 'niaga');
  expect(niaga?.users.map((user) => user.name)).toEqual(['reviewer', 'operator']);
  const [reviewer] = niaga?.users ?? [];
  if (!reviewer) throw new Error('no reviewer');
  const { sts, clb } = createTestClients(
    clientConfig(started.sandbox.announcement.api, reviewer, 'ap-jakarta'),
  );
  expect(await sts.GetCallerIdentity(null)).toMatchObject({ UserId: '100028471936' });
  expect((await clb.DescribeLoadBalancers({})).TotalCount).toBe(2);
  await expect(clb.DeleteLoadBalancer({ LoadBalancerIds: ['lb-3n9x0v2k'] })).rejects.toMatchObject({
    code: 'UnauthorizedOperation',
  });
});
