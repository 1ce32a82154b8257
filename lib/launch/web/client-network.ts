import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';
import { clientAddressHeader } from '@/lib/server/request-actor';

/** Decides which connections are accepted, and finds the client of a request. */
export type ClientNetwork = {
  /** Returns whether a connection without TLS may come from this address: from this machine, or a trusted proxy. */
  readonly isNear: (address: string | undefined) => boolean;
  /**
   * Writes the client's address into the request, for everything that limits or records it. Removes the headers of
   * proxies: those of others can be forged.
   */
  readonly nameClient: (request: IncomingMessage) => void;
};

/** @param proxies addresses and networks of trusted proxies */
export function createClientNetwork(proxies: readonly string[]): ClientNetwork {
  const isProxy = proxyAddress.compile([...proxies]);
  const isLocal = proxyAddress.compile('loopback');
  return {
    isNear: (address) => address !== undefined && (isLocal(address, 0) || isProxy(address, 0)),
    nameClient(request) {
      // The last address before the trusted proxies: what a client writes into the header itself comes before it.
      const address = proxyAddress(request, isProxy);
      for (const name of Object.keys(request.headers))
        if (name === 'forwarded' || name.startsWith('x-forwarded-')) delete request.headers[name];
      request.headers[clientAddressHeader] = address;
    },
  };
}
