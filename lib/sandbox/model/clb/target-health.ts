import type { WorldHealthCheck, WorldTarget } from '@/lib/sandbox/world/clb';
import type { WorldInstance } from '@/lib/sandbox/world/network';
import { formatTargetAddress } from '@/lib/sandbox/world/target-address';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import type { TargetPool } from './rule-backends';

/** The values of DescribeTargetHealth: healthy, unhealthy, unknown, no check. */
export type TargetHealth = 'Alive' | 'Dead' | 'Unknown' | 'Close';

/**
 * Returns how long a server must respond until the check finds it healthy, in ms: check interval × healthy threshold,
 * as the page states for a new server (https://www.tencentcloud.com/document/product/214/6097). The same after a
 * failure.
 */
export function healthyAfterMs(check: WorldHealthCheck): number {
  return check.intervalS * check.healthyCount * 1000;
}

/**
 * Returns how long a server must not respond until the check finds it unhealthy, in ms: timeout × unhealthy threshold +
 * interval × (threshold − 1), 16 s by default (https://www.tencentcloud.com/document/product/214/6097).
 */
export function unhealthyAfterMs(check: WorldHealthCheck): number {
  return (check.timeoutS * check.unhealthyCount + check.intervalS * (check.unhealthyCount - 1)) * 1000;
}

/** The state of a server: responding or not, and since when, in epoch milliseconds. */
type Answering = { readonly yes: boolean; readonly since: number };

/** The bit of 2xx codes in a check's mask: the sandbox's servers respond to every request with 200. */
const code2xx = 2;

function answering(check: WorldHealthCheck, instance: WorldInstance | undefined, now: number): Answering {
  // Deleted since, or responding with a code that the check doesn't accept: treated as never having responded.
  if (!instance) return { yes: false, since: 0 };
  const readsCode = check.type === 'HTTP' || check.type === 'HTTPS';
  if (readsCode && (check.httpCodes & code2xx) === 0) return { yes: false, since: 0 };
  const { state, stateSince, downSince } = instance;
  const isDown = downSince !== null && downSince <= now;
  if (state === 'STOPPED')
    return { yes: false, since: isDown ? Math.min(stateSince, downSince) : stateSince };
  return isDown ? { yes: false, since: downSince } : { yes: true, since: stateSince };
}

/**
 * Returns the state that the load balancer's checker would report for a target now. Nothing is polled: the state is
 * computed from when the target was registered and since when its server responds or does not, so it costs nothing
 * until read and works with any clock. A server that was registered long ago and responds is Alive at once; a new one
 * is Unknown until it has been checked for {@link healthyAfterMs}. Weight plays no part: servers of weight 0 are
 * checked too.
 *
 * Only the last change of the server is known, so a stop shorter than {@link unhealthyAfterMs} counts as detected after
 * the next start. Passive checks (three failed requests) belong to the data plane.
 * @param check null = no health check
 * @param instance undefined = it has been deleted
 */
export function targetHealth(
  check: WorldHealthCheck | null,
  registeredAt: number,
  instance: WorldInstance | undefined,
  now: number,
): TargetHealth {
  if (!check?.on) return 'Close';
  const { yes, since } = answering(check, instance, now);
  const observedMs = now - Math.max(since, registeredAt);
  if (yes) {
    if (observedMs >= healthyAfterMs(check)) return 'Alive';
    // It started after it was registered, late enough for the check to have found it unhealthy before.
    return since - registeredAt >= unhealthyAfterMs(check) ? 'Dead' : 'Unknown';
  }
  if (observedMs >= unhealthyAfterMs(check)) return 'Dead';
  const cameUp = instance !== undefined && instance.state === 'RUNNING' ? instance.stateSince : 0;
  return since - Math.max(cameUp, registeredAt) >= healthyAfterMs(check) ? 'Alive' : 'Unknown';
}

/** A server that may get the next request, with its share of the requests. */
export type UsableTarget = Pick<WorldTarget, 'instanceId' | 'eniIp' | 'port' | 'weight'>;

/**
 * Returns the targets of a rule that may get a request now, from its pools: those with a weight that the check finds
 * Alive. Without any, all with a weight: unhealthy ones get the traffic when there are no others, and so do those not
 * checked yet (assumption: the page states the first; about the second it states only that a new server gets none).
 * Without a check all get it (https://www.tencentcloud.com/document/product/214/6097). Empty = nothing to forward to.
 *
 * Between several pools, requests are shared by the pools' weights, and within a pool by those of the servers, so the
 * returned weights may then be fractions. A pool without usable servers leaves its share to the others (assumption).
 */
export function usableTargets(
  pools: readonly TargetPool[],
  instances: AccountWorld['instances'],
  now: number,
): readonly UsableTarget[] {
  const weighted = pools
    .map((pool) => ({ ...pool, targets: pool.targets.filter((target) => target.weight > 0) }))
    .filter((pool) => pool.weight > 0 && pool.targets.length > 0);
  const alive = weighted
    .map((pool) => ({
      ...pool,
      targets: pool.targets.filter((target) => isAlive(pool, target, instances, now)),
    }))
    .filter((pool) => pool.targets.length > 0);
  const usable = alive.length > 0 ? alive : weighted;
  const [only] = usable;
  return usable.length === 1 && only ? only.targets : shared(usable);
}

function isAlive(
  { healthCheck }: TargetPool,
  { instanceId, registeredAt }: WorldTarget,
  instances: AccountWorld['instances'],
  now: number,
): boolean {
  const health = targetHealth(healthCheck, registeredAt, instances[instanceId], now);
  return health === 'Alive' || health === 'Close';
}

function shared(pools: readonly TargetPool[]): UsableTarget[] {
  const byServer = new Map<string, UsableTarget>();
  for (const { weight: poolWeight, targets } of pools) {
    const total = targets.reduce((sum, { weight }) => sum + weight, 0);
    for (const { instanceId, eniIp, port, weight } of targets) {
      const key = formatTargetAddress({ instanceId, port, ...(eniIp !== undefined && { eniIp }) });
      const share = (poolWeight * weight) / total + (byServer.get(key)?.weight ?? 0);
      byServer.set(key, { instanceId, ...(eniIp !== undefined && { eniIp }), port, weight: share });
    }
  }
  return [...byServer.values()];
}
