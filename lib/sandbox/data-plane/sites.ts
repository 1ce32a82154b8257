import { BlockList, isIPv4 } from 'node:net';
import type { WorldLoadBalancer } from '../world/clb';
import type { World } from '../world/world';
import type { Site } from './handle-request';

/** One HTTP listener at one VIP. */
export type SiteKey = {
  readonly vip: string;
  readonly port: number;
  readonly uin: string;
  readonly loadBalancerId: string;
  readonly listenerId: string;
};

/** Stable name of a site; begins with `vip:port/`. A listener that is deleted and made again is another site. */
export function siteName(key: SiteKey): string {
  return `${key.vip}:${key.port}/${key.uin}/${key.loadBalancerId}/${key.listenerId}`;
}

/**
 * Every site that the data plane serves: HTTP listeners of running load balancers, classic ones included, at their
 * IPv4 VIPs within the network (a NAT64 instance answers there too). IPv6FullChain instances have no IPv4 side;
 * isolated and blocked ones take no traffic.
 */
export function servedSites(world: World, vipNetwork: string): SiteKey[] {
  const network = parseNetwork(vipNetwork);
  const keys = Object.values(world.accounts).flatMap((account) =>
    Object.values(account.loadBalancers)
      .filter(takesTraffic)
      .flatMap((balancer) =>
        balancer.listeners
          .filter((listener) => listener.protocol === 'HTTP')
          .flatMap((listener) =>
            balancer.vips
              .filter((vip) => isIPv4(vip) && network.check(vip))
              .map((vip) => ({
                vip,
                port: listener.port,
                uin: account.uin,
                loadBalancerId: balancer.id,
                listenerId: listener.id,
              })),
          ),
      ),
  );
  return keys;
}

/** The objects behind a site, as the world has them now; null when one is gone or takes no traffic. */
export function findSite(world: World, key: SiteKey): Site | null {
  const account = world.accounts[key.uin];
  const loadBalancer = account?.loadBalancers[key.loadBalancerId];
  const listener = loadBalancer?.listeners.find((candidate) => candidate.id === key.listenerId);
  if (!account || !loadBalancer || !listener || !takesTraffic(loadBalancer)) return null;
  return { account, loadBalancer, listener };
}

function takesTraffic(balancer: WorldLoadBalancer): boolean {
  return (
    balancer.status === 1 && !balancer.isolated && !balancer.blocked && balancer.ipv6Mode !== 'IPv6FullChain'
  );
}

/** `127.80.0.0/16` as a check; throws on anything else, because settings were parsed before. */
function parseNetwork(cidr: string): BlockList {
  const [address = '', bits = ''] = cidr.split('/');
  const network = new BlockList();
  network.addSubnet(address, Number(bits), 'ipv4');
  return network;
}
