import type { AskedHistory, TrafficHistory } from '@/lib/estate/history/traffic-history';
import { LoadBalancerId } from '@/lib/estate/ids';
import { CloudError } from '../errors';
import type { Reader } from './call/caller';
import { readMonitoredBalancer, readMonitoredRules } from './clb/api';
import { readLongSeries } from './monitor/api';

/** The most VIPs × domains that are added up: each takes a part of the requests to Monitor. Our own choice. */
const objectsMax = 50;

/**
 * Reads the requests per second of a load balancer, of a domain of a listener, or of a path there, in whole periods.
 * `QPS` is requests per second: https://cloud.tencent.com/document/product/248/51768.
 */
export async function readTrafficHistory(
  reader: Reader,
  { place, span }: AskedHistory,
): Promise<TrafficHistory> {
  const { region, listenerId, domain, url } = place;
  const loadBalancerId = LoadBalancerId.parse(place.loadBalancerId);
  const objects =
    listenerId === null || domain === null
      ? await readMonitoredBalancer(reader, region, loadBalancerId)
      : await readMonitoredRules(reader, region, loadBalancerId, [{ listenerId, domain, url }]);
  if (objects.length === 0 || objects.length > objectsMax)
    throw new CloudError({
      code: objects.length === 0 ? 'Refused.PlaceMissing' : 'Refused.TooManyObjects',
      message:
        objects.length === 0
          ? `${loadBalancerId} in ${region} has no ${domain === null ? 'VIP' : `rule for ${domain}${url ?? ''}`}; sync the estate`
          : `${loadBalancerId} has ${objects.length} VIPs and domains for it, at most ${objectsMax} are added up; choose a part of it`,
      requestId: null,
      action: 'GetMonitorData',
      region,
      mayHaveHappened: false,
      advice: 'giveUp',
    });
  const values = await readLongSeries(reader, objects, 'QPS', span);
  const { from, to, periodS } = span;
  const periods = Math.round((to - from) / (periodS * 1000));
  return {
    from: new Date(from).toISOString(),
    periodS,
    rps: Array.from({ length: periods }, (_, index) => values.get(from + index * periodS * 1000) ?? null),
  };
}
