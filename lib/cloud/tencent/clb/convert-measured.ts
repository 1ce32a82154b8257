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

type MeasuredRule = {
  readonly listenerId: ListenerId;
  readonly domain: string;
  readonly url: string;
  /** The health of each target. */
  readonly byTarget: Map<string, string | null>;
};

const WireTarget = z.object({
  TargetId: text,
  IP: text,
  Port: z.number().int().nullish(),
  HealthStatusDetail: text,
});

const WireHealth = z.object({
  LoadBalancers: list(
    z.object({
      Listeners: list(
        z.object({
          ListenerId,
          Rules: list(z.object({ Domain: text, Url: text, Targets: list(WireTarget) })),
        }),
      ),
    }),
  ),
});

/**
 * Converts the health of each target of each rule: Alive, Dead, Unknown (not checked long enough), Close (no check). A
 * target that the response names twice, as in a rule that it names twice, counts once; Unknown if its healths differ.
 * TargetHealth of https://www.rubydoc.info/gems/tencentcloud-sdk-clb/TencentCloud/Clb/V20180317/TargetHealth
 */
export function toRuleHealth(answer: DescribeTargetHealthResponse) {
  const rules = new Map<string, MeasuredRule>();
  for (const { ListenerId: listenerId, Rules } of WireHealth.parse(answer).LoadBalancers.flatMap(
    (lb) => lb.Listeners,
  ))
    for (const { Domain, Url, Targets } of Rules) {
      const place = { listenerId, domain: Domain ?? '', url: Url ?? '' };
      const key = JSON.stringify(place);
      const { byTarget } = rules.get(key) ?? { byTarget: new Map() };
      rules.set(key, { ...place, byTarget });
      for (const { TargetId, IP, Port, HealthStatusDetail: health } of Targets) {
        const target = JSON.stringify([TargetId, IP, Port]);
        const isSame = (byTarget.get(target) ?? health) === health;
        byTarget.set(target, isSame ? health : 'Unknown');
      }
    }
  return [...rules.values()].map(({ byTarget, ...place }) => ({ ...place, targets: [...byTarget.values()] }));
}
