import type { ListenerPlace, MeasuredRoute } from '@/lib/estate/measure';
import type { Reader } from './caller';
import { readMonitoredListeners, readTargetHealth } from './clb/api';
import { readMinutes } from './monitor/api';
import { lastMinute, meanOfWhole, newestMinute } from './monitor/last-minute';

type ListenersOfOne = Pick<MeasuredRoute, 'region' | 'loadBalancerId'> & {
  readonly listenerIds: readonly string[];
};

/** The listeners of the routes by load balancer, each once. */
function byLoadBalancer(routes: readonly MeasuredRoute[]): readonly ListenersOfOne[] {
  const found = new Map<string, ListenersOfOne>();
  for (const { region, loadBalancerId, listenerId } of routes) {
    const listenerIds = new Set(found.get(loadBalancerId)?.listenerIds).add(listenerId);
    found.set(loadBalancerId, { region, loadBalancerId, listenerIds: [...listenerIds] });
  }
  return [...found.values()];
}

/** In %, to a tenth; null where there is nothing to have a share of. */
export function percentOf(part: number, whole: number): number | null {
  return whole <= 0 ? null : Math.min(100, Math.round((part / whole) * 1000) / 10);
}

/**
 * Share of the requests of the last minute that were answered with 5xx, in %; null without requests. Of the routes'
 * listeners, with all that they serve: monitoring knows no domains and URLs of rules.
 * `ClbHttp5xx` counts the answers of the load balancer and of its backends; `TotalReq` is requests per second:
 * https://cloud.tencent.com/document/product/248/51898 (public), https://cloud.tencent.com/document/product/248/51899.
 */
export async function errorRate(
  reader: Reader,
  routes: readonly MeasuredRoute[],
  now: number,
): Promise<number | null> {
  const objects = await Promise.all(
    byLoadBalancer(routes).map(({ region, loadBalancerId, listenerIds }) =>
      readMonitoredListeners(reader, region, loadBalancerId, listenerIds),
    ),
  );
  const counts = await Promise.all(
    objects.flat().map(async (object) => {
      // Errors first: what comes between the two readings is then in the total alone, and no share is too high for it.
      const failed = await readMinutes(reader, object, 'ClbHttp5xx', now);
      const perSecond = await readMinutes(reader, object, 'TotalReq', now);
      const newest = newestMinute(perSecond);
      if (newest === null) return { failed: 0, total: 0 };
      return {
        failed: lastMinute(failed, newest, now),
        total: lastMinute(perSecond, newest, now) * 60,
      };
    }),
  );
  const sum = (of: 'failed' | 'total') => counts.reduce((total, count) => total + count[of], 0);
  return percentOf(sum('failed'), sum('total'));
}

/**
 * Requests per second of a listener, with all that it serves: the mean of the last whole minutes that monitoring has. null
 * where it has none: without requests, or because it lags.
 */
export async function requestRate(
  reader: Reader,
  { region, loadBalancerId, listenerId }: ListenerPlace,
  now: number,
): Promise<number | null> {
  const objects = await readMonitoredListeners(reader, region, loadBalancerId, [listenerId]);
  const read = objects.map(async (object) =>
    meanOfWhole(await readMinutes(reader, object, 'TotalReq', now), now),
  );
  const rates = (await Promise.all(read)).filter((rate) => rate !== null);
  return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0);
}

/**
 * Share of the targets that fail their health check, in %. Those without a check, or not checked long enough to know,
 * don't count; null where no other is left.
 */
export async function unhealthyTargets(
  reader: Reader,
  routes: readonly MeasuredRoute[],
): Promise<number | null> {
  const served = routes.filter(({ functions }) => functions.length === 0);
  const health = await Promise.all(
    byLoadBalancer(served).map(({ region, loadBalancerId, listenerIds }) =>
      readTargetHealth(reader, region, loadBalancerId, listenerIds),
    ),
  );
  const found = health
    .flat()
    .filter((rule) =>
      served.some(
        ({ listenerId, domain, url }) =>
          rule.listenerId === listenerId && rule.domain === domain && rule.url === url,
      ),
    )
    .flatMap((rule) => rule.targets);
  const count = (wanted: string) => found.filter((detail) => detail === wanted).length;
  return percentOf(count('Dead'), count('Dead') + count('Alive'));
}
