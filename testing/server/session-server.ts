import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
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
import { identifyRequest } from '@/lib/server/auth/find-actor';
import { getSession } from '@/lib/server/auth/get-session';
import { identifyToken } from '@/lib/server/auth/identify-token';

type Handler = (request: Request) => Promise<Response>;
/** The parts of the dashboard that start or end a session. */
const posts: Readonly<Record<string, Handler>> = {
  '/api/session/sign-in': signIn,
  '/api/session/sign-out': signOut,
  '/api/session/password': changePassword,
  '/api/session/set-up': setUp,
  '/api/session/reauthenticate': reauthenticate,
  '/api/session/passkey': signInWithPasskey,
  '/api/session/passkey-challenge': beginSigning,
  '/api/session/sso/logout': endBySso,
};

/** The addresses of single sign-on. */
const gets: Readonly<Record<string, Handler>> = {
  '/api/session/sso': startSso,
  '/api/session/sso/callback': finishSso,
};

async function answer(request: IncomingMessage): Promise<Response> {
  const { method = 'GET', url = '/' } = request;
  const [path = ''] = url.split('?', 1);
  const get = gets[path];
  if (method === 'GET')
    return get?.(new Request(`http://127.0.0.1${url}`)) ?? Response.json(await getSession());
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const body = await text(request);
  return (
    (await posts[url]?.(new Request(`http://127.0.0.1${url}`, { method, headers, body }))) ??
    new Response(null, { status: 404 })
  );
}

async function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answered = await answer(request);
  const cookies = answered.headers.getSetCookie();
  const location = answered.headers.get('location');
  response.writeHead(answered.status, {
    'Content-Type': 'application/json',
    'Set-Cookie': cookies,
    ...(location === null ? {} : { Location: location }),
  });
  response.end(await answered.text());
}

type HttpAnswer = {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[];
  /** The address to which it leads; null = none. */
  readonly location: string | null;
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

    /** Sends a request as a page of the dashboard does, and keeps the cookies of the answer. */
    async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<HttpAnswer> {
      const headers = {
        Origin: `http://127.0.0.1:${server.port}`,
        'Content-Type': 'application/json',
        Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      };
      const message = httpRequest({ host: '127.0.0.1', port: server.port, method, path, headers });
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        message.once('response', resolve).once('error', reject);
        message.end(body === undefined ? '' : JSON.stringify(body));
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
