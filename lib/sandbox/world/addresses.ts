import type { World } from './world';

/** Returns every address that a load balancer, a server or a function of any account has: two must not share one. */
export function addressesInUse(world: World): Set<string> {
  return new Set(
    Object.values(world.accounts).flatMap((account) => [
      ...Object.values(account.loadBalancers).flatMap((loadBalancer) => loadBalancer.vips),
      ...Object.values(account.instances).flatMap(({ privateIp, interfaces = [] }) => [
        privateIp,
        ...interfaces.flatMap(({ privateIps }) => privateIps),
      ]),
      ...Object.values(account.functions).flatMap((fn) =>
        [fn, ...fn.versions].flatMap(({ intranetIp }) => intranetIp ?? []),
      ),
    ]),
  );
}
