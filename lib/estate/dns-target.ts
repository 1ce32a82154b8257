import { plainAddress } from './address';
import { indexed } from './look-up';
import type { DnsRecord, Estate, LoadBalancer } from './model';

/** Normalizes a DNS name for comparison: lower case, no trailing dot. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** A record that points at a load balancer. */
export type DnsTarget = { readonly type: 'A' | 'AAAA' | 'CNAME'; readonly value: string };

/**
 * Returns the record that points at a load balancer: CNAME to its own domain if it has one (its VIPs change), otherwise
 * AAAA to its IPv6 VIP if it is an IPv6 one (clients can only reach NAT64 that way), otherwise A to its first VIP.
 */
export function getDnsTarget(loadBalancer: LoadBalancer): DnsTarget | undefined {
  const { domain, addressFamily, ipv6, vips } = loadBalancer;
  if (domain !== null) return { type: 'CNAME', value: plainName(domain) };
  if (addressFamily === 'ipv6-nat64') return ipv6 === null ? undefined : { type: 'AAAA', value: ipv6 };
  const [vip] = vips;
  return vip === undefined ? undefined : { type: 'A', value: vip };
}

/** Returns all addresses of a load balancer: its VIPs, its IPv6 address, and the domain that the cloud gave it. */
export function listAddresses({
  vips,
  ipv6,
  domain,
}: Pick<LoadBalancer, 'vips' | 'ipv6' | 'domain'>): string[] {
  const ips = [...vips, ...(ipv6 === null ? [] : [ipv6])].map(plainAddress);
  return domain === null ? ips : [...ips, plainName(domain)];
}

/** Returns the address where clients connect to a load balancer: its own domain, or an IP address. */
export function getAddress(loadBalancer: LoadBalancer): string | undefined {
  return loadBalancer.domain ?? getDnsTarget(loadBalancer)?.value;
}

/**
 * Returns whether a record answers other clients than a target. A and AAAA coexist, each for its address family; a
 * CNAME covers all (https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2).
 */
export function isOtherFamily(
  { type }: Pick<DnsRecord, 'type'>,
  target: Pick<DnsTarget, 'type'> | undefined,
): boolean {
  return (type === 'A' && target?.type === 'AAAA') || (type === 'AAAA' && target?.type === 'A');
}

/** Returns whether a record points at a load balancer. */
export function leadsTo(
  record: { readonly type: string; readonly value: string },
  loadBalancer: Pick<LoadBalancer, 'vips' | 'ipv6' | 'domain'>,
): boolean {
  if (record.type === 'A') return loadBalancer.vips.includes(record.value);
  if (record.type === 'AAAA')
    return loadBalancer.ipv6 !== null && plainAddress(record.value) === plainAddress(loadBalancer.ipv6);
  return (
    record.type === 'CNAME' &&
    loadBalancer.domain !== null &&
    plainName(record.value) === plainName(loadBalancer.domain)
  );
}

const loadBalancersByAddress = indexed((balancer: LoadBalancer) => listAddresses(balancer));

/** Returns the load balancers that a record points at. */
export function listLedTo(
  { loadBalancers }: Pick<Estate, 'loadBalancers'>,
  record: Pick<DnsRecord, 'type' | 'value'>,
): readonly LoadBalancer[] {
  const { type, value } = record;
  const address = type === 'CNAME' ? plainName(value) : plainAddress(value);
  return loadBalancersByAddress(loadBalancers, address).filter((balancer) => leadsTo(record, balancer));
}
