import type { WorldTarget } from '@/lib/sandbox/world/clb';
import { formatTargetAddress } from '@/lib/sandbox/world/target-address';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import type { TargetPool } from './rule-backends';
import { targetHealth } from './target-health';

/** A server that may get the next request, with its share of the requests. */
export type UsableTarget = Pick<WorldTarget, 'instanceId' | 'eniIp' | 'port' | 'weight'>;

/**
 * Returns the targets of a rule that may get a request now, from its pools: those with a weight that the check finds
 * Alive. If there are none, all with a weight: unhealthy ones get the traffic when there are no others, and so do those
 * not checked yet (assumption: the page states the first; about the second it only says that a new server gets none).
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

/** Merges several pools into one list; a server in two of them has both shares. */
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
