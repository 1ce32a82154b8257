import type { World } from './world';

/** Every address that a load balancer or a server of any account has: two must not share one. */
export function addressesInUse(world: World): Set<string> {
  return new Set(
    Object.values(world.accounts).flatMap((account) => [
      ...Object.values(account.loadBalancers).flatMap((loadBalancer) => loadBalancer.vips),
      ...Object.values(account.instances).map((instance) => instance.privateIp),
    ]),
  );
}
