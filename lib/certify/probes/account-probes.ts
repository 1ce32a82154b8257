import { z } from 'zod';
import { type Account, must } from '../model/account';
import { type CertifyProbe, type Seen, seen, unknown } from '../model/probe';
import { readVipMetric } from './read-vip-metric';

/** Returns a probe that reads one number from DescribeQuota: https://cloud.tencent.com/document/api/214/47704 */
function quotaProbe(quotaId: string): CertifyProbe {
  return {
    mode: 'read',
    async run({ account }) {
      const { QuotaSet: quotas, requestId } = await must(
        account,
        'clb',
        'DescribeQuota',
        {},
        z.object({ QuotaSet: z.array(z.object({ QuotaId: z.string(), QuotaLimit: z.number() })) }),
      );
      const quota = quotas.find((each) => each.QuotaId === quotaId);
      if (!quota) return unknown(`DescribeQuota does not list ${quotaId} (request ${requestId})`);
      return seen(
        quota.QuotaLimit,
        `DescribeQuota says ${quotaId} = ${quota.QuotaLimit} (request ${requestId})`,
      );
    },
  };
}

/**
 * Twice the DescribeQuota calls per second that any account may send:
 * https://www.tencentcloud.com/document/api/214/33789
 */
const burst = 40;

async function findRates({ account }: { readonly account: Account }): Promise<Seen> {
  const answers = await Promise.all(
    Array.from({ length: burst }, () => account.callOnce('clb', 'DescribeQuota', {})),
  );
  const refused = answers.filter((answer) => !answer.ok && /^RequestLimitExceeded(\.|$)/.test(answer.code));
  const evidence = `${refused.length} of ${burst} DescribeQuota calls sent at once were throttled`;
  return seen(refused.length > 0 ? 'enforced' : 'unlimited', evidence);
}

const lookbackMs = 15 * 60_000;
const loadBalancersSampled = 10;
const minuteMs = 60_000;

/** Reads the connections per minute of some public load balancers. */
async function readConnections(
  account: Account,
  now: number,
): Promise<readonly Awaited<ReturnType<typeof readVipMetric>>[]> {
  const { LoadBalancerSet: found } = await must(
    account,
    'clb',
    'DescribeLoadBalancers',
    { LoadBalancerType: 'OPEN', Forward: 1, Limit: loadBalancersSampled },
    z.object({ LoadBalancerSet: z.array(z.object({ LoadBalancerVips: z.array(z.string()) })) }),
  );
  const vips = found.flatMap((each) => each.LoadBalancerVips.slice(0, 1));
  const points: Awaited<ReturnType<typeof readVipMetric>>[] = [];
  for (const vip of vips) {
    points.push(await readVipMetric(account, vip, 'ClientConnum', { from: now - lookbackMs, to: now }));
  }
  return points;
}

/** Probes that only need to read. */
export const accountProbes = {
  'quota.snatIps': quotaProbe('TOTAL_SNAT_IP_QUOTA'),
  'quota.ispInstances': quotaProbe('TOTAL_ISP_CLB_QUOTA'),
  'quota.fullPortRangeListeners': quotaProbe('TOTAL_FULL_PORT_RANGE_LISTENER_QUOTA'),
  'api.rates': { mode: 'read', run: findRates },
  'monitor.idle': {
    mode: 'read',
    async run({ account, now }) {
      const all = await readConnections(account, now());
      if (all.length === 0) return unknown(`there is no public load balancer in ${account.region} to read`);
      const minutes = `of the last ${lookbackMs / minuteMs} minutes`;
      if (all.some((points) => points.some(({ value }) => value === 0))) {
        return seen('zero', `a load balancer has minutes ${minutes} with 0 connections`);
      }
      if (all.some((points) => points.length === 0)) {
        return seen('no point', `a load balancer has no point ${minutes}`);
      }
      return unknown('each load balancer that was looked at had connections in every minute');
    },
  },
  'monitor.delay': {
    mode: 'read',
    tolerance: 60,
    async run({ account, now }) {
      const at = now();
      const all = await readConnections(account, at);
      const newest = Math.max(...all.flat().map((point) => point.at));
      if (!Number.isFinite(newest)) return unknown('no load balancer that was looked at has a point');
      const seconds = Math.max(0, Math.round((at - newest) / 1000));
      return seen(seconds, `the newest minute began ${seconds} s before it was read`);
    },
  },
} as const satisfies Record<string, CertifyProbe>;
