import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { writeProblem } from '@/lib/contract/problem';
import { err, type Result } from '@/lib/result';
import { routes } from '@/lib/routes';
import type { TokenRefusal } from '@/lib/server/auth/identify-token';
import { actAs, type Caller, describeCaller, localIdentity } from '@/lib/server/request-actor';
import { createClientNetwork } from './client-network';
import { isSignIn, limitSignIns } from './limit-sign-ins';
import { followTlsFiles, readTlsFiles, type TlsFiles } from './tls-files';
import { bearerToken, isOpen, navigatedPage, refuseRequest } from './web-guard';

/** The limits of a client, in ms. */
type WebLimits = {
  /** The time limits for the head of a request and for all of it, such as the largest import over a slow connection. */
  readonly headMs: number;
  readonly requestMs: number;
  /** The interval between checks of those limits. */
  readonly checkMs: number;
  /** The time after which an orderly stop closes the remaining connections. */
  readonly stopMs: number;
  /** Concurrent connections: 200 streams of changes, and six connections for each of a hundred browsers. */
  readonly connections: number;
  /** Pages rendered at a time. One processor renders them, so more would only use its memory and delay reads. */
  readonly pagesAtATime: number;
  /** Sign-ins at a time of people without a session: one address, which has ten attempts a minute, can't take all. */
  readonly signInsAtATime: number;
  /** The time limit for the body of such a sign-in. */
  readonly signInBodyMs: number;
};

const defaults: WebLimits = {
  headMs: 10_000,
  requestMs: 60_000,
  checkMs: 1000,
  stopMs: 1000,
  connections: 1000,
  pagesAtATime: 4,
  signInsAtATime: 11,
  signInBodyMs: 5000,
};

/** The headers of every response, including refusals. https://owasp.org/www-project-secure-headers/ */
const headers: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), bluetooth=(), midi=()',
};

/** Returns whether a request is for a page. Server actions are not: a person's command must not wait for page loads. */
function isPage({ method, url = '' }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && !url.startsWith('/api/') && !url.startsWith('/_next/');
}

/** The ways in which the sender of a request is found. */
export type Identification = {
  /** Returns who sent a request, by its session. Absent: there is no sign-in. */
  readonly session?: (request: IncomingMessage) => Promise<Caller>;
  /** Returns the caller with an API token, with or without sign-in. */
  readonly token: (token: string, request: IncomingMessage) => Promise<Result<Caller, TokenRefusal>>;
};

const noTokens: Identification = {
  token: async () =>
    err({ status: 401, detail: 'There are no API tokens.', fix: 'Send no Authorization header.' }),
};

/** Answers that sessions can't be checked now: the cause is the database, which reports itself. */
function sendUnavailable(request: IncomingMessage, response: ServerResponse): void {
  sendText(request, response, 503, 'Spillway can’t check the sign-in now. Try again in a moment.');
}

/** Finds who sent a request before anything reads its body, and serves it on their behalf. */
async function serveSignedIn(
  identify: (request: IncomingMessage) => Promise<Caller>,
  request: IncomingMessage,
  response: ServerResponse,
  serve: (caller: Caller) => void,
): Promise<void> {
  let caller: Caller;
  try {
    caller = await identify(request);
  } catch {
    sendUnavailable(request, response);
    return;
  }
  const isAnonymous = caller.actor.role === null;
  // Verbs and queries refuse everything else, with the reason.
  const lacksFactor =
    caller.lacksSecondFactor && isPage(request) && !/^\/second-factor(\?|$)/.test(request.url ?? '');
  if (isOpen(request) || !(isAnonymous || lacksFactor)) {
    serve(caller);
    return;
  }
  const page = navigatedPage(request);
  if (page === null) {
    if (isAnonymous) sendText(request, response, 401, 'Sign in first.');
    else sendText(request, response, 403, 'Set up a second factor first.');
    return;
  }
  const signIn = page === '/' ? routes.signIn() : routes.signIn(page);
  const address = isAnonymous ? signIn : routes.secondFactor(page);
  response.writeHead(303, { Location: address, 'Cache-Control': 'no-store' }).end();
}

