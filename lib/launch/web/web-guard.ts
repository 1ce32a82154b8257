import type { IncomingHttpHeaders } from 'node:http';
import { sandboxFileMax } from '@/lib/input/import-limits';

/** The reason why a request is refused, with its response. */
export type Refusal = { readonly status: 400 | 403 | 404 | 413; readonly text: string };

/** The parts of a request that are checked before its body is read. */
export type RequestHead = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The values of each header as received; `headers` has the first one of `Host`. */
  readonly headersDistinct?: NodeJS.Dict<string[]>;
};

/** Methods that change nothing: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1 */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The size limits of server actions (next.config.js) and of the largest import (`importRoute` has a limit for each).
 */
const bodyMax = 1_048_576;
const importPaths: ReadonlySet<string> = new Set([
  '/api/plans/import',
  '/api/sandbox/data',
  '/api/v1/plans/import',
  '/api/v1/sandbox/data',
]);

/**
 * Returns whether an Origin is the page's own: its host and port equal those of the Host header, which is checked
 * first. At the public address the scheme is the same, too.
 */
function isOwnOrigin(origin: string, host: string, url: string): boolean {
  if (!URL.canParse(origin)) return false;
  if (isHostOf(url, host)) return origin === url;
  return new URL(origin).host === host.toLowerCase();
}

/** Returns whether a Host header is that of an address, whose default port may be left out. */
function isHostOf(url: string, host: string): boolean {
  const own = new URL(url);
  const defaultPort = own.protocol === 'https:' ? 443 : 80;
  const given = host.toLowerCase();
  return given === own.host || (own.port === '' && given === `${own.hostname}:${defaultPort}`);
}

/**
 * Returns whether a request is a navigation. A link on another site may point to a page: that site cannot read the
 * page, and viewing it changes nothing.
 */
function isNavigation({ method, headers }: RequestHead): boolean {
  return method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
}

/**
 * Returns whether a request's Host names this machine or is that of the public address. Pages of other sites can reach a loopback port through their own
 * name that resolves to 127.0.0.1 (DNS rebinding, https://owasp.org/www-community/attacks/DNS_Rebinding): the browser
 * then sends that name here, and the request is refused.
 * @param host the Host header as received
 * @param url the public address, as an origin
 */
export function hostAllowed(host: string | undefined, url: string): boolean {
  if (host === undefined) return false;
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host) || isHostOf(url, host);
}

/** Returns the API token of a request as sent (https://www.rfc-editor.org/rfc/rfc6750#section-2.1); null: it has none. */
export function bearerToken({ authorization = '' }: IncomingHttpHeaders): string | null {
  return /^bearer\b/i.test(authorization) ? authorization.slice('bearer'.length).trim() : null;
}

/** Returns whether every escape of a path is that of a character in UTF-8: half of a surrogate pair is not. */
function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** Matches a path that the router might read as another one. */
const ambiguousPath = /\/\.|\/\/|\\|%2e|%2f|%5c/i;

/**
 * The address at which the provider of single sign-on ends sessions. It sends no Origin; a signed token proves who it is. No
 * browser sends there: it has no cookie.
 */
const logoutPath = '/api/session/sso/logout';

/** Decides whether a request may have an API token: only below `/api/`, where no server action is, and without a cookie. */
function refuseToken(path: string, { cookie }: IncomingHttpHeaders): Refusal | null {
  if (!path.startsWith('/api/') || ambiguousPath.test(path))
    return { status: 400, text: 'An API token is accepted only below /api/.' };
  if (cookie !== undefined) return { status: 400, text: 'Send an API token or a cookie, not both.' };
  return null;
}

/**
 * Decides whether the dashboard serves a request. Any page in a browser that reaches it can send requests to it:
 * - The Host must name this machine or be that of the public address, against DNS rebinding (`hostAllowed`). A second one
 *   is refused (https://www.rfc-editor.org/rfc/rfc9112#section-3.2): a proxy may have checked it instead.
 * - An Origin must be the dashboard's own, and every request that may change something must have one. Browsers send it
 *   with each such request (https://fetch.spec.whatwg.org/#origin-header). Programs with an API token need none: a page
 *   can't send one to another origin without a preflight request, which is refused.
 * - The provider of single sign-on sends no Origin (`logoutPath`).
 * - A request with an API token goes to `/api/` and has no cookie.
 * - A request that the browser marks as coming from another site
 *   (https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header) may only follow a link. Another port of this machine
 *   is another origin of the same site.
 * - The target is a path: the form with an address is for proxies, and the router would redirect to that address.
 * - No id contains U+0000, which PostgreSQL rejects, or what is no text.
 * - A body whose declared length is too large is not read.
 * @param url the public address, as an origin
 * @returns null if it is served
 */
export function refuseRequest(head: RequestHead, url: string): Refusal | null {
  const { method = 'GET', url: target = '/', headers } = head;
  const { host, origin } = headers;
  if (host === undefined || !hostAllowed(host, url))
    return { status: 403, text: `Spillway is available only at ${url}` };
  if ((head.headersDistinct?.host?.length ?? 1) > 1)
    return { status: 400, text: 'A request has one Host header.' };
  const foreign: Refusal = { status: 403, text: 'Spillway accepts requests only from its own pages.' };
  const token = bearerToken(headers);
  const [path = ''] = target.split('?', 1);
  const isLogout = path === logoutPath && headers.cookie === undefined;
  const needsOrigin = token === null && !safeMethods.has(method) && !isLogout;
  if (origin === undefined ? needsOrigin : !isOwnOrigin(origin, host, url)) return foreign;
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site !== 'none' && site !== 'same-origin' && !isNavigation(head)) return foreign;
  if (!target.startsWith('/')) return { status: 400, text: 'The target of a request must be a path.' };
  if (target.includes('%00') || !isDecodable(path)) return { status: 404, text: 'There is no such page.' };
  const tokenRefusal = token === null ? null : refuseToken(path, headers);
  if (tokenRefusal !== null) return tokenRefusal;
  const max = importPaths.has(path) ? sandboxFileMax : bodyMax;
  if (Number(headers['content-length'] ?? 0) > max)
    return { status: 413, text: `The request is too large: ${max} bytes at most.` };
  return null;
}

/** The paths that are served without a session, by method: the sign-in itself, and what carries its own token. */
const openPaths: Readonly<Record<string, RegExp>> = {
  GET: /^\/(sign-in|set-up|icon\.svg|_next\/static\/.+|api\/health\/live|api\/session\/sso|api\/session\/sso\/callback|api\/calendar\/[^/]+\/schedule\.ics)$/,
  POST: /^\/api\/session\/(passkey|passkey-challenge|sign-in|sign-out|set-up|sso\/logout)$/,
};

/** Returns whether a request is served without a sign-in. */
export function isOpen({ method = 'GET', url = '/' }: RequestHead): boolean {
  const [path = ''] = url.split('?', 1);
  // A path that the router might read differently is not open.
  return openPaths[method]?.test(path) === true && !/%|\/\.|\/\/|\\/.test(path);
}

/**
 * Returns the requested page, from which a sign-in leads away and back; null: the request is not a navigation to a page, and
 * is answered by its status.
 */
export function navigatedPage({ method = 'GET', url = '/', headers }: RequestHead): string | null {
  const isPage = method === 'GET' && !url.startsWith('/api/') && headers['next-url'] === undefined;
  return isPage && headers.rsc === undefined ? url : null;
}
