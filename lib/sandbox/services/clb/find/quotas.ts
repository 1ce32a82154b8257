import type { Quota } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { action, type WithNull } from '@/lib/sandbox/services/action';
import type { WorldLoadBalancer } from '@/lib/sandbox/world/clb';

/** Default quotas of an account, per region: https://www.tencentcloud.com/document/product/214/6187. */
export const quotas = {
  /** Public load balancers of a region: https://cloud.tencent.com/document/api/214/30692. */
  openLoadBalancers: 100,
  /** Private ones: the same page. */
  internalLoadBalancers: 100,
  listenersPerLoadBalancer: 50,
  rulesPerListener: 50,
  targetsPerRule: 100,
} as const;

type Answer = { QuotaSet: WithNull<Quota, 'QuotaCurrent'>[] };

/**
 * Lists quotas: https://cloud.tencent.com/document/api/214/47704. Those that apply per load balancer or rule have no
 * current number.
 */
export const describeQuota = action<'clb.DescribeQuota', Answer>(
  (_request, { account, region, assumptions }) => {
    const count = (test: (loadBalancer: WorldLoadBalancer) => boolean) =>
      Object.values(account.loadBalancers).filter((lb) => lb.region === region && test(lb)).length;
    const quota = (id: string, limit: number, current: number | null = null) => ({
      QuotaId: id,
      QuotaCurrent: current,
      QuotaLimit: limit,
    });
    const isSingleCarrier = ({ vipIsp }: WorldLoadBalancer) => ['CMCC', 'CTCC', 'CUCC'].includes(vipIsp);
    return {
      QuotaSet: [
        quota(
          'TOTAL_OPEN_CLB_QUOTA',
          quotas.openLoadBalancers,
          count((lb) => lb.type === 'OPEN'),
        ),
        quota(
          'TOTAL_INTERNAL_CLB_QUOTA',
          quotas.internalLoadBalancers,
          count((lb) => lb.type === 'INTERNAL'),
        ),
        quota('TOTAL_LISTENER_QUOTA', quotas.listenersPerLoadBalancer),
        quota('TOTAL_LISTENER_RULE_QUOTA', quotas.rulesPerListener),
        quota('TOTAL_TARGET_BIND_QUOTA', quotas.targetsPerRule),
        quota('TOTAL_SNAT_IP_QUOTA', assumptions.get('quota.snatIps')),
        quota('TOTAL_ISP_CLB_QUOTA', assumptions.get('quota.ispInstances'), count(isSingleCarrier)),
        quota('TOTAL_FULL_PORT_RANGE_LISTENER_QUOTA', assumptions.get('quota.fullPortRangeListeners')),
      ],
    };
  },
);
