import { Agent, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { STATUS_BACKEND_TIMEOUT, STATUS_CONNECT_FAILED } from './assumptions';
import { sendErrorPage } from './error-page';
import { endToEndHeaders, type HeaderList } from './forwarding-headers';
import type { Address } from './listen-loopback';

/** One connection per request: a kept one that the target just closed would be a 502 that nobody caused. */
const agent = new Agent({ keepAlive: false });

/**
 * Sends the request on to a target and its answer back, both bodies streamed. The Host stays the client's.
 * No connection → 502; silence for `readTimeoutMs` → 504; a target that breaks off in its answer breaks the client's.
 */
export function proxyRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { target, headers, readTimeoutMs }: { target: Address; headers: HeaderList; readTimeoutMs: number },
): void {
  const chunked = request.headers['transfer-encoding'] !== undefined;
  const outgoing = sendRequest({
    host: target.host,
    port: target.port,
    method: request.method,
    path: request.url,
    agent,
    setHost: false,
    headers: [...headers, ...(chunked ? [['Transfer-Encoding', 'chunked'] as const] : [])].flat(),
  });

  outgoing.setTimeout(readTimeoutMs, () => {
    sendErrorPage(response, STATUS_BACKEND_TIMEOUT);
    outgoing.destroy();
  });
  outgoing.on('error', () => {
    if (!response.writableEnded) sendErrorPage(response, STATUS_CONNECT_FAILED);
    request.resume();
  });
  outgoing.on('response', (incoming) => {
    if (response.headersSent) return;
    response.writeHead(
      incoming.statusCode ?? STATUS_CONNECT_FAILED,
      endToEndHeaders(incoming.rawHeaders, incoming.headers.connection).flat(),
    );
    incoming.on('error', () => response.destroy());
    incoming.pipe(response);
  });
  response.on('close', () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  request.pipe(outgoing);
}
