import { nat64Address } from '../model/clb/nat64';
import type { WorldListener, WorldLoadBalancer, WorldRule, WorldTarget } from '../world/clb';
import type { WorldInstance } from '../world/network';
import { address, instance, listener, loadBalancer, oneWay, podTargets, seedRule, targets } from './parts';

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
type PoolName = keyof typeof pools;

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

/** Returns the VIPs by load balancer; the DNS records use them too. */
export function niagaVips(vipNetwork: string) {
  const vip = (fourth: number) => address(vipNetwork, 1, fourth);
  return {
    jktShop: vip(10),
    jktCheckout: vip(11),
    sinFlash: vip(20),
    sinCheckout: vip(21),
    sinApi: vip(22),
    sinClassic: vip(23),
    sinMobile: vip(24),
    sinMedia: vip(25),
    gzPartner: vip(30),
    gzOld: vip(31),
  };
}

/** The domain name of the domain-named load balancer. */
export const mediaDomain = 'lb-h6p1t9vd-x7u3ka2m.clb.sg-tencentclb.com';

/**
 * Returns the shop's load balancers: in Jakarta with servers only, in Singapore able to bind functions, two older ones
 * in Guangzhou.
 */
export function niagaLoadBalancers(vipNetwork: string, createdAt: number): WorldLoadBalancer[] {
  const vips = niagaVips(vipNetwork);
  const pools = niagaInstances(vipNetwork);
  const parts: ShopParts = {
    vips,
    pools,
    createdAt,
    pool: (name) => targets(pools[name], 8080, createdAt),
    ...numberedParts(createdAt),
  };
  return [...jakartaLoadBalancers(parts), ...singaporeLoadBalancers(parts), ...guangzhouLoadBalancers(parts)];
}

type ShopParts = ReturnType<typeof numberedParts> & {
  readonly vips: ReturnType<typeof niagaVips>;
  readonly pools: ReturnType<typeof niagaInstances>;
  readonly createdAt: number;
  /** Returns the targets of a pool of servers. */
  readonly pool: (name: PoolName) => WorldTarget[];
};

/** Returns builders that number rules and listeners in the order in which they are built. */
function numberedParts(createdAt: number) {
  let ruleNumber = 0;
  const on = (domain: string, more: Partial<WorldRule> = {}): WorldRule => {
    ruleNumber += 1;
    return seedRule({
      id: `loc-n${String(ruleNumber).padStart(2, '0')}w4e8k`,
      domain,
      createdAt: createdAt + ruleNumber * 1000,
      ...more,
    });
  };
  let listenerNumber = 0;
  const open = (
    protocol: WorldListener['protocol'],
    port: number,
    more: Partial<WorldListener> = {},
  ): WorldListener => {
    listenerNumber += 1;
    const [first, ...others] = more.rules ?? [];
    const rules = first ? [{ ...first, isDefault: true }, ...others] : [];
    return listener({
      id: `lbl-n${String(listenerNumber).padStart(2, '0')}q7r3t`,
      protocol,
      port,
      createdAt,
      ...more,
      rules,
    });
  };
  return { on, open };
}

function jakartaLoadBalancers({ vips, createdAt, pool, on, open }: ShopParts): WorldLoadBalancer[] {
  const shopRules = () => [
    on('shop.example.co.id', { targets: pool('shop-web') }),
    on('shop.example.co.id', { url: '/cart', targets: pool('cart-api') }),
    on('flash.example.co.id', { targets: pool('flash-web') }),
  ];
  const checkoutRules = (more: Partial<WorldRule> = {}) => [
    on('checkout.example.co.id', { targets: pool('checkout-web'), ...more }),
  ];
  return [
    loadBalancer({
      id: 'lb-3n9x0v2k',
      name: 'lb-jkt-shop',
      region: 'ap-jakarta',
      vips: [vips.jktShop],
      createdAt,
      deleteProtected: true,
      slaType: 'clb.c3.small',
      listeners: [open('HTTP', 80, { rules: shopRules() }), open('HTTPS', 443, { rules: shopRules() })],
    }),
    loadBalancer({
      id: 'lb-8f4t6b1z',
      name: 'lb-jkt-checkout',
      region: 'ap-jakarta',
      vips: [vips.jktCheckout],
      createdAt,
      listeners: [
        open('HTTP', 80, { rules: checkoutRules() }),
        open('HTTPS', 443, { sni: true, rules: checkoutRules({ certificate: oneWay('cert8Kq2x') }) }),
      ],
    }),
  ];
}

