import { lookup } from 'node:dns';
import { once } from 'node:events';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { isIpAddress, isPublicAddress } from '@/lib/estate/address';

/** The target of a channel is refused: trying again does not help. Its message names the host and the rule. */
export class RefusedTargetError extends Error {
  override readonly name = 'RefusedTargetError';
}

const refusal = (host: string, address: string) =>
  new RefusedTargetError(
    `${host === address ? host : `${host} (${address})`} is no public address; an administrator can allow the host with SPILLWAY_ALERT_PRIVATE_HOSTS`,
  );

/**
 * Resolves a name as the connection is made, and refuses it if any of its addresses is not public: what was checked is what is
 * connected to.
 */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '', 0);
    const wrong = found.find(({ address }) => !isPublicAddress(address));
    const [first] = found;
    if (wrong !== undefined) return callback(refusal(hostname, wrong.address), '', 0);
    if (first === undefined) return callback(new Error(`${hostname} has no address`), '', 0);
    return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
  });
};

/**
 * Returns the option with which a connection to a host reaches public addresses only.
 * @param hostname as in an address: an IPv6 address in brackets
 * @param privateHosts the hosts that may have any address
 * @throws RefusedTargetError if it is an address that is not public
 */
export function publicOnly(hostname: string, privateHosts: readonly string[]): { lookup?: LookupFunction } {
  if (privateHosts.includes(hostname)) return {};
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIpAddress(host) && !isPublicAddress(host)) throw refusal(host, host);
  return { lookup: publicLookup };
}

/**
 * Opens a TCP connection to a public address.
 * @throws RefusedTargetError if the host may not be connected to; Error if there is no connection in time
 */
export async function connectPublic(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  privateHosts: readonly string[],
  timeoutMs: number,
): Promise<Socket> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port, ...publicOnly(hostname, privateHosts) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
