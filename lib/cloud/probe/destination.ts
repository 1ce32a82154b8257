import type { CloudConnection } from '@/lib/cloud/connection';
import type { AddressOwner } from '@/lib/cloud/port';
import {
  type Endpoint,
  isIpAddress,
  isPrivateAddress,
  isPublicAddress,
  isWithinNetwork,
  mappedIpv4,
  plainAddress,
} from '@/lib/estate/address';
import type { HttpProbe } from '@/lib/estate/probe';
import { createDial, type Dial } from './dial';
import { ask, type DnsReply, parseResolver, plainName, systemResolver } from './resolver';
import { NoAnswerError } from './silence';

/*
 * Restricts what untrusted input can make the worker connect to. Switches and plans name addresses, names, ports and
 * resolvers, and third-party name servers answer: none of them may make the worker reach what is near it (metadata
 * services, the database, this machine). A name is resolved once, and the worker connects to the address that was
 * checked.
 */

/**
 * Finds the load balancer that has an address, with data fresh enough to know its listener at a port; null where no
 * account of this worker has the address.
 */
export type AddressOwners = (address: string, port: number) => Promise<AddressOwner | null>;

type Guarded = Pick<CloudConnection, 'dns' | 'resolvers' | 'vipNetwork' | 'portOffset' | 'addresses'>;

/**
 * Returns the resolver for a question: the connection's own, or the one that a Switch names.
 * @throws Error when the named resolver is invalid or must not be queried
 */
export function resolverFor(
  { dns, resolvers, vipNetwork }: Pick<Guarded, 'dns' | 'resolvers' | 'vipNetwork'>,
  named?: string,
): Endpoint {
  const own = dns === null ? systemResolver() : parseResolver(dns);
  if (named === undefined) return own;
  const resolver = parseResolver(named);
  const isOwn = ({ host, port }: Endpoint) => host === resolver.host && port === resolver.port;
  if ([own, ...resolvers.map(parseResolver)].some(isOwn)) return resolver;
  if (vipNetwork !== null)
    throw new Error(`${named} is not the resolver of the sandbox, which alone is asked`);
  if (!isPublicAddress(resolver.host))
    throw new Error(`${named} is not asked: a resolver must have a public address`);
  return resolver;
}

async function addressesOfName(resolver: Endpoint, name: string, deadline: AbortSignal): Promise<DnsReply> {
  const reply = await ask(resolver, name, 'A', { deadline });
  if (reply.answers.some(({ type }) => type === 'A')) return reply;
  const six = await ask(resolver, name, 'AAAA', { deadline });
  return six.answers.some(({ type }) => type === 'AAAA') ? six : reply;
}

const isAddressRecord = ({ type }: { readonly type: string }) => type === 'A' || type === 'AAAA';

type Found = {
  readonly ip: string;
  /** The chain of names, the queried one first; empty if the destination was given as an address. */
  readonly names: readonly string[];
};

async function resolveOnce(probe: HttpProbe, connection: Guarded, deadline: AbortSignal): Promise<Found> {
  if (isIpAddress(probe.address)) return { ip: plainAddress(probe.address), names: [] };
  const resolver = resolverFor(connection, probe.resolver);
  const { answers, rcode } = await addressesOfName(resolver, probe.address, deadline);
  const found = answers.find(isAddressRecord);
  if (found === undefined) {
    const message = `${probe.address} has no address (${rcode})`;
    // The resolver could not reach an authoritative server.
    throw rcode === 'SERVFAIL' ? new NoAnswerError(message) : new Error(message);
  }
  const aliases = answers.filter(({ type }) => type === 'CNAME').map(({ data }) => plainName(data));
  return { ip: plainAddress(found.data), names: [plainName(probe.address), ...aliases] };
}

/**
 * Finds the load balancer that answers at an address: the one that has it, or the one whose own domain resolves to it
 * at the connection's own resolver. The VIPs of a domain change, and another resolver may return anything.
 */
async function findOwner(
  { ip, names }: Found,
  port: number,
  connection: Guarded,
  ownerOf: AddressOwners,
  deadline: AbortSignal,
): Promise<{ readonly owner: AddressOwner; readonly isByAddress: boolean } | null> {
  const byAddress = await ownerOf(ip, port);
  if (byAddress !== null) return { owner: byAddress, isByAddress: true };
  for (const name of names) {
    const owner = await ownerOf(name, port);
    if (owner === null || owner.domain === null) continue;
    const { answers } = await addressesOfName(resolverFor(connection), owner.domain, deadline);
    const isOwn = answers.some((answer) => isAddressRecord(answer) && plainAddress(answer.data) === ip);
    if (isOwn) return { owner, isByAddress: false };
  }
  return null;
}

/** Returns why the range of an address is refused for any owner; null if it is not. */
function refusalOfRange(ip: string, { vipNetwork }: Guarded): string | null {
  if (vipNetwork !== null)
    // An IPv6 address that maps an IPv4 one is dialled at that IPv4 address (`createDial`), such as the sandbox's
    // NAT64.
    return isWithinNetwork(mappedIpv4(ip) ?? ip, vipNetwork)
      ? null
      : `${ip} is not in the network of the sandbox, ${vipNetwork}`;
  return isPublicAddress(ip) || isPrivateAddress(ip)
    ? null
    : `${ip} is neither public nor of a private network`;
}

/**
 * Finds where a probe connects to, and refuses what the accounts of this worker do not own: only VIPs of their load
 * balancers and what their own domains resolve to, at ports of their listeners. A private address must be a VIP of an
 * internal load balancer.
 * @throws Error that names the address and the rule
 */
export async function findDestination(
  probe: HttpProbe,
  connection: Guarded,
  ownerOf: AddressOwners,
  deadline: AbortSignal,
): Promise<{ readonly dial: Dial; readonly owner: AddressOwner }> {
  const found = await resolveOnce(probe, connection, deadline);
  const { ip, names } = found;
  const shown = names.length === 0 ? ip : `${ip}, which ${names[0]} resolves to,`;
  const refusal = refusalOfRange(ip, connection);
  if (refusal !== null) throw new Error(`not connected: ${refusal}`);
  const owned = await findOwner(found, probe.port, connection, ownerOf, deadline);
  if (owned === null)
    throw new Error(`not connected: ${shown} is no address of a load balancer of the account`);
  const { owner, isByAddress } = owned;
  const isInternalVip = isByAddress && owner.network === 'INTERNAL';
  if (connection.vipNetwork === null && isPrivateAddress(ip) && !isInternalVip)
    throw new Error(`not connected: ${shown} is private, and not the VIP of an internal load balancer`);
  if (!owner.ports.includes(probe.port))
    throw new Error(`not connected: ${owner.id} has no listener at port ${probe.port}`);
  return { dial: await createDial(connection, ip, probe.port), owner };
}