function singaporeLoadBalancers({ vips, createdAt, pool, on, open }: ShopParts): WorldLoadBalancer[] {
  const boundFunction = {
    namespace: 'flash',
    name: 'checkout',
    qualifier: '1',
    qualifierType: 'VERSION' as const,
    weight: 10,
  };
  return [
    loadBalancer({
      id: 'lb-q7w2m5rc',
      name: 'lb-sin-flash',
      region: 'ap-singapore',
      vips: [vips.sinFlash],
      createdAt,
      listeners: [
        open('HTTP', 80, {
          rules: [on('event.example.co.id', { targets: pool('event-web') }), on('teaser.example.co.id')],
        }),
        open('HTTPS', 443, {
          rules: [
            on('event.example.co.id', { targets: pool('event-web') }),
            on('app.example.co.id', { quic: true }),
          ],
        }),
        open('TCP', 9000, { targets: pool('event-web') }),
      ],
    }),
    loadBalancer({
      id: 'lb-d0k8y3pn',
      name: 'lb-sin-checkout',
      region: 'ap-singapore',
      vips: [vips.sinCheckout],
      createdAt,
      listeners: [
        open('HTTP', 80, { rules: [on('checkout.example.co.id', { functions: [boundFunction] })] }),
      ],
    }),
    loadBalancer({
      id: 'lb-5m1c7h4e',
      name: 'lb-sin-api',
      region: 'ap-singapore',
      vips: [vips.sinApi],
      createdAt,
      listeners: [
        open('HTTP', 80, { rules: [on('api.example.co.id', { targets: pool('api-web') })] }),
        open('QUIC', 443, { targets: pool('api-web') }),
      ],
    }),
    loadBalancer({
      id: 'lb-c2z5j8sy',
      name: 'lb-sin-classic',
      region: 'ap-singapore',
      vips: [vips.sinClassic],
      forward: 0,
      createdAt,
      listeners: [
        open('HTTP', 80, {
          rules: [on('www.example.co.id', { targets: pool('api-web') }), on('flash.example.co.id')],
        }),
      ],
    }),
    loadBalancer({
      id: 'lb-v6m0b4xe',
      name: 'lb-sin-mobile',
      region: 'ap-singapore',
      vips: [vips.sinMobile],
      createdAt,
      ipVersion: 'ipv6',
      ipv6Mode: 'IPv6FullChain',
      ipv6: '2001:db8:1:61::24',
      listeners: [
        open('HTTP', 80, {
          rules: [on('m.example.co.id', { targets: pool('api-web') }), on('flash.example.co.id')],
        }),
      ],
    }),
    loadBalancer({
      id: 'lb-h6p1t9vd',
      name: 'lb-sin-media',
      region: 'ap-singapore',
      vips: [vips.sinMedia],
      domain: mediaDomain,
      createdAt,
      listeners: [
        open('HTTP', 80, {
          rules: [
            on('media.example.co.id', { targets: pool('event-web') }),
            on('live.example.co.id', { furtherDomains: ['stream.example.co.id'] }),
          ],
        }),
      ],
    }),
  ];
}

function guangzhouLoadBalancers({ vips, pools, createdAt, pool, on, open }: ShopParts): WorldLoadBalancer[] {
  return [
    loadBalancer({
      id: 'lb-g9n3a7fu',
      name: 'lb-gz-partner',
      region: 'ap-guangzhou',
      vips: [vips.gzPartner],
      createdAt,
      ipVersion: 'ipv6',
      ipv6Mode: 'IPv6Nat64',
      ipv6: nat64Address(vips.gzPartner),
      listeners: [
        open('HTTP', 80, {
          rules: [
            // Bound by address, as an ingress of Kubernetes binds pods.
            on('partner.example.co.id', {
              targets: pools['partner-web'].flatMap((node) => podTargets(node, 8080, createdAt)),
            }),
            on('promo.example.co.id'),
          ],
        }),
      ],
    }),
    loadBalancer({
      id: 'lb-k1s4d6ow',
      name: 'lb-gz-old',
      region: 'ap-guangzhou',
      vips: [vips.gzOld],
      vpcId: '0',
      createdAt,
      listeners: [
        open('HTTP', 80, {
          rules: [on('old.example.co.id', { targets: pool('partner-web') }), on('flash.example.co.id')],
        }),
      ],
    }),
  ];
}
