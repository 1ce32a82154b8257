import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';

/** The connection of a client that asks for WebSocket, and what it has sent behind its request. */
export type Tunnel = { readonly socket: Socket; readonly head: Buffer };

/**
 * Hands on requests for WebSocket with the connection that they want for themselves
 * (https://www.rfc-editor.org/rfc/rfc6455#section-4.1). Any other upgrade is a request like all others, as the load
 * balancer has nothing to upgrade to: Java's client asks for h2c with each first request.
 */
export function onUpgrades(
  server: Server | Http2SecureServer,
  onRequest: (request: IncomingMessage, response: ServerResponse, tunnel: Tunnel) => void,
): void {
  // Since Node 24.9 the server asks first (https://github.com/nodejs/node/pull/59824); its types don't say so yet.
  Object.assign(server, { shouldUpgradeCallback: isWebSocket });
  const again = 'setSecureContext' in server ? 'secureConnection' : 'connection';
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (!isWebSocket(request)) {
      // An older Node has taken its parser off: the request is put back without its wish, to be read by a new one.
      socket.unshift(Buffer.concat([headWithoutUpgrade(request), head]));
      server.emit(again, socket);
      return;
    }
    const response = new ServerResponse(request);
    // Of an answer that is none of the handshake: nothing else can follow it here.
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    socket.on('error', () => socket.destroy());
    onRequest(request, response, { socket, head });
  });
}

function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const key = name.toLowerCase();
    if (key === 'upgrade' || key === 'http2-settings') continue;
    const value = rawHeaders[at + 1] ?? '';
    lines.push(`${name}: ${key === 'connection' ? withoutTokens(value) : value}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function withoutTokens(connection: string): string {
  const tokens = connection.split(',').map((token) => token.trim());
  return tokens.filter((token) => !/^(upgrade|http2-settings)$/i.test(token)).join(', ');
}
