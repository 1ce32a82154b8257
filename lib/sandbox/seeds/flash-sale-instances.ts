import type { WorldInstance } from '../world/network';
import { address, instance } from './parts';

/** The server pools: region, number of servers, and the start of their addresses in the third block of 100. */
const pools = {
  'shop-web': { region: 'ap-jakarta', count: 3, from: 11 },
  'cart-api': { region: 'ap-jakarta', count: 2, from: 21 },
  'flash-web': { region: 'ap-jakarta', count: 2, from: 31 },
  'checkout-web': { region: 'ap-jakarta', count: 2, from: 41 },
  'api-web': { region: 'ap-singapore', count: 2, from: 51 },
  'event-web': { region: 'ap-singapore', count: 1, from: 61 },
  'partner-web': { region: 'ap-guangzhou', count: 1, from: 71 },
} as const;
export type PoolName = keyof typeof pools;

/** Pools whose first server runs pods with addresses of their own in the VPC, one pool in each region. */
const withPods: readonly string[] = ['shop-web', 'api-web', 'partner-web'];

/**
 * Returns the shop's servers by pool. The last one of `cart-api` is stopped, so that there is a pool with a dead
 * server.
 */
export function niagaInstances(vipNetwork: string): Record<PoolName, WorldInstance[]> {
  const pool = (name: PoolName): WorldInstance[] => {
    const { region, count, from } = pools[name];
    return Array.from({ length: count }, (_, index) => {
      const zone = (index % 2) + 1;
      return instance({
        id: `ins-${name.replace('-', '').slice(0, 6).padEnd(6, '0')}${index + 1}k`,
        name: `${name}-${index + 1}`,
        region,
        zone: `${region}-${zone}`,
        state: name === 'cart-api' && index === 1 ? 'STOPPED' : 'RUNNING',
        // Each zone has its own subnet.
        privateIp: address(vipNetwork, 98 + 2 * zone, from + index),
        ...(withPods.includes(name) &&
          index === 0 && {
            interfaces: [
              {
                id: `eni-${name.replace('-', '').slice(0, 6)}1k`,
                privateIps: [1, 2].map((pod) => address(vipNetwork, 98 + 2 * zone, 150 + from + pod)),
              },
            ],
          }),
      });
    });
  };
  return {
    'shop-web': pool('shop-web'),
    'cart-api': pool('cart-api'),
    'flash-web': pool('flash-web'),
    'checkout-web': pool('checkout-web'),
    'api-web': pool('api-web'),
    'event-web': pool('event-web'),
    'partner-web': pool('partner-web'),
  };
}
