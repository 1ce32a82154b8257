import { type ListenerPlace, type Measured, type MeasuredRoute, roundMeasure } from '@/lib/estate/measure';
import type { Reader } from './call/caller';
import { readMonitoredRules, readTargetHealth } from './clb/api';
import { readMinutes } from './monitor/api';
import { lagOf, lastMinute, meanOfWhole, newestMinute } from './monitor/last-minute';

type RoutesOfOne = Pick<MeasuredRoute, 'region' | 'loadBalancerId'> & {
  readonly routes: readonly MeasuredRoute[];
};

/** The routes by load balancer. */
function byLoadBalancer(routes: readonly MeasuredRoute[]): readonly RoutesOfOne[] {
  const found = new Map<string, RoutesOfOne>();
  for (const route of routes) {
    const { region, loadBalancerId } = route;
    const others = found.get(loadBalancerId)?.routes ?? [];
    found.set(loadBalancerId, { region, loadBalancerId, routes: [...others, route] });
  }
  return [...found.values()];
}

/** Returns a share in %; null if the whole is zero. */
export function toPercent(part: number, whole: number): number | null {
  return whole <= 0 ? null : Math.min(100, roundMeasure((part / whole) * 100));
}

/**
 * Share of the requests to the routes' rules in the last minute that clients got a 5xx for, in %; null without
 * requests. `HttpCode5XX` is a count, `QPS` requests per second: https://cloud.tencent.com/document/product/248/51768.
 */
export async function errorRate(
  reader: Reader,
  routes: readonly MeasuredRoute[],
  now: number,
): Promise<Measured> {
  const found = await Promise.all(
    byLoadBalancer(routes).map(({ region, loadBalancerId, routes: own }) =>
      readMonitoredRules(reader, region, loadBalancerId, own),
    ),
  );
  const objects = found.flat();
  // Errors are read first: requests between the two reads then count only in the total, so no share exceeds it.
  const failed = await readMinutes(reader, objects, 'HttpCode5XX', now);
  const perSecond = await readMinutes(reader, objects, 'QPS', now);
  const newest = newestMinute(perSecond);
  if (newest === null) return { value: null, lagMs: null };
  return {
    value: toPercent(lastMinute(failed, newest, now), lastMinute(perSecond, newest, now) * 60),
    lagMs: lagOf(perSecond, now),
  };
}

/**
 * Requests per second of some domains of a listener: the mean of the last whole minutes that monitoring has. null where
 * it has none: without requests, or because it lags.
 */
export async function requestRate(
  reader: Reader,
  { region, loadBalancerId, listenerId, domains }: ListenerPlace,
  now: number,
): Promise<Measured> {
  const places = domains.map((domain) => ({ listenerId, domain, url: null }));
  const objects = await readMonitoredRules(reader, region, loadBalancerId, places);
  const perSecond = await readMinutes(reader, objects, 'QPS', now);
  return { value: meanOfWhole(perSecond, now), lagMs: lagOf(perSecond, now) };
}

/** Requests per second of some rules together, in the last minute; null where monitoring has no data. */
export async function routeRate(
  reader: Reader,
  routes: readonly MeasuredRoute[],
  now: number,
): Promise<Measured> {
  const found = await Promise.all(
    byLoadBalancer(routes).map(({ region, loadBalancerId, routes: own }) =>
      readMonitoredRules(reader, region, loadBalancerId, own),
    ),
  );
  const perSecond = await readMinutes(reader, found.flat(), 'QPS', now);
  const newest = newestMinute(perSecond);
  return {
    value: newest === null ? null : lastMinute(perSecond, newest, now),
    lagMs: lagOf(perSecond, now),
  };
}

/**
 * Returns the share of the targets that fail their health check, in %. Targets without a check, or without a result
 * yet, don't count; null if there are no others.
 */
export async function unhealthyTargets(reader: Reader, routes: readonly MeasuredRoute[]): Promise<Measured> {
  const served = routes.filter(({ functions }) => functions.length === 0);
  const health = await Promise.all(
    byLoadBalancer(served).map(({ region, loadBalancerId, routes: own }) => {
      const listenerIds = [...new Set(own.map(({ listenerId }) => listenerId))];
      return readTargetHealth(reader, region, loadBalancerId, listenerIds);
    }),
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
  return { value: toPercent(count('Dead'), count('Dead') + count('Alive')), lagMs: 0 };
}
