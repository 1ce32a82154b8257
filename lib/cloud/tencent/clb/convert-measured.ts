import type {
  DescribeLoadBalancersResponse,
  DescribeTargetHealthResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import { ListenerId } from '@/lib/estate/ids';
import { list, text } from './wire';

const WireAddresses = z.object({
  LoadBalancerSet: list(
    z.object({
      LoadBalancerType: z.enum(['OPEN', 'INTERNAL']),
      LoadBalancerVips: list(z.string()),
      NumericalVpcId: z.number().int().nullish(),
    }),
  ),
});

/** The VIPs of load balancers as monitoring names them; the numeric id of their network distinguishes private ones. */
export function toMonitoredAddresses(answer: DescribeLoadBalancersResponse) {
  return WireAddresses.parse(answer).LoadBalancerSet.flatMap((lb) =>
    lb.LoadBalancerVips.map((vip) =>
      lb.LoadBalancerType === 'OPEN' ? { vip } : { vip, vpcId: String(lb.NumericalVpcId ?? 0) },
    ),
  );
}

const WireHealth = z.object({
  LoadBalancers: list(
    z.object({
      Listeners: list(
        z.object({
          ListenerId,
          Rules: list(
            z.object({ Domain: text, Url: text, Targets: list(z.object({ HealthStatusDetail: text })) }),
          ),
        }),
      ),
    }),
  ),
});

/**
 * Converts the health of each target of each rule: Alive, Dead, Unknown (not checked long enough), Close (no check).
 * TargetHealth of https://www.rubydoc.info/gems/tencentcloud-sdk-clb/TencentCloud/Clb/V20180317/TargetHealth
 */
export function toRuleHealth(answer: DescribeTargetHealthResponse) {
  const listeners = WireHealth.parse(answer).LoadBalancers.flatMap((lb) => lb.Listeners);
  return listeners.flatMap(({ ListenerId: listenerId, Rules: rules }) =>
    rules.map(({ Domain: domain, Url: url, Targets: targets }) => ({
      listenerId,
      domain: domain ?? '',
      url: url ?? '',
      targets: targets.map((target) => target.HealthStatusDetail),
    })),
  );
}
