import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentSecurityPolicy } from './content-security-policy';
import { takeTurns } from './take-turns';
import { refuseRequest } from './web-guard';

/** What a client may take of the server, in ms. */
type WebLimits = {
  /** Until the head of a request has come; until all of it has come: the largest import over a slow line. */
  readonly headMs: number;
  readonly requestMs: number;
  /** How often that is looked at. */
  readonly checkMs: number;
  /** Until an orderly stop cuts the connections that are left. */
  readonly stopMs: number;
  /** Connections at a time: 200 streams of changes, and six connections of each of a hundred browsers. */
  readonly connections: number;
  /** Pages that are drawn at a time. One processor draws them, so that more would only take its memory, and time of reads. */
  readonly pagesAtATime: number;
};

const defaults: WebLimits = {
  headMs: 10_000,
  requestMs: 60_000,
  checkMs: 1000,
  stopMs: 1000,
  connections: 1000,
  pagesAtATime: 4,
};

/** Headers of every answer, refusals included. https://owasp.org/www-project-secure-headers/ */
const headers: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), bluetooth=(), midi=()',
};

/** Nothing stands between browser and dashboard, so what proxies say of a request is what its sender made up. */
function dropForwarded(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers))
    if (name === 'forwarded' || name.startsWith('x-forwarded-')) delete request.headers[name];
}

/** Whether a page is asked for. Actions are none: what people have decided does not wait for what they look at. */
function isPage({ method, url = '' }: IncomingMessage): boolean {
  return method === 'GET' && !url.startsWith('/api/') && !url.startsWith('/_next/');
}

export type WebServer = {
  readonly port: number;
  /** Takes nothing more, lets what is being answered end, and cuts what is still open after a second. */
  stop(): Promise<void>;
};

/**
 * Starts the dashboard's HTTP server on 127.0.0.1. It refuses what the dashboard does not serve (`refuseRequest`), before
 * `handle` sees it; it answers no upgrade, and closes connections that are slow to say what they want.
 * @param port 0 = any free one
 */
export async function startWebServer(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  limits: Partial<WebLimits> = {},
): Promise<WebServer> {
  const { headMs, requestMs, checkMs, stopMs, connections, pagesAtATime } = { ...defaults, ...limits };
  const server = createServer({
    headersTimeout: headMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
  });
  server.maxConnections = connections;
  const pages = takeTurns(pagesAtATime);
  // There are no web sockets here; without this, Node would serve such a request as if it had not asked.
  server.on('upgrade', (_request, socket) => socket.destroy());

  server.on('request', (request, response) => {
    // An answer that ends while the server stops leaves a kept connection behind, which would hold the stop up.
    response.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const refusal = refuseRequest(request, (server.address() as AddressInfo).port);
    if (refusal !== null) {
      // What is left of a body is not read.
      response.writeHead(refusal.status, {
        'Content-Type': 'text/plain; charset=utf-8',
        Connection: 'close',
      });
      response.end(`${refusal.text}\n`);
      return;
    }
    dropForwarded(request);
    if (request.url?.startsWith('/api/')) response.setHeader('Cache-Control', 'no-store');
    // Next reads the nonce from the request's policy and puts it on its scripts.
    const policy = contentSecurityPolicy(randomBytes(16).toString('base64'));
    request.headers['content-security-policy'] = policy;
    response.setHeader('Content-Security-Policy', policy);
    if (isPage(request)) pages(response, () => handle(request, response));
    else handle(request, response);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      // Kept connections have nothing more to say; live reads ask again when the server is back.
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), stopMs);
      await closed;
      clearTimeout(cut);
    },
  };
}
