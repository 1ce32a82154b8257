import { buildConnector } from 'undici';
import { isLoopbackAddress } from '@/lib/estate/address';

/** Thrown instead of connecting to an address that is not this machine's own. */
class NotLoopbackError extends Error {
  readonly code = 'NOT_LOOPBACK';

  constructor(host: string) {
    super(`not connected: ${host} is not a loopback address, and a rehearsal sends requests to no other`);
  }
}

const connectMs = 5000;

/**
 * Creates the connector of the clients of a rehearsal: it connects to loopback addresses only.
 * @param authority the certificate (PEM) that signs those of the listeners
 * @param onConnection called for each connection that was opened, with the time that it took, in ms
 */
export function loopbackConnector(
  { serverName, authority }: { readonly serverName: string; readonly authority: string },
  onConnection: (tookMs: number, isTls: boolean) => void,
): buildConnector.connector {
  const connect = buildConnector({
    timeout: connectMs,
    ca: authority,
    servername: serverName,
    // Each connection shows a whole handshake.
    maxCachedSessions: 0,
  });
  return (options, done) => {
    if (!isLoopbackAddress(options.hostname)) {
      done(new NotLoopbackError(options.hostname), null);
      return;
    }
    const startedAt = performance.now();
    connect({ ...options, servername: serverName }, (...result) => {
      if (result[0] === null) onConnection(performance.now() - startedAt, options.protocol === 'https:');
      done(...result);
    });
  };
}
