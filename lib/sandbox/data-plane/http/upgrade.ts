import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';

/** The connection of a client that requests WebSocket, and the bytes that it sent after its request. */
export type Tunnel = { readonly socket: Socket; readonly head: Buffer };

/**
 * Passes on requests for WebSocket with their connection (https://www.rfc-editor.org/rfc/rfc6455#section-4.1). Any
 * other upgrade is handled as a normal request, because the load balancer has nothing to upgrade to: Java's client
 * requests h2c with each first request.
 */
export function onUpgrades(
  server: Server | Http2SecureServer,
  onRequest: (request: IncomingMessage, response: ServerResponse, tunnel: Tunnel) => void,
): void {
  // Since Node 24.9 the server calls this first (https://github.com/nodejs/node/pull/59824); its types don't declare it
  // yet.
  Object.assign(server, { shouldUpgradeCallback: isWebSocket });
  const again = 'setSecureContext' in server ? 'secureConnection' : 'connection';
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (!isWebSocket(request)) {
      // An older Node has detached its parser: the request is replayed without its upgrade header, for a new parser.
      socket.unshift(Buffer.concat([headWithoutUpgrade(request), head]));
      server.emit(again, socket);
      return;
    }
    const response = new ServerResponse(request);
    // After a response that is not the handshake, nothing else can follow on this connection.
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
