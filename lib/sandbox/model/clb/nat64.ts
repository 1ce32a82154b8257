import type { WorldLoadBalancer } from '@/lib/sandbox/world/clb';

/**
 * Returns the IPv6 VIP of a NAT64 instance: the IPv4-mapped form of the address at which the data plane serves it, so
 * that a client which follows its AAAA record reaches it. The real cloud uses addresses of its carriers.
 */
export function nat64Address(vip: string): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = vip.split('.').map(Number);
  // In the form used everywhere for addresses (RFC 5952), so that they can be compared as text.
  const words = [(first << 8) | second, (third << 8) | fourth];
  return `::ffff:${words.map((word) => word.toString(16)).join(':')}`;
}

/** Returns the VIPs that clients see: NAT64 has an IPv6 one; the IPv4 address behind it exists only in the sandbox. */
export function clientVips({
  vips,
  ipv6,
  ipv6Mode,
}: Pick<WorldLoadBalancer, 'vips' | 'ipv6' | 'ipv6Mode'>): string[] {
  return ipv6Mode === 'IPv6Nat64' && ipv6 !== null ? [ipv6] : vips;
}
