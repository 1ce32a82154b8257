import { clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/index.js';
import { dnspod } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/index.js';
import { scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/index.js';
import type { Announcement } from '@/lib/sandbox/sandbox';
import { sdkConfig } from './client-config';

const regions = ['ap-guangzhou', 'ap-jakarta', 'ap-singapore'];
/** Fields that may differ after apply and rollback. */
const changing = new Set(['RequestId', 'UpdatedOn', 'ModTime', 'RegisteredTime']);

function lasting(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (changing.has(key) ? undefined : inner)));
}

const triesMax = 10;

/** Retries a throttled call in the next second: the app uses the rate of the same account. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await call();
    } catch (error) {
      const isThrottled = error instanceof Error && 'code' in error && error.code === 'RequestLimitExceeded';
      if (!isThrottled || count === triesMax) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

async function readRegion(sandbox: Announcement, region: string): Promise<unknown> {
  const client = new clb.v20180317.Client(sdkConfig(sandbox, region));
  const { LoadBalancerSet = [] } = await patiently(() => client.DescribeLoadBalancers({ Limit: 100 }));
  const functions = new scf.v20180416.Client(sdkConfig(sandbox, region));
  const perBalancer = [];
  for (const balancer of LoadBalancerSet) {
    const LoadBalancerId = balancer.LoadBalancerId ?? '';
    const listeners = await patiently(() => client.DescribeListeners({ LoadBalancerId }));
    const targets = await patiently(() => client.DescribeTargets({ LoadBalancerId }));
    perBalancer.push({ balancer, listeners, targets });
  }
  return { perBalancer, functions: await patiently(() => functions.ListFunctions({ Namespace: 'default' })) };
}

/**
 * Returns everything that a diversion may change, except times, read with the official SDK and without code of the app.
 */
export async function readCloud(sandbox: Announcement): Promise<unknown> {
  const client = new dnspod.v20210323.Client(sdkConfig(sandbox, ''));
  const { DomainList = [] } = await patiently(() => client.DescribeDomainList({}));
  const zones = [];
  for (const { Name = '' } of DomainList) {
    const { RecordList = [], ...zone } = await patiently(() => client.DescribeRecordList({ Domain: Name }));
    // Their order changes with each write.
    zones.push({ ...zone, RecordList: RecordList.toSorted((a, b) => (a.RecordId ?? 0) - (b.RecordId ?? 0)) });
  }
  const perRegion = [];
  for (const region of regions) perRegion.push(await readRegion(sandbox, region));
  return lasting({ zones, perRegion });
}
