import type { WorldListener, WorldLoadBalancer, WorldTarget } from '@/lib/sandbox/world/clb';

/** Returns all servers of a listener, whether bound to it or to its rules. */
export function listTargets(listener: WorldListener): WorldTarget[] {
  return [...listener.targets, ...listener.rules.flatMap((rule) => rule.targets)];
}

/** Returns how many servers and functions a load balancer forwards to, counting each place. */
export function boundCount(loadBalancer: WorldLoadBalancer): number {
  let count = 0;
  for (const listener of loadBalancer.listeners) {
    count += listener.targets.length;
    for (const rule of listener.rules) count += rule.targets.length + rule.functions.length;
  }
  return count;
}
