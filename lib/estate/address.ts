import ipaddr from 'ipaddr.js';

/** An IP address with a port: where a packet may be sent. */
export type Endpoint = { readonly host: string; readonly port: number };

/** Longer than any address with brackets and a port. Checked first, so that no parser ever sees more. */
const textMax = 64;

/**
 * Parses an IPv4 address in four decimal parts or an IPv6 address without a zone. Rejects other forms of IPv4 (`127.1`,
 * octal, hexadecimal), because programs disagree on what they mean.
 * https://datatracker.ietf.org/doc/html/rfc6943#section-3.1.1
 */
function parseIp(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (text.length > textMax) return null;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return null;
  return ipaddr.IPv6.parse(text);
}

/** Returns whether a text is one IPv4 or IPv6 address and nothing else. */
export function isIpAddress(text: string): boolean {
  return parseIp(text) !== null;
}

/** Normalizes an address, so that two spellings of it compare equal; returns any other text unchanged. */
export function plainAddress(text: string): string {
  // An IPv4 address that `parseIp` accepts has one spelling only.
  return text.includes(':') ? (parseIp(text)?.toString() ?? text) : text;
}

/** Returns the IPv4 address that an IPv6 address maps (`::ffff:…`, RFC 4291 §2.5.5.2); null where it maps none. */
export function mappedIpv4(text: string): string | null {
  const address = parseIp(text);
  if (address === null || !('isIPv4MappedAddress' in address) || !address.isIPv4MappedAddress()) return null;
  return address.toIPv4Address().toString();
}

function parsePort(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : null;
}

/**
 * Parses `ip`, `ip:port`, `ip6` or `[ip6]:port`.
 * @param defaultPort used where the text names none
 * @returns null for anything else; the port is 1 to 65535
 */
export function parseEndpoint(text: string, defaultPort: number): Endpoint | null {
  if (text.length > textMax) return null;
  if (parseIp(text) !== null) return { host: text, port: defaultPort };
  const colon = text.lastIndexOf(':');
  const port = colon < 0 ? null : parsePort(text.slice(colon + 1));
  if (port === null) return null;
  const before = text.slice(0, colon);
  const isBracketed = before.startsWith('[') && before.endsWith(']');
  const host = isBracketed ? before.slice(1, -1) : before;
  // An IPv6 address without brackets has no place for a port.
  const isRead = parseIp(host)?.kind() === (isBracketed ? 'ipv6' : 'ipv4');
  return isRead ? { host, port } : null;
}

/** Global unicast, the only part of IPv6 that is allocated. https://www.iana.org/assignments/ipv6-address-space */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * Returns whether an address belongs to the public internet: not private, link-local (so no metadata service),
 * loopback, multicast, shared by a carrier (CGNAT) or reserved, and not an IPv6 address that wraps an IPv4 one (mapped,
 * NAT64, 6to4, Teredo). https://www.iana.org/assignments/iana-ipv4-special-registry
 */
export function isPublicAddress(text: string): boolean {
  const ip = parseIp(text);
  if (ip === null || ip.range() !== 'unicast') return false;
  return ip.kind() === 'ipv4' || ip.match(globalUnicast);
}

/**
 * Returns whether an address belongs to a private network, as the VIPs of internal load balancers do. RFC 1918, RFC
 * 4193
 */
export function isPrivateAddress(text: string): boolean {
  const range = parseIp(text)?.range();
  return range === 'private' || range === 'uniqueLocal';
}

/** Returns whether an address is this machine's own. */
export function isLoopbackAddress(text: string): boolean {
  return parseIp(text)?.range() === 'loopback';
}

/** Returns whether an IPv4 address lies within a network such as `127.77.0.0/16`. */
export function isWithinNetwork(text: string, network: string): boolean {
  const ip = parseIp(text);
  return ip?.kind() === 'ipv4' && ip.match(ipaddr.IPv4.parseCIDR(network));
}

/** Returns whether a text is an IPv4 network such as `127.77.0.0/16`. */
export function isNetwork(text: string): boolean {
  return text.length <= textMax && ipaddr.IPv4.isValidCIDRFourPartDecimal(text);
}
