import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HandleDeps, handle, maxBodyBytes } from './handle';
import type { ApiRequest } from './request';

/** A server that is open on loopback. */
export type OpenServer = { readonly port: number; stop(): Promise<void> };

/** Reads a body; stops one byte after the limit, so that `handle` sees that it is too long. */
export async function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes: Buffer = chunk;
    if (size <= maxBytes) chunks.push(bytes);
    size += bytes.byteLength;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes + 1);
}

function apiRequest(message: IncomingMessage, body: Buffer): ApiRequest {
  const [path = '/', query = ''] = (message.url ?? '/').split('?', 2);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
  const from = message.socket.remoteAddress ?? '';
  return { method: message.method ?? '', path, query, headers, body, from };
}

async function answer(message: IncomingMessage, response: ServerResponse, deps: HandleDeps): Promise<void> {
  const reply = await handle(apiRequest(message, await readBody(message, maxBodyBytes)), deps);
  if (reply.kind === 'lost') {
    message.socket.destroy();
    return;
  }
  if (reply.kind === 'page') {
    response.writeHead(reply.status, { 'Content-Type': 'text/html' }).end(reply.html);
    return;
  }
  // Exactly this type: with a charset behind it, official Python clients don't see errors.
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(reply.json);
}

/** Listens on 127.0.0.1 alone. @param port 0 = any free one. */
export function listen(server: Server, port: number): Promise<OpenServer> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: real } = server.address() as AddressInfo;
      const stop = () =>
        new Promise<void>((done, failed) => {
          server.close((error) => (error ? failed(error) : done()));
          server.closeAllConnections();
        });
      resolve({ port: real, stop });
    });
  });
}

/** Opens the sandbox's API endpoint. */
export function startApiServer(port: number, deps: HandleDeps): Promise<OpenServer> {
  const server = createServer((message, response) => {
    answer(message, response, deps).catch((error: unknown) => {
      deps.log.error({ err: error }, 'request broke off');
      message.socket.destroy();
    });
  });
  return listen(server, port);
}
