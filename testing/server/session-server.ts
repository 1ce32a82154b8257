import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { GET as followChanges } from '@/app/api/changes/route';
import { POST as signInWithPasskey } from '@/app/api/session/passkey/route';
import { POST as beginSigning } from '@/app/api/session/passkey-challenge/route';
import { POST as changePassword } from '@/app/api/session/password/route';
import { POST as reauthenticate } from '@/app/api/session/reauthenticate/route';
import { POST as setUp } from '@/app/api/session/set-up/route';
import { POST as signIn } from '@/app/api/session/sign-in/route';
import { POST as signOut } from '@/app/api/session/sign-out/route';
import { GET as finishSso } from '@/app/api/session/sso/callback/route';
import { POST as endBySso } from '@/app/api/session/sso/logout/route';
import { GET as startSso } from '@/app/api/session/sso/route';
import { startWebServer } from '@/lib/launch/web/web-server';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeOwnSecondFactor,
  renewRecoveryCodes,
  resetSecondFactor,
} from '@/lib/server/auth/change-second-factor';
import { createToken } from '@/lib/server/auth/change-tokens';
import {
  endSessions,
  inviteUser,
  removeUser,
  revokeOtherSessions,
  revokeSession,
  setSignInPolicy,
  setUserGrants,
} from '@/lib/server/auth/change-users';
import { identifyRequest } from '@/lib/server/auth/find-actor';
import { getSecurity } from '@/lib/server/auth/get-security';
import { getSession } from '@/lib/server/auth/get-session';
import { identifyToken } from '@/lib/server/auth/identify-token';
import { listSignInWays } from '@/lib/server/auth/list-sign-in-ways';
import { listTokens } from '@/lib/server/auth/list-tokens';
import { listSessions } from '@/lib/server/auth/list-users';
import {
  addPasskey,
  beginPasskey,
  removePasskey,
  renamePasskey,
} from '@/lib/server/auth/passkeys/change-passkeys';
import { prepareRoute, route } from '@/lib/server/route';

type Handler = (request: Request) => Promise<Response>;
/** The parts of the dashboard that start or end a session. */
const posts: Record<string, Handler> = {
  '/api/session/sign-in': signIn,
  '/api/session/sign-out': signOut,
  '/api/session/password': changePassword,
  '/api/session/set-up': setUp,
  '/api/session/reauthenticate': reauthenticate,
  '/api/session/passkey': signInWithPasskey,
  '/api/session/passkey-challenge': beginSigning,
  '/api/session/sso/logout': endBySso,
};

/** Server actions, which the dashboard serves on its pages; here below `/api/`, so that a token reaches them, too. */
const actions = {
  'passkey.add': addPasskey,
  'passkey.begin': beginPasskey,
  'passkey.remove': removePasskey,
  'passkey.rename': renamePasskey,
  'secondFactor.begin': beginSecondFactor,
  'secondFactor.confirm': confirmSecondFactor,
  'secondFactor.remove': removeOwnSecondFactor,
  'secondFactor.renewCodes': renewRecoveryCodes,
  'session.revoke': revokeSession,
  'session.revokeOthers': revokeOtherSessions,
  'signInPolicy.set': setSignInPolicy,
  'token.create': createToken,
  'user.endSessions': endSessions,
  'user.invite': inviteUser,
  'user.remove': removeUser,
  'user.resetSecondFactor': resetSecondFactor,
  'user.setGrants': setUserGrants,
} as const;
for (const [name, act] of Object.entries(actions))
  posts[`/api/action/${name}`] = prepareRoute(act as Parameters<typeof prepareRoute>[0]);

/** Queries that the dashboard's pages make while they are rendered. */
const queries: Readonly<Record<string, () => Promise<unknown>>> = {
  '/api/query/session.getSecurity': () => getSecurity(),
  '/api/query/session.list': () => listSessions(),
  '/api/query/token.list': () => listTokens(),
  '/api/query/session.listWays': () => listSignInWays(),
  '/sign-in': async () => [await getSession(), await listSignInWays()],
};

/** The addresses of single sign-on, and the stream of changes. */
const gets: Readonly<Record<string, Handler>> = {
  '/api/changes': (request) => followChanges(request, { params: Promise.resolve({}) }),
  '/api/session/sso': startSso,
  '/api/session/sso/callback': finishSso,
};

async function answer(request: IncomingMessage, signal: AbortSignal): Promise<Response> {
  const { method = 'GET', url = '/' } = request;
  const [path = ''] = url.split('?', 1);
  const asked = new Request(`http://127.0.0.1${url}`, { signal });
  if (method === 'GET')
    return (
      gets[path]?.(asked) ??
      route(queries[path] ?? (() => getSession()))(asked, { params: Promise.resolve({}) })
    );
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const body = await text(request);
  return (
    (await posts[url]?.(new Request(`http://127.0.0.1${url}`, { method, headers, body }))) ??
    new Response(null, { status: 404 })
  );
}

async function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const answered = await answer(request, left.signal);
  const cookies = answered.headers.getSetCookie();
  const location = answered.headers.get('location');
  const retryAfter = answered.headers.get('retry-after');
  response.writeHead(answered.status, {
    'Content-Type': 'application/json',
    'Set-Cookie': cookies,
    ...(location === null ? {} : { Location: location }),
    ...(retryAfter === null ? {} : { 'Retry-After': retryAfter }),
  });
  if (answered.body === null) response.end();
  else await pipeline(Readable.fromWeb(answered.body as NodeStream), response).catch(() => {});
}

type HttpAnswer = {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[];
  /** The address to which it leads; null = none. */
  readonly location: string | null;
  /** Its Retry-After; null = none. */
  readonly retryAfter: string | null;
};

/** Starts the dashboard's own HTTP server with the sign-in alone. */
export async function startSessionServer() {
  const server = await startWebServer(
    { port: 0 },
    send,
    {},
    { session: identifyRequest, token: identifyToken },
  );

  /** A browser with its own cookies, or a program that sends what it likes. */
  class Browser {
    readonly cookies = new Map<string, string>();

    /** The API token that a program sends; null = it is a browser, which sends cookies. */
    token: string | null = null;

    /**
     * Sends a request as a page of the dashboard does, and keeps the cookies of the answer.
     * @param body a string is sent as a form
     */
    async ask(method: 'GET' | 'POST', path: string, body?: object | string): Promise<HttpAnswer> {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = {
        Origin: `http://127.0.0.1:${server.port}`,
        'Content-Type': typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json',
        ...(this.token === null ? { Cookie: cookie } : { Authorization: `Bearer ${this.token}` }),
      };
      const message = httpRequest({ host: '127.0.0.1', port: server.port, method, path, headers });
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        message.once('response', resolve).once('error', reject);
        message.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
      });
      const cookies = response.headers['set-cookie'] ?? [];
      for (const cookie of cookies) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (/max-age=0/i.test(cookie)) this.cookies.delete(name);
        else this.cookies.set(name, value);
      }
      return {
        status: response.statusCode ?? 0,
        body: await text(response),
        cookies,
        location: response.headers.location ?? null,
        retryAfter: response.headers['retry-after'] ?? null,
      };
    }

    signIn(email: string, password: string) {
      return this.ask('POST', '/api/session/sign-in', { email, password });
    }
  }

  return {
    origin: `http://127.0.0.1:${server.port}`,
    open: () => new Browser(),
    stop: () => server.stop(),
  };
}
