import { BlockList, isIPv4 } from 'node:net';
import { effectiveConfig } from '@/lib/sandbox/model/clb/custom-config';
import type { ParsedCustomConfig } from '@/lib/sandbox/model/clb/custom-config-directives';
import type { WorldListener, WorldLoadBalancer, WorldRule } from '@/lib/sandbox/world/clb';
import type { AccountWorld, World } from '@/lib/sandbox/world/world';
import { compileMatcher, type Match, type Matcher } from './match';
import { type RuleMemory, ServedRule } from './served-rule';

/** One HTTP or HTTPS listener at one VIP. */
export type SiteKey = {
  readonly vip: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly uin: string;
  readonly loadBalancerId: string;
  readonly listenerId: string;
  /** True if the listener or one of its domains requests client certificates. */
  readonly asksClients: boolean;
};

/** Returns the stable name of a site. A listener that is deleted and created again is another site. */
export function siteName(key: SiteKey): string {
  const { vip, port, uin, loadBalancerId, listenerId, asksClients } = key;
  return `${vip}:${port}/${uin}/${loadBalancerId}/${listenerId}${asksClients ? '/mutual' : ''}`;
}

/**
 * Returns every site that the data plane serves: HTTP and HTTPS listeners of running load balancers, classic ones
 * included, at their IPv4 VIPs within the network (a NAT64 instance answers there too). IPv6FullChain instances have no
 * IPv4 side; isolated, blocked and stopped ones accept no traffic (that they refuse connections is an assumption).
 */
export function servedSites(world: World, vipNetwork: string): SiteKey[] {
  const network = parseNetwork(vipNetwork);
  return Object.values(world.accounts).flatMap(({ uin, loadBalancers }) =>
    Object.values(loadBalancers)
      .filter(takesTraffic)
      .flatMap((balancer) => {
        const vips = balancer.vips.filter((vip) => isIPv4(vip) && network.check(vip));
        return balancer.listeners.flatMap((listener) => {
          const { id, port, protocol, stopped } = listener;
          if (stopped || (protocol !== 'HTTP' && protocol !== 'HTTPS')) return [];
          const asksClients = asksForCertificates(listener);
          const of = { port, protocol, uin, loadBalancerId: balancer.id, listenerId: id, asksClients };
          return vips.map((vip) => ({ vip, ...of }));
        });
      }),
  );
}

function takesTraffic(balancer: WorldLoadBalancer): boolean {
  const { status, isolated, blocked, stopped, ipv6Mode } = balancer;
  return status === 1 && !isolated && !blocked && !stopped && ipv6Mode !== 'IPv6FullChain';
}

function asksForCertificates({ certificate, sni, rules }: WorldListener): boolean {
  if (certificate?.mode === 'MUTUAL') return true;
  return sni && rules.some((rule) => rule.certificate?.mode === 'MUTUAL');
}

/** The objects behind a site, prepared for frequent use; valid until the sandbox data changes. */
export type Site = {
  readonly key: SiteKey;
  readonly account: AccountWorld;
  readonly loadBalancer: WorldLoadBalancer;
  readonly listener: WorldListener;
  /** The settings of connections, before a rule is known. */
  readonly config: ParsedCustomConfig;
  match(host: string, target: string): Match<WorldRule>;
  rulesOf(name: string): readonly WorldRule[];
  served(rule: WorldRule): ServedRule;
};

/**
 * Reads a site from the current sandbox data; null when it was deleted or accepts no traffic. `memoryOf` returns the
 * state kept for rules.
 */
export function readSite(world: World, key: SiteKey, memoryOf: (name: string) => RuleMemory): Site | null {
  const account = world.accounts[key.uin];
  const loadBalancer = account?.loadBalancers[key.loadBalancerId];
  const listener = loadBalancer?.listeners.find((candidate) => candidate.id === key.listenerId);
  if (!account || !loadBalancer || !listener || listener.stopped || !takesTraffic(loadBalancer)) return null;
  const place = { loadBalancerId: loadBalancer.id, listenerId: listener.id };
  // Compiled on first use: the sandbox data changes more often than most listeners are requested.
  let compiled: Matcher<WorldRule> | null = null;
  const matcher = () => {
    compiled ??= compileMatcher(listener.rules);
    return compiled;
  };
  const served = new Map<WorldRule, ServedRule>();
  return {
    key,
    account,
    loadBalancer,
    listener,
    config: effectiveConfig(account, place, { id: '', domain: '', furtherDomains: [] }),
    match: (host, target) => matcher().match(host, target),
    rulesOf: (name) => matcher().rulesOf(name),
    served(rule) {
      const known = served.get(rule);
      if (known !== undefined) return known;
      const memory = memoryOf(`${account.uin}/${loadBalancer.id}/${rule.id}`);
      const made = new ServedRule(account, rule, effectiveConfig(account, place, rule), memory);
      served.set(rule, made);
      return made;
    },
  };
}

/** Parses `127.80.0.0/16` into a check; throws on anything else, because settings were validated before. */
function parseNetwork(cidr: string): BlockList {
  const [address = '', bits = ''] = cidr.split('/');
  const network = new BlockList();
  network.addSubnet(address, Number(bits), 'ipv4');
  return network;
}