/** Checks the API token of a request before anything reads its body, and serves it on behalf of the token's owner. */
async function serveProgram(
  identify: Identification['token'],
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  serve: (caller: Caller) => void,
): Promise<void> {
  let found: Result<Caller, TokenRefusal>;
  try {
    found = await identify(token, request);
  } catch {
    sendUnavailable(request, response);
    return;
  }
  if (found.ok) {
    serve(found.value);
    return;
  }
  const { status, detail, fix, retryAfterS } = found.error;
  if (retryAfterS !== undefined) response.setHeader('Retry-After', retryAfterS);
  // https://www.rfc-editor.org/rfc/rfc6750#section-3.1
  if (status === 401)
    response.setHeader('WWW-Authenticate', 'Bearer realm="Spillway", error="invalid_token"');
  const { type, text } = writeProblem({ status, detail, fix });
  response.writeHead(status, { 'Content-Type': type, Connection: 'close' }).end(text);
}

/** Sends a short answer, as a problem for the API. The rest of a body is not read. */
function sendText(
  { url = '' }: IncomingMessage,
  response: ServerResponse,
  status: number,
  detail: string,
): void {
  const isApi = url === '/api/v1' || url.startsWith('/api/v1/');
  const { type, text } = isApi
    ? writeProblem({ status, detail })
    : { type: 'text/plain; charset=utf-8', text: `${detail}\n` };
  // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2
  if (isApi && status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="Spillway"');
  response.writeHead(status, { 'Content-Type': type, Connection: 'close' });
  response.end(text);
}

export type WebServer = {
  readonly port: number;
  /**
   * Stops accepting connections, lets pending responses finish, and closes the remaining connections after a second.
   */
  stop(): Promise<void>;
};

/** The address that the dashboard listens on, and the one that people open. */
export type WebPlace = {
  /** 0 = any free one. */
  readonly port: number;
  /** 127.0.0.1 if absent. */
  readonly host?: string;
  /** The address that people open, as an origin; that of the port on this machine if absent. */
  readonly url?: string | undefined;
  /** Without them the server speaks HTTP. */
  readonly tls?: TlsFiles | null;
  /** Addresses and networks of proxies, whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** Gets the reason if a renewed certificate can't be used. */
  readonly report?: (reason: string) => void;
};

/**
 * Starts the dashboard's HTTP or HTTPS server. It refuses invalid requests (`refuseRequest`) before they reach
 * `handle`, accepts no upgrade, and closes connections that send their request too slowly.
 * @param identification finds who sent a request. Without a session, only what `isOpen` lists is handled, and no body is
 * read; with an API token, the token decides.
 */
export async function startWebServer(
  { port, host = '127.0.0.1', url, tls = null, trustedProxies = [], report = () => {} }: WebPlace,
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  limits: Partial<WebLimits> = {},
  identification: Identification = noTokens,
): Promise<WebServer> {
  const all = { ...defaults, ...limits };
  const { headMs, requestMs, checkMs, stopMs, connections, pagesAtATime, signInsAtATime, signInBodyMs } = all;
  const timeouts = {
    headersTimeout: headMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
  };
  const secure =
    tls === null ? null : createTlsServer({ ...timeouts, ...readTlsFiles(tls), minVersion: 'TLSv1.2' });
  const stopFollowing = secure && tls ? followTlsFiles(secure, tls, report) : () => {};
  const server = secure ?? createServer(timeouts);
  const network = createClientNetwork(trustedProxies);
  const ownUrl = () =>
    url ?? `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const isPublicSecure = url?.startsWith('https:') ?? secure !== null;
  server.maxConnections = connections;
  const pages = takeTurns(pagesAtATime);
  const signIns = limitSignIns(signInsAtATime, signInBodyMs);
  // There are no WebSockets here; without this, Node would serve such a request as a normal one.
  server.on('upgrade', (_request, socket) => socket.destroy());

  const receive = (request: IncomingMessage, response: ServerResponse) => {
    // A response that ends during a stop leaves a keep-alive connection, which would delay the stop.
    response.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // https://www.rfc-editor.org/rfc/rfc6797: browsers open the address with TLS alone for a year.
    if (isPublicSecure) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
    const isBare = secure === null && isPublicSecure && !network.isNear(request.socket.remoteAddress);
    const refusal = isBare
      ? ({ status: 403, text: `Spillway is available only at ${ownUrl()}` } as const)
      : refuseRequest(request, ownUrl());
    if (refusal !== null) {
      sendText(request, response, refusal.status, refusal.text);
      return;
    }
    network.nameClient(request);
    if (request.url?.startsWith('/api/')) response.setHeader('Cache-Control', 'no-store');
    // Next reads the nonce from the request's policy and adds it to its scripts.
    const policy = contentSecurityPolicy(randomBytes(16).toString('base64'));
    request.headers['content-security-policy'] = policy;
    response.setHeader('Content-Security-Policy', policy);
    const serve = (caller: Caller) => {
      const answer = () => actAs(caller, () => handle(request, response));
      if (isPage(request)) pages(response, answer);
      else if (caller.actor.role === null && isSignIn(request)) void signIns(request, response, answer);
      else answer();
    };
    const token = bearerToken(request.headers);
    if (token !== null) void serveProgram(identification.token, token, request, response, serve);
    else if (identification.session === undefined) serve(describeCaller(request, localIdentity));
    else void serveSignedIn(identification.session, request, response, serve);
  };
  server.on('request', (request, response) => {
    // A request sent behind another one on its connection waits for that one: until its response has the connection, it
    // would not be told that the client has disconnected, and hold its turn or its stream forever.
    if (response.socket === null) response.once('socket', () => receive(request, response));
    else receive(request, response);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      stopFollowing();
      const closed = new Promise((resolve) => server.close(resolve));
      // Keep-alive connections have nothing more to send; live reads retry when the server is available again.
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), stopMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** The interval at which it is checked whether a response in progress waits for its client, in ms. */
const unreadCheckMs = 250;

/**
 * Limits the number of responses in progress; others are queued in order of arrival. A slot is freed when the response
 * is sent, its client has disconnected, or it waits for a client that doesn't read: then nothing is rendered. A queued
 * response whose client disconnects is never started.
 */
function takeTurns(max: number): (response: ServerResponse, begin: () => void) => void {
  const waiting = new Set<() => void>();
  let going = 0;
  const next = () => {
    for (const start of waiting) {
      if (going >= max) return;
      start();
    }
  };
  return (response, begin) => {
    // Its end, which returns the turn, has passed.
    if (response.closed) return;
    let check: ReturnType<typeof setInterval> | undefined;
    const end = () => {
      if (check !== undefined) going -= 1;
      clearInterval(check);
      check = undefined;
      next();
    };
    const start = () => {
      waiting.delete(start);
      going += 1;
      check = setInterval(() => {
        if (response.writableNeedDrain) end();
      }, unreadCheckMs);
      check.unref();
      begin();
    };
    waiting.add(start);
    response.once('close', () => {
      waiting.delete(start);
      end();
    });
    next();
  };
}

/**
 * Returns the content security policy of the dashboard's pages: they may load from and navigate only to their own
 * origin. Scripts and style elements in the page need this response's nonce
 * (https://nextjs.org/docs/app/guides/content-security-policy). Style attributes are allowed: the server draws the
 * graph, the schedule and hidden inputs with them, and they can neither load a script nor read what they style.
 * Chromium reported 11 of them on the Estate page, 24 on Schedule and 51 on Sandbox; styles that scripts set with
 * `element.style` need no permission.
 * @param nonce base64, new for each response
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `object-src 'none'`,
    `base-uri 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}
