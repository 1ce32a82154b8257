import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { Role } from '@/lib/policy/roles';
import { err, ok } from '@/lib/result';
import {
  anonymousIdentity,
  type Caller,
  describeCaller,
  type IdentifiedActor,
  requestCaller,
} from '@/lib/server/request-actor';
import { testActor } from '@/testing/server/test-person';
import { type Identification, startWebServer, type WebPlace, type WebServer } from './web-server';

let server: WebServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Starts a dashboard whose response describes the received request. */
async function start(
  limits: Parameters<typeof startWebServer>[2] = {},
  session: Identification['session'] = undefined,
  token: Identification['token'] = async () => err({ status: 401, detail: 'Wrong.', fix: 'Correct it.' }),
  place: Partial<WebPlace> = {},
) {
  const seen: IncomingMessage[] = [];
  const started = await startWebServer(
    { port: 0, ...place },
    (request, response) => {
      seen.push(request);
      response.end(`served to ${requestCaller()?.actor.name}`);
    },
    limits,
    { token, ...(session && { session }) },
  );
  server = started;
  return { port: started.port, seen, stop: started.stop };
}

type Asked = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};

async function ask(port: number, { method = 'GET', path = '/', headers = {}, body = '' }: Asked) {
  const message = httpRequest({ host: '127.0.0.1', port, method, path, headers });
  const answered = once(message, 'response') as Promise<[IncomingMessage]>;
  message.end(body);
  const [response] = await answered;
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

async function open(port: number, head: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  socket.write(head);
  return socket;
}

/** Node 26 resets a connection with half a request, which `once` of a promise would take for a failure. */
const allClosed = (sockets: readonly Socket[]) =>
  Promise.all(
    sockets.map(
      (socket) => socket.closed || new Promise<void>((resolve) => void socket.once('close', () => resolve())),
    ),
  );

const own = 'http://localhost:3000';
const host = 'localhost:3000';

describe('the dashboard serves', () => {
  it.each<[what: string, asked: Asked]>([
    ['a page that is opened', { headers: { host } }],
    ['a page by 127.0.0.1', { headers: { host: '127.0.0.1:3000' } }],
    [
      'a live read of its own page',
      { path: '/api/rail', headers: { host, 'sec-fetch-site': 'same-origin' } },
    ],
    ['a bookmark', { headers: { host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' } }],
    [
      'a link on another site',
      {
        path: '/plans/P-0001',
        headers: { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      },
    ],
    ['an action of its own page', { method: 'POST', headers: { host, origin: own } }],
    ['the same in capitals', { method: 'POST', headers: { host: 'LOCALHOST:3000', origin: own } }],
  ])('%s', async (_what, asked) => {
    const { port } = await start();
    expect(await ask(port, asked)).toMatchObject({ status: 200, body: 'served to local' });
  });
});

describe('the dashboard refuses', () => {
  const post = (headers: Record<string, string>): Asked => ({
    method: 'POST',
    headers: { host, ...headers },
  });
  it.each<[what: string, asked: Asked, status: number]>([
    ['a name that was led to this machine', { headers: { host: 'evil.example:3000' } }, 403],
    ['an action without Origin', post({}), 403],
    ['an action without Origin from another site', post({ 'sec-fetch-site': 'cross-site' }), 403],
    ['an action of another site', post({ origin: 'https://evil.example' }), 403],
    ['an action of another port', post({ origin: 'http://localhost:4000' }), 403],
    ['an action of a page without an origin', post({ origin: 'null' }), 403],
    [
      'an Origin that fits a Host which a proxy is said to have seen',
      post({ origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }),
      403,
    ],
    ['a DELETE without Origin', { method: 'DELETE', headers: { host } }, 403],
    [
      'a form of another site, though it navigates',
      post({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: 'null' }),
      403,
    ],
    ['a read for another site', { headers: { host, 'sec-fetch-site': 'cross-site' } }, 403],
    ['a read for another port', { headers: { host, 'sec-fetch-site': 'same-site' } }, 403],
    ['a preflight', { method: 'OPTIONS', headers: { host, origin: 'https://evil.example' } }, 403],
    ['an id with U+0000', { path: '/runs/R-%00', headers: { host } }, 404],
    ['a parameter with U+0000', { path: '/estate?connection=%00', headers: { host } }, 404],
    ['an id with half of a surrogate pair', { path: '/api/v1/plans/P-%ED%A0%80', headers: { host } }, 404],
    ['an id with an invalid escape', { path: '/runs/R-%ZZ', headers: { host } }, 404],
    ['an address as the target', { path: 'http://evil.example/', headers: { host } }, 400],
    ['a body over 1 MiB', post({ origin: own, 'content-length': '1048577' }), 413],
    [
      'an import over 30 MB',
      {
        method: 'PUT',
        path: '/api/sandbox/data?x',
        headers: { host, origin: own, 'content-length': '30000001' },
      },
      413,
    ],
  ])('%s', async (_what, asked, status) => {
    const { port, seen } = await start();
    expect(await ask(port, asked)).toMatchObject({ status });
    expect(seen).toEqual([]);
  });

  it.each([
    ['two Host headers', `Host: ${host}\r\nHost: evil.example\r\n`, 400],
    ['a Host header twice', `Host: ${host}\r\nHost: ${host}\r\n`, 400],
    ['two Host headers of which the second is its own', `Host: evil.example\r\nHost: ${host}\r\n`, 403],
    ['two lengths of a body', `Host: ${host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n`, 400],
    [
      'a length of a chunked body',
      `Host: ${host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n`,
      400,
    ],
    ['a Host header that continues on the next line', `Host: ${host}\r\n .evil.example\r\n`, 400],
    ['two sites', `Host: ${host}\r\nSec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site\r\n`, 403],
  ])('%s', async (_what, lines, status) => {
    const { port, seen } = await start();
    const socket = connect(port, '127.0.0.1');
    socket.end(`GET / HTTP/1.1\r\n${lines}\r\n`);
    expect(await text(socket)).toContain(`HTTP/1.1 ${status} `);
    expect(seen).toEqual([]);
  });

  it('a request without a Host', async () => {
    const { port, seen } = await start();
    const socket = connect(port, '127.0.0.1');
    socket.end('GET / HTTP/1.0\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 403 /);
    expect(seen).toEqual([]);
  });

  it('forwarding headers of proxies, which it strips', async () => {
    const { port, seen } = await start();
    await ask(port, {
      headers: { host, 'x-forwarded-host': 'a', 'x-forwarded-for': 'b', forwarded: 'host=c' },
    });
    expect(Object.keys(seen[0]?.headers ?? {}).filter((name) => name.includes('forwarded'))).toEqual([]);
  });
});

it.each(['/', '/evil'])('adds its headers to every response: %s', async (path) => {
  const { port } = await start();
  const answer = await ask(port, { path, headers: { host: path === '/' ? host : 'evil.example' } });
  expect(answer.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
  });
});

it('forbids caching of API responses', async () => {
  const { port } = await start();
  const answer = await ask(port, { path: '/api/rail', headers: { host } });
  expect(answer.headers['cache-control']).toBe('no-store');
});

it('closes 300 upgrade requests, and stops afterwards', async () => {
  const { port, seen, stop } = await start();
  const head = `GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  const sockets = await Promise.all(Array.from({ length: 300 }, () => open(port, head)));
  await allClosed(sockets);
  expect(seen).toEqual([]);
  await stop();
});

it('closes connections that send no complete request', async () => {
  const { port } = await start({ headMs: 50, requestMs: 50, checkMs: 10 });
  const heads = [
    '',
    'GET / HTTP/1.1\r\n',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1',
  ];
  const sockets = await Promise.all(heads.map((head) => open(port, head)));
  await allClosed(sockets);
});

it('stops while connections are open that are idle, have sent half a request, or read no response', async () => {
  const endless = await startWebServer({ port: 0 }, (_request, response) => response.write('begun'), {
    stopMs: 20,
  });
  const heads = ['', 'GET / HTTP/1.1\r\n', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'];
  const sockets = await Promise.all(heads.map((head) => open(endless.port, head)));
  await endless.stop();
  await allClosed(sockets);
});

it('accepts no more connections than its limit', async () => {
  const { port } = await start({ connections: 2 });
  await Promise.all([open(port, ''), open(port, '')]);
  const third = await open(port, '');
  await (third.closed || once(third, 'close'));
});

describe('pages', () => {
  /** Starts a dashboard that renders as many pages at a time as allowed, and finishes them on the test's request. */
  async function startSlow(pagesAtATime: number) {
    const begun: { path: string; end: () => void }[] = [];
    server = await startWebServer(
      { port: 0 },
      ({ url = '' }, response) => begun.push({ path: url, end: () => void response.end('drawn') }),
      { pagesAtATime },
    );
    return { port: server.port, begun, paths: () => begun.map(({ path }) => path) };
  }
  const get = (port: number, path: string) => ask(port, { path, headers: { host } });

  it('are rendered with limited concurrency, in the order of their requests', async () => {
    const { port, begun, paths } = await startSlow(1);
    const first = get(port, '/estate');
    await expect.poll(paths).toEqual(['/estate']);
    const second = get(port, '/plans');
    // When an API read that arrived later has a response, the request for the page has been received.
    const read = get(port, '/api/rail');
    await expect.poll(paths).toEqual(['/estate', '/api/rail']);
    begun[0]?.end();
    expect((await first).body).toBe('drawn');
    await expect.poll(paths).toEqual(['/estate', '/api/rail', '/plans']);
    for (const { end } of begun) end();
    expect((await Promise.all([second, read])).map(({ body }) => body)).toEqual(['drawn', 'drawn']);
  });

  it('take their turn also if only their head is requested', async () => {
    const { port, begun, paths } = await startSlow(1);
    const first = get(port, '/estate');
    await expect.poll(paths).toEqual(['/estate']);
    const head = ask(port, { method: 'HEAD', path: '/plans', headers: { host } });
    const read = get(port, '/api/rail');
    await expect.poll(paths).toEqual(['/estate', '/api/rail']);
    begun[0]?.end();
    await expect.poll(paths).toEqual(['/estate', '/api/rail', '/plans']);
    for (const { end } of begun) end();
    await Promise.all([first, head, read]);
  });

  it('are not rendered after their clients have disconnected, and delay no other client', async () => {
    const { port, begun, paths } = await startSlow(1);
    const first = get(port, '/estate');
    await expect.poll(paths).toEqual(['/estate']);
    const gone = await open(port, `GET /runs HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const last = get(port, '/plans');
    gone.destroy();
    begun[0]?.end();
    await first;
    await expect.poll(() => paths().at(-1)).toBe('/plans');
    begun.at(-1)?.end();
    expect((await last).body).toBe('drawn');
  });

  it('delay no other client after one has disconnected that requested several at once', async () => {
    const { port, begun, paths } = await startSlow(2);
    const head = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const gone = await open(port, head('/estate') + head('/runs') + head('/plans'));
    await expect.poll(paths).toEqual(['/estate']);
    gone.destroy();
    const others = [get(port, '/drift'), get(port, '/schedule')];
    await expect.poll(() => paths().toSorted()).toEqual(['/drift', '/estate', '/schedule']);
    for (const { end } of begun) end();
    expect((await Promise.all(others)).map(({ body }) => body)).toEqual(['drawn', 'drawn']);
  });

  it('and streams that a client requests at once are served one after the other', async () => {
    const { port, begun, paths } = await startSlow(2);
    const head = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const client = await open(port, head('/estate') + head('/api/changes') + head('/runs'));
    await expect.poll(paths).toEqual(['/estate']);
    // When a read that arrived later has begun, the requests before it have been received.
    const read = get(port, '/api/rail');
    await expect.poll(paths).toEqual(['/estate', '/api/rail']);
    begun[0]?.end();
    await expect.poll(paths).toEqual(['/estate', '/api/rail', '/api/changes']);
    begun[1]?.end();
    begun[2]?.end();
    await read;
    await expect.poll(paths).toEqual(['/estate', '/api/rail', '/api/changes', '/runs']);
    client.destroy();
  });

  it('delay no other client while one does not read them', async () => {
    server = await startWebServer(
      { port: 0 },
      ({ url }, response) => {
        const fill = () => {
          while (response.write('x'.repeat(1_000_000)));
        };
        if (url === '/plans') response.end('drawn');
        else {
          response.on('drain', fill);
          fill();
        }
      },
      { pagesAtATime: 1 },
    );
    const unread = await open(server.port, `GET /estate HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await once(unread, 'data');
    unread.pause();
    expect((await get(server.port, '/plans')).body).toBe('drawn');
    unread.destroy();
  });
});

describe('a sign-in without a session', () => {
  const path = '/api/session/sign-in';
  const post = { method: 'POST', headers: { host, origin: own } };
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${own}\r\nContent-Length: 4\r\n\r\n`;

  /** Starts a dashboard with one sign-in at a time, which reads its body and ends on the test's request. */
  async function startOne(signInBodyMs = 60_000) {
    const begun: { body: string; isGone: () => boolean; end: () => void }[] = [];
    server = await startWebServer(
      { port: 0 },
      async (request, response) => {
        const body = await text(request);
        if (request.url === path && requestCaller()?.actor.role === null)
          await new Promise<void>((end) => begun.push({ body, isGone: () => response.closed, end }));
        response.end(`served to ${requestCaller()?.actor.name}`);
        // Like Next, which waits until the client has the answer, or has left.
        if (!response.closed) await new Promise(() => {});
      },
      { signInsAtATime: 1, signInBodyMs },
      {
        session: async (request) =>
          describeCaller(
            request,
            request.headers.cookie === undefined
              ? anonymousIdentity
              : { actor: testActor('sari@example.com', 'viewer'), credential: { via: 'session', id: 's1' } },
          ),
        token: async () => err({ status: 401, detail: 'Wrong.', fix: 'Correct it.' }),
      },
    );
    return { port: server.port, begun };
  }

  it('is refused beyond the limit; sign-outs and people who are signed in are served', async () => {
    const { port, begun } = await startOne();
    const first = ask(port, { ...post, path });
    await expect.poll(() => begun.length).toBe(1);
    expect(await ask(port, { ...post, path: `${path}?again`, body: 'more' })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2', connection: 'close' },
      body: expect.stringContaining('session.busy'),
    });
    expect((await ask(port, { ...post, path: '/api/session/sign-out' })).status).toBe(200);
    const headers = { ...post.headers, cookie: 'a=b' };
    for (const asked of [
      { path: '/api/rail', headers },
      { ...post, path, headers },
    ])
      expect((await ask(port, asked)).body).toBe('served to sari@example.com');
    begun[0]?.end();
    expect((await first).status).toBe(200);
  });

  it('takes no place before its body has arrived, or after its answer is written', async () => {
    const { port, begun } = await startOne();
    const slow = await open(port, `${head}ab`);
    const other = ask(port, { ...post, path });
    await expect.poll(() => begun.length).toBe(1);
    begun[0]?.end();
    expect((await other).status).toBe(200);
    slow.write('cd');
    await expect.poll(() => begun.map(({ body }) => body)).toEqual(['', 'abcd']);
    begun[1]?.end();
    slow.destroy();
  });

  it('is closed if its body does not arrive in time', async () => {
    const { port, begun } = await startOne(50);
    await allClosed([await open(port, head)]);
    expect(begun).toEqual([]);
  });

  it('keeps its place until its work ends, though its client has disconnected', async () => {
    const { port, begun } = await startOne();
    const gone = await open(port, `${head}abcd`);
    await expect.poll(() => begun.length).toBe(1);
    gone.destroy();
    await expect.poll(() => begun[0]?.isGone()).toBe(true);
    expect((await ask(port, { ...post, path })).status).toBe(503);
    begun[0]?.end();
    const next = ask(port, { ...post, path });
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.end();
    expect((await next).status).toBe(200);
  });
});

describe('an API token', () => {
  const sari: IdentifiedActor = {
    actor: testActor('sari@example.com', 'operator'),
    credential: { via: 'token', id: 'spw_right' },
  };
  const identify: Identification['token'] = async (token, request) =>
    token === 'right'
      ? ok(describeCaller(request, sari))
      : err({ status: 401, detail: 'Wrong.', fix: 'Correct it.' });
  const noSession = async (request: IncomingMessage) => describeCaller(request, anonymousIdentity);
  const withToken = (token: string, asked: Asked = {}): Asked => ({
    path: '/api/health',
    ...asked,
    headers: { host, authorization: `Bearer ${token}`, ...asked.headers },
  });

  it.each([
    ['with', noSession],
    ['without', undefined],
  ])('lets a program act for its owner without an Origin, %s sign-in', async (_, session) => {
    const { port } = await start({}, session, identify);
    const answer = { status: 200, body: 'served to sari@example.com' };
    expect(await ask(port, withToken('right'))).toMatchObject(answer);
    const change: Asked = { method: 'POST', path: '/api/plans/import', body: '{}' };
    expect(await ask(port, withToken('right', change))).toMatchObject(answer);
    expect(
      await ask(port, { path: '/api/health', headers: { host, authorization: 'bearer   right ' } }),
    ).toMatchObject(answer);
  });

  it.each([
    ['with', async (request: IncomingMessage) => describeCaller(request, sari)],
    ['without', undefined],
  ])('decides alone: a wrong one is refused as a problem, %s sign-in', async (_, session) => {
    const { port, seen } = await start({}, session, identify);
    for (const token of ['wrong', ''])
      expect(await ask(port, withToken(token, { method: 'POST' }))).toMatchObject({
        status: 401,
        headers: {
          'content-type': 'application/problem+json',
          'www-authenticate': 'Bearer realm="Spillway", error="invalid_token"',
        },
        body: expect.stringContaining('"detail":"Wrong.","fix":"Correct it."'),
      });
    expect(seen).toEqual([]);
  });

  it.each<[what: string, status: number, asked: Asked]>([
    ['at a page', 400, { path: '/settings' }],
    ['at a server action', 400, { method: 'POST', path: '/settings', headers: { 'next-action': 'a' } }],
    ['at a page that looks like the API', 400, { path: '/api/../settings' }],
    ['at an encoded one', 400, { path: '/api/%2e%2e/settings' }],
    ['together with a cookie', 400, { headers: { cookie: 'spillway.session_token=a' } }],
    ['under another host', 403, { headers: { host: 'evil.example' } }],
    ['from another origin', 403, { headers: { origin: 'https://evil.example' } }],
    ['from a page of another site', 403, { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['in a preflight request', 403, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }],
  ])('is refused %s', async (_what, status, asked) => {
    const { port, seen } = await start({}, undefined, identify);
    expect(await ask(port, withToken('right', asked))).toMatchObject({ status });
    expect(seen).toEqual([]);
  });

  it('that is limited gets the time to wait', async () => {
    const { port } = await start({}, undefined, async () =>
      err({ status: 429, detail: 'Too many.', fix: 'Wait.', retryAfterS: 7 }),
    );
    expect(await ask(port, withToken('any'))).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
  });

  it('is not accepted while it can’t be checked', async () => {
    const { port, seen } = await start({}, undefined, async () => {
      throw new Error('no database');
    });
    expect(await ask(port, withToken('right'))).toMatchObject({ status: 503 });
    expect(seen).toEqual([]);
  });
});

describe('with sign-in, the dashboard', () => {
  const sari = (role: Role) => ({
    actor: testActor('sari@example.com', role),
    credential: { via: 'session', id: 's1' } as const,
  });
  const signedIn = (role: Role) => async (request: IncomingMessage) => describeCaller(request, sari(role));
  const signedOut = async (request: IncomingMessage) => describeCaller(request, anonymousIdentity);

  it('serves a signed-in person, on whose behalf everything is done', async () => {
    const { port } = await start({}, signedIn('viewer'));
    expect(await ask(port, { headers: { host } })).toMatchObject({
      status: 200,
      body: 'served to sari@example.com',
    });
  });

  it('knows the session and the address of each request', async () => {
    let found: Caller | undefined;
    const { port, stop } = await start({}, async (request) => {
      found = describeCaller(request, sari('viewer'));
      return found;
    });
    await ask(port, { headers: { host, 'user-agent': 'test', cookie: 'a=b' } });
    expect(found).toEqual({
      ...sari('viewer'),
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
      address: '127.0.0.1',
      cookie: 'a=b',
      userAgent: 'test',
    });
    await stop();
  });

  it('leads a navigation to the sign-in and back', async () => {
    const { port, seen } = await start({}, signedOut);
    const answer = await ask(port, { path: '/runs/R-0001?tab=steps', headers: { host } });
    expect(answer).toMatchObject({
      status: 303,
      headers: { location: '/sign-in?next=%2Fruns%2FR-0001%3Ftab%3Dsteps', 'cache-control': 'no-store' },
    });
    expect((await ask(port, { headers: { host } })).headers.location).toBe('/sign-in');
    expect(seen).toEqual([]);
  });

  it.each<[what: string, asked: Asked]>([
    ['a live read', { path: '/api/rail' }],
    ['metrics', { path: '/api/metrics' }],
    ['the data of a page', { path: '/?_rsc=1', headers: { rsc: '1' } }],
    ['a server action', { method: 'POST', path: '/settings', headers: { origin: own, 'next-action': 'a' } }],
    ['a server action at an open page', { method: 'POST', path: '/sign-in', headers: { origin: own } }],
    ['an import', { method: 'POST', path: '/api/plans/import', headers: { origin: own }, body: '{}' }],
    ['a path that looks open', { path: '/_next/static/../../api/rail' }],
    ['an encoded one', { path: '/_next/static/%2e%2e/%2e%2e/api/rail' }],
    ['an open path with a suffix', { path: '/api/health/live/../ready' }],
    // The ways around a gate of Next itself: testing/dependencies/next-advisories.json. This gate is before Next.
    [
      'a forged internal request',
      { path: '/settings', headers: { 'x-middleware-subrequest': 'middleware' } },
    ],
    [
      'a repeated one',
      { path: '/audit', headers: { 'x-middleware-subrequest': 'src/middleware:'.repeat(5) } },
    ],
    ['the prefetch of a segment', { path: '/settings.segments/_tree.segment.rsc' }],
    ['the prefetch of a page', { path: '/settings.rsc', headers: { 'next-router-prefetch': '1' } }],
    ['the data of a page of the other router', { path: '/_next/data/build/en/settings.json' }],
    ['a page by a locale', { path: '/en/settings' }],
    ['a rewritten address', { path: '/settings', headers: { 'x-original-url': '/sign-in' } }],
    ['another rewritten address', { path: '/settings', headers: { 'x-rewrite-url': '/sign-in' } }],
    ['a matched route', { path: '/settings', headers: { 'x-matched-path': '/sign-in' } }],
    ['two slashes', { path: '//settings' }],
    ['a path parameter', { path: '/sign-in;/settings' }],
    ['an encoded slash', { path: '/sign-in%2f..%2fsettings' }],
    ['a path that ends at a null', { path: '/settings%00/sign-in' }],
    ['an image of another site', { path: '/_next/image?url=http://169.254.169.254/&w=64&q=75' }],
  ])('refuses %s without a session, before anything reads it', async (_what, { headers = {}, ...asked }) => {
    const { port, seen } = await start({}, signedOut);
    const answer = await ask(port, { ...asked, headers: { host, ...headers } });
    expect([303, 401, 404]).toContain(answer.status);
    if (answer.status === 303) expect(answer.headers.location).toMatch(/^\/sign-in\?next=/);
    expect(seen).toEqual([]);
  });

  it.each<Asked>([
    { path: '/sign-in?next=/runs' },
    { path: '/set-up' },
    { path: '/_next/static/chunks/a.js' },
    { path: '/api/health/live' },
    { path: '/api/calendar/token/schedule.ics' },
    { method: 'POST', path: '/api/session/sign-in', headers: { origin: own } },
    { method: 'POST', path: '/api/session/set-up', headers: { origin: own } },
  ])('serves $path without a session', async ({ headers = {}, ...asked }) => {
    const { port } = await start({}, signedOut);
    expect(await ask(port, { ...asked, headers: { host, ...headers } })).toMatchObject({
      status: 200,
      body: 'served to anonymous',
    });
  });

  it('refuses the API without a session or a token as a problem', async () => {
    const { port } = await start({}, signedOut);
    const answer = await ask(port, { path: '/api/v1/plans/P-0001', headers: { host } });
    expect(answer).toMatchObject({
      status: 401,
      headers: { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer realm="Spillway"' },
    });
    expect(JSON.parse(answer.body)).toMatchObject({ status: 401, detail: 'Sign in first.' });
  });

  it('serves pages after browsers have left while their session was checked', async () => {
    let letIn = () => {};
    const checked = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    let asked = 0;
    const { port, seen } = await start({ pagesAtATime: 2 }, async (request) => {
      asked += 1;
      await checked;
      return describeCaller(request, sari('viewer'));
    });
    const leaving = [];
    for (let count = 0; count < 3; count += 1)
      leaving.push(await open(port, `GET /runs HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
    await expect.poll(() => asked).toBe(3);
    for (const socket of leaving) {
      socket.destroy();
      await once(socket, 'close');
    }
    const served = ask(port, { path: '/runs', headers: { host } });
    await expect.poll(() => asked).toBe(4);
    letIn();
    expect(await served).toMatchObject({ status: 200 });
    expect(seen.length).toBeLessThanOrEqual(4);
  });

  it('serves no one while sessions can’t be checked', async () => {
    const { port, seen } = await start({}, async () => {
      throw new Error('no database');
    });
    expect(await ask(port, { path: '/sign-in', headers: { host } })).toMatchObject({ status: 503 });
    expect(seen).toEqual([]);
  });
});
