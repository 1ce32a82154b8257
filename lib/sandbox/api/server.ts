import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { maxBodyBytes } from './body-form';
import { type HandleDeps, handle } from './handle';
import { type ForeignRequest, foreignRequest } from './local-request';
import type { ApiRequest } from './request';

/** A server that is open on loopback. */
export type OpenServer = { readonly port: number; stop(): Promise<void> };

/** Reads a body; stops one byte after the limit, so that `handle` can tell that it is too long. */
export function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      if (size <= maxBytes) chunks.push(chunk);
      size += chunk.byteLength;
    });
    message.on('end', () => {
      const [first] = chunks;
      const whole = first && chunks.length === 1 ? first : Buffer.concat(chunks);
      resolve(whole.subarray(0, maxBytes + 1));
    });
    message.on('error', reject);
  });
}

function apiRequest(message: IncomingMessage, body: Buffer): ApiRequest {
  const [path = '/', query = ''] = (message.url ?? '/').split('?', 2);
  const headers: Record<string, string | undefined> = {};
  for (const name in message.headers) {
    const value = message.headers[name];
    headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  const from = message.socket.remoteAddress ?? '';
  return { method: message.method ?? '', path, query, headers, body, from };
}

/** Sends with the content length: otherwise Node sends chunks, which costs both sides more. */
function send(response: ServerResponse, status: number, type: string, text: string): void {
  const length = Buffer.byteLength(text);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': length }).end(text);
}

/**
 * Refuses a request before a byte of the body is read. Closes the connection, because anything else on it comes from
 * the same sender.
 */
function refuse(response: ServerResponse, { status, reason }: ForeignRequest): void {
  const code = status === 403 ? 'AuthFailure.UnauthorizedOperation' : 'InvalidRequest';
  const body = { Response: { Error: { Code: code, Message: reason }, RequestId: randomUUID() } };
  response.setHeader('Connection', 'close');
  send(response, status, 'application/json', JSON.stringify(body));
}

async function answer(message: IncomingMessage, response: ServerResponse, deps: HandleDeps): Promise<void> {
  const reply = await handle(apiRequest(message, await readBody(message, maxBodyBytes)), deps);
  switch (reply.kind) {
    case 'lost':
      message.socket.destroy();
      return;
    case 'page':
      return send(response, reply.status, 'text/html', reply.html);
    case 'answer':
      // Exactly this type: with a charset appended, official Python clients don't see errors.
      return send(response, 200, 'application/json', reply.json);
  }
}

/** Listens on 127.0.0.1 only. @param port 0 = any free one. */
export function listenForCalls(server: Server | TlsServer, port: number): Promise<OpenServer> {
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

/** Fits a query of the size that the cloud accepts (`body-form.ts`), with other headers. In bytes. */
const maxHeaderSize = 64 * 1024;

function answering(deps: HandleDeps, acceptHosts: readonly string[]): RequestListener {
  return (message, response) => {
    const foreign = foreignRequest(message, acceptHosts);
    if (foreign !== null) {
      deps.log.info({ reason: foreign.reason }, 'refused');
      refuse(response, foreign);
      return;
    }
    answer(message, response, deps).catch((error: unknown) => {
      deps.log.error({ err: error }, 'request broke off');
      message.socket.destroy();
    });
  };
}

/**
 * Opens the sandbox's API endpoint.
 * @param pair certificate and key as PEM: over TLS, for clients that don't support plain HTTP
 * @param acceptHosts as in `foreignRequest`
 */
export function startApiServer(
  port: number,
  deps: HandleDeps,
  acceptHosts: readonly string[] = [],
  pair?: { readonly certificate: string; readonly key: string },
): Promise<OpenServer> {
  const listener = answering(deps, acceptHosts);
  const server = pair
    ? createTlsServer({ cert: pair.certificate, key: pair.key, maxHeaderSize }, listener)
    : createServer({ maxHeaderSize }, listener);
  return listenForCalls(server, port);
}
