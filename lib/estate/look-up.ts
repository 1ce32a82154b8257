import { plainAddress } from './address';
import type {
  DnsRecord,
  DnsZone,
  Estate,
  Instance,
  Listener,
  LoadBalancer,
  Rule,
  ScfFunction,
} from './model';
import type { RecordSetRef, RecordSetState, RuleRef, RuleState } from './object';
import { addressRecordTypes, noRule } from './object';
import type { Owned } from './owner';
import { nameFields } from './target';

/** The load balancer with this id, if the snapshot has it. */
export function findLoadBalancer(estate: Estate, id: string): LoadBalancer | undefined {
  return estate.loadBalancers.find((lb) => lb.id === id);
}

/** The listener with this id, only if it belongs to that load balancer. */
export function findListener(estate: Estate, loadBalancerId: string, id: string): Listener | undefined {
  return estate.listeners.find((l) => l.id === id && l.loadBalancerId === loadBalancerId);
}

/** The rules of one listener. */
export function rulesOf(estate: Estate, listenerId: string): readonly Rule[] {
  return estate.rules.filter((rule) => rule.listenerId === listenerId);
}

/** The rule of a listener that has exactly this domain, among others perhaps, and URL: the cloud allows one. */
export function findRule(
  estate: { readonly rules: readonly Rule[] },
  listenerId: string,
  domain: string,
  url: string,
): Rule | undefined {
  return estate.rules.find((r) => r.listenerId === listenerId && r.url === url && r.domains.includes(domain));
}

/** The function with this name in a region and namespace, of the account that is named, else of the estate's own. */
export function findFunction(
  estate: Estate,
  key: Owned & { region: string; namespace: string; name: string },
): ScfFunction | undefined {
  return estate.functions.find(
    (f) =>
      f.connectionId === key.connectionId &&
      f.region === key.region &&
      f.namespace === key.namespace &&
      f.name === key.name,
  );
}

/** The instance with this id. */
export function findInstance(estate: Estate, id: string | undefined): Instance | undefined {
  return estate.instances.find((instance) => instance.id === id);
}

/** The zone that a host name belongs to: the longest one that it ends in. */
export function zoneOf(estate: Estate, hostName: string): DnsZone | undefined {
  return estate.zones
    .filter((zone) => hostName === zone.name || hostName.endsWith(`.${zone.name}`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** The part of a host name before its zone: `@` at the apex. */
export function subdomainOf(hostName: string, zoneName: string): string {
  return hostName === zoneName ? '@' : hostName.slice(0, -(zoneName.length + 1));
}

/** The host name that a record answers for. */
export function hostNameOf(record: { subdomain: string; zone: string }): string {
  return record.subdomain === '@' ? record.zone : `${record.subdomain}.${record.zone}`;
}

/** A DNS name without its trailing dot, lower-cased: how values are compared. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The records that decide where a host name's traffic goes (A, AAAA, CNAME), of all lines. */
export function addressRecordsOf(estate: Pick<Estate, 'records'>, hostName: string): readonly DnsRecord[] {
  return estate.records.filter((r) => addressRecordTypes.includes(r.type) && hostNameOf(r) === hostName);
}

/** A record that leads to a load balancer. */
export type DnsTarget = { readonly type: 'A' | 'AAAA' | 'CNAME'; readonly value: string };

/**
 * Returns how DNS must name a load balancer: CNAME to its own domain if it has one (its VIPs change), else AAAA to its IPv6 VIP
 * where it is an IPv6 one (clients reach NAT64 by nothing else), else A to its first VIP.
 */
export function dnsTargetOf(loadBalancer: LoadBalancer): DnsTarget | undefined {
  const { domain, addressFamily, ipv6, vips } = loadBalancer;
  if (domain !== null) return { type: 'CNAME', value: plainName(domain) };
  if (addressFamily === 'ipv6-nat64') return ipv6 === null ? undefined : { type: 'AAAA', value: ipv6 };
  const [vip] = vips;
  return vip === undefined ? undefined : { type: 'A', value: vip };
}

/** Returns everything that a load balancer is reached at: its VIPs, its IPv6 address, and the domain that the cloud gave it. */
export function addressesOf({
  vips,
  ipv6,
  domain,
}: Pick<LoadBalancer, 'vips' | 'ipv6' | 'domain'>): string[] {
  const ips = [...vips, ...(ipv6 === null ? [] : [ipv6])].map(plainAddress);
  return domain === null ? ips : [...ips, plainName(domain)];
}

/** Returns where clients connect to a load balancer: its own domain, or an address. */
export function addressOf(loadBalancer: LoadBalancer): string | undefined {
  return loadBalancer.domain ?? dnsTargetOf(loadBalancer)?.value;
}

/**
 * Returns whether a record answers other clients than a target: A and AAAA stand beside each other, each for its family of
 * addresses; a CNAME stands for all (https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2).
 */
export function isOtherFamily(
  { type }: Pick<DnsRecord, 'type'>,
  target: Pick<DnsTarget, 'type'> | undefined,
): boolean {
  return (type === 'A' && target?.type === 'AAAA') || (type === 'AAAA' && target?.type === 'A');
}

/** Whether a record leads to a load balancer. */
export function leadsTo(record: { type: string; value: string }, loadBalancer: LoadBalancer): boolean {
  if (record.type === 'A') return loadBalancer.vips.includes(record.value);
  if (record.type === 'AAAA')
    return loadBalancer.ipv6 !== null && plainAddress(record.value) === plainAddress(loadBalancer.ipv6);
  return (
    record.type === 'CNAME' &&
    loadBalancer.domain !== null &&
    plainName(record.value) === plainName(loadBalancer.domain)
  );
}

/** The comparable state of a rule of the snapshot. */
export function ruleStateOf(rule: Rule | undefined): RuleState {
  if (rule === undefined) return noRule;
  return {
    kind: 'rule',
    exists: true,
    targets: rule.targets.map((t) => ({ ...nameFields(t), port: t.port, weight: t.weight })),
    functions: rule.functions,
  };
}

/** The comparable state of all address records of one name on one line. */
export function recordSetStateOf(estate: Pick<Estate, 'records'>, ref: RecordSetRef): RecordSetState {
  const records = addressRecordsOf(estate, hostNameOf(ref)).filter(
    (r) => r.zone === ref.zone && r.lineId === ref.lineId,
  );
  return {
    kind: 'recordSet',
    records: records.map((r) => ({
      type: r.type,
      value: r.value,
      ttlS: r.ttlS,
      weight: r.weight,
      enabled: r.enabled,
    })),
  };
}

/** The rule of the snapshot that a reference names. */
export function ruleAt(estate: Estate, ref: RuleRef): Rule | undefined {
  return findRule(estate, ref.listenerId, ref.domain, ref.url);
}
