import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstRule, startTestPlane, type TestPlane } from '@/testing/sandbox/data-plane/test-plane';
import {
  worldCustomConfig,
  worldInstance,
  worldListener,
  worldRule,
} from '@/testing/sandbox/data-plane/test-world';

const network = '127.105.2';
const instanceIp = `${network}.101`;

/** A load balancer in front of one instance, whose address the test's own server uses. */
let test: TestPlane;
let target: Server | null = null;
beforeEach(async () => {
  const targets = [{ instanceId: 'ins-a', port: 8080, weight: 10, registeredAt: 0 }];
  const rules = [worldRule({ id: 'loc-1', isDefault: true, targets })];
  const instances = { 'ins-a': worldInstance({ id: 'ins-a', privateIp: instanceIp }) };
  test = await startTestPlane(network, [worldListener({ id: 'lbl-1', rules })], { instances });
});
afterEach(async () => {
  await test.stop();
  target?.close();
  target?.closeAllConnections();
  target = null;
});

async function behind(listener: RequestListener): Promise<void> {
  target = createServer(listener);
  await once(target.listen(8080, instanceIp), 'listening');
}

/** Restarts the data plane with another response timeout. */
async function waiting(readTimeoutMs: number): Promise<void> {
  const { listeners } = test.account.loadBalancers['lb-1'] ?? expect.fail('no lb-1');
  const { instances } = test.account;
  await test.stop();
  test = await startTestPlane(network, listeners, { instances }, { readTimeoutMs });
}

describe('a proxied request', () => {
  it('passes status, repeated headers and bodies, but not hop-by-hop headers', async () => {
    await behind((incoming, outgoing) => {
      outgoing.writeHead(418, [
        ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Latin', 'h\xe9'],
        ...['X-Seen', `${incoming.headers.connection} ${incoming.headers['x-once'] ?? 'none'}`],
      ]);
      incoming.pipe(outgoing);
    });
    const headers = { Connection: 'close, x-once', 'X-Once': 'secret' };
    const answer = await test.get({ method: 'POST', headers, body: 'héllo' });
    expect(answer).toMatchObject({ status: 418, body: 'héllo' });
    expect(answer.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-latin': 'h\xe9' });
    expect(answer.headers['x-seen']).toBe('keep-alive none');
  });

  it('passes responses without a body that have a length', async () => {
    await behind((incoming, outgoing) => {
      const status = Number(incoming.url?.slice(1));
      outgoing.writeHead(status, ['Content-Length', '5', 'ETag', '"v1"']);
      outgoing.end(status === 200 ? 'hello' : undefined);
    });
    for (const status of [304, 204, 304, 200]) {
      const answer = await test.get({ path: `/${status}` });
      expect(answer).toMatchObject({ status, body: status === 200 ? 'hello' : '' });
      expect(answer.headers).toMatchObject({ etag: '"v1"' });
      expect(answer.headers['content-length']).toBe(status === 204 ? undefined : '5');
    }
  });

  it('passes a chunked body of a method that usually has none', async () => {
    await behind((incoming, outgoing) => incoming.pipe(outgoing));
    const headers = { 'Transfer-Encoding': 'chunked' };
    expect((await test.get({ method: 'DELETE', headers, body: 'x' })).body).toBe('x');
  });

  it('responds to HEAD with the headers only', async () => {
    await behind((_incoming, outgoing) => outgoing.writeHead(200, { 'Content-Length': 1000 }).end());
    const answer = await test.get({ method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-length']).toBe('1000');
  });

  it('sends 100 Continue to a client that waits for it', async () => {
    await behind((incoming, outgoing) => incoming.pipe(outgoing));
    const { host, port } = test.plane.address(test.vip, 80);
    const headers = { Host: 'shop.example', Expect: '100-continue', 'Content-Length': 4 };
    const sent = request({ host, port, method: 'PUT', headers, agent: false });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.end('body');
    const [answer] = await once(sent, 'response');
    expect(Buffer.concat(await answer.toArray()).toString()).toBe('body');
  });
});

describe('WebSocket', () => {
  const asks = { Connection: 'keep-alive, Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': 'x' };

  const targetSides = new Set<Socket>();

  /** Starts a target that accepts every WebSocket upgrade, sends the request that it received, and then echoes. */
  async function echoBehind(): Promise<void> {
    await behind((_, outgoing) => outgoing.writeHead(403).end('no'));
    target?.on('upgrade', ({ headers }, socket: Socket) => {
      socket.on('error', () => socket.destroy());
      targetSides.add(socket);
      const { host, upgrade } = headers;
      const answer = [
        ...['Connection: Upgrade', 'Upgrade: websocket', `X-Asked: ${host} ${upgrade}`],
        `X-For: ${headers['x-forwarded-for']}`,
      ];
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${answer.join('\r\n')}\r\n\r\nhello `);
      socket.pipe(socket);
    });
  }

  const dial = () =>
    request({
      ...test.plane.address(test.vip, 80),
      headers: { ...asks, Host: 'shop.example' },
      agent: false,
    });

  async function opened(): Promise<{
    answer: IncomingMessage;
    socket: Socket;
    read: (size: number) => Promise<string>;
  }> {
    const [answer, socket, head] = (await once(dial().end(), 'upgrade')) as [IncomingMessage, Socket, Buffer];
    socket.unshift(head);
    const read = async (size: number) => {
      let text = '';
      while (text.length < size) {
        const piece: Buffer | null = socket.read();
        if (piece === null) await once(socket, 'readable');
        else text += piece.toString();
      }
      return text;
    };
    return { answer, socket, read };
  }

  it('passes through to the target, in both directions, and is recorded when it ends', async () => {
    await echoBehind();
    const { answer, socket, read } = await opened();
    expect(answer.statusCode).toBe(101);
    expect(answer.headers).toMatchObject({
      connection: 'Upgrade',
      upgrade: 'websocket',
      'x-asked': 'shop.example websocket',
      'x-for': expect.stringMatching(/^127\./),
    });
    expect(await read(6)).toBe('hello ');
    for (const text of ['a', 'b'.repeat(100_000)]) {
      socket.write(text);
      expect(await read(text.length)).toBe(text);
    }
    expect(test.samples).toHaveLength(0);
    socket.destroy();
    await vi.waitFor(() =>
      expect(test.samples).toMatchObject([{ status: 101, backend: { kind: 'target' } }]),
    );
  });

  it('ends with the target, with the data plane, and after an idle timeout', async () => {
    await echoBehind();
    const ended = ({ socket }: Awaited<ReturnType<typeof opened>>) => once(socket.resume(), 'close');
    const byTarget = ended(await opened());
    for (const side of targetSides) side.end();
    await byTarget;
    const byPlane = ended(await opened());
    await test.stop();
    await byPlane;
    const { loadBalancers, instances } = test.account;
    const { listeners } = loadBalancers['lb-1'] ?? expect.fail('no lb-1');
    test = await startTestPlane(network, listeners, { instances }, { readTimeoutMs: 50 });
    await ended(await opened());
  });

  it('passes the response of a target that refuses, and closes the connection', async () => {
    await behind((_, outgoing) => outgoing.writeHead(403, { 'X-Why': 'origin' }).end('no'));
    const [answer] = (await once(dial().end(), 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(403);
    expect(answer.headers).toMatchObject({ 'x-why': 'origin', connection: 'close' });
    expect(Buffer.concat(await answer.toArray()).toString()).toBe('no');
    await vi.waitFor(() => expect(test.samples).toMatchObject([{ status: 403 }]));
  });

  it('treats any other upgrade as a plain request, with its body and on a kept-alive connection', async () => {
    await behind(async (incoming, outgoing) => {
      outgoing.setHeader('X-Upgrade', String(incoming.headers.upgrade));
      outgoing.end(Buffer.concat(await incoming.toArray()));
    });
    const socket = connect(test.plane.address(test.vip, 80));
    const lines = [
      ...['POST / HTTP/1.1', 'Host: shop.example', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c'],
      ...['HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA', 'Content-Length: 5', '', ''],
    ].join('\r\n');
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    for (const body of ['first', 'again']) {
      socket.write(`${lines}${body.slice(0, 2)}`);
      socket.write(body.slice(2));
      await vi.waitFor(() => expect(text).toMatch(new RegExp(`${body}(\r\n0\r\n\r\n)?$`)));
    }
    expect(text.match(/HTTP\/1.1 200/g)).toHaveLength(2);
    expect(text.match(/X-Upgrade: undefined/g)).toHaveLength(2);
    socket.destroy();
  });
});

it('responds with 200, 400 or 417 to requests with any path and headers', async () => {
  await behind((incoming, outgoing) => incoming.pipe(outgoing));
  const { host, port } = test.plane.address(test.vip, 80);
  const send = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const client = connect(port, host, () => client.write(bytes, 'latin1'));
      const chunks: Buffer[] = [];
      client.on('data', (chunk) => chunks.push(chunk));
      client.on('error', reject);
      client.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    });
  const word = fc.string({
    unit: fc.integer({ min: 33, max: 255 }).map((code) => String.fromCharCode(code)),
  });
  const header = fc.tuple(fc.constantFrom('X-A', 'Connection', 'Expect', 'Upgrade', 'TE', 'Cookie'), word);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'OPTIONS', 'PURGE', 'POST'),
      fc.oneof(fc.constant('*'), word, fc.webPath()),
      fc.array(header, { maxLength: 4 }),
      async (method, path, headers) => {
        const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        const head = `${method} /${path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n`;
        const answer = await send(`${head}${lines}\r\n`);
        expect(answer).toMatch(/^HTTP\/1\.1 (200|400|417) /);
      },
    ),
    { numRuns: 60 },
  );
  expect((await test.get()).status).toBe(200);
});

describe('a target that does not answer', () => {
  it('results in 504 when it is silent and 502 when it closes the connection, as assumed', async () => {
    await behind((incoming) => {
      if (incoming.url === '/hang') incoming.socket.destroy();
    });
    await waiting(50);
    expect((await test.get()).status).toBe(504);
    expect((await test.get({ path: '/hang' })).status).toBe(502);
    test.assumptions.set('http.backendTimeout', 500);
    test.assumptions.set('http.connectFailed', 503);
    expect((await test.get()).status).toBe(500);
    expect((await test.get({ path: '/hang' })).status).toBe(503);
  });

  it('closes the client connection when it closes during its response', async () => {
    await behind((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'Content-Length': 100 });
      outgoing.write('half', () => outgoing.destroy());
    });
    await expect(test.get()).rejects.toThrow('aborted');
  });
});

describe('a body that is too large', () => {
  it.each([
    ['with a length', {}],
    ['without a length', { 'Transfer-Encoding': 'chunked' }],
  ])('gets a 413, %s', async (_what, headers: Record<string, string>) => {
    await behind((incoming, outgoing) => {
      incoming.resume();
      incoming.on('end', () => outgoing.end());
    });
    test.account.customConfigs['pz-1'] = worldCustomConfig('client_max_body_size 1M;');
    await test.changed();
    const post = (bytes: number) => test.get({ method: 'POST', headers, body: Buffer.alloc(bytes) });
    expect((await post(1024 * 1024)).status).toBe(200);
    expect((await post(1024 * 1024 + 1)).status).toBe(413);
  });
});

describe('compression', () => {
  const page = 'word '.repeat(1000);
  const headers = { 'Accept-Encoding': 'deflate, gzip;q=0.8' };
  beforeEach(async () => {
    await behind((incoming, outgoing) => {
      const [type = '', size = ''] = (incoming.url ?? '').slice(1).split('?');
      outgoing.setHeader('Content-Type', decodeURIComponent(type));
      outgoing.setHeader('ETag', '"1"');
      outgoing.end(page.slice(0, Number(size)));
    });
    const listener = test.account.loadBalancers['lb-1']?.listeners[0] ?? expect.fail('no listener');
    listener.dataCompressMode = 'compatibility';
    await test.changed();
  });

  it('applies to a client that accepts it, for the documented types, from 1 KB on', async () => {
    const answer = await test.get({ path: '/application%2Fjson?5000', headers });
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', etag: 'W/"1"' });
    expect(answer.headers['content-length']).toBeUndefined();
    expect(gunzipSync(answer.bytes).toString()).toBe(page);
    const isPlain = async (path: string, sent: Record<string, string> = headers) => {
      const plain = await test.get({ path, headers: sent });
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(page).toContain(plain.body);
    };
    await isPlain('/application%2Fjson?1023');
    await isPlain('/image%2Fpng?5000');
    await isPlain('/text%2Fplain?5000', {});
    await isPlain('/text%2Fplain?5000', { 'Accept-Encoding': 'gzip;q=0' });
  });

  it('is done by the target unless the listener compresses, and is off if the rule disables it', async () => {
    firstRule(test).gzip = false;
    await test.changed();
    expect((await test.get({ path: '/text%2Fplain?5000', headers })).body).toBe(page);
  });
});

describe('the traffic record', () => {
  const own = { madeByLoadBalancer: true, backend: null, backendMs: null };

  it('has each request with its rule, its backend and its sizes', async () => {
    await behind((incoming, outgoing) => {
      incoming.resume();
      incoming.on('end', () => outgoing.writeHead(201).end('x'.repeat(500)));
    });
    await test.get({ method: 'POST', body: 'y'.repeat(300) });
    expect(test.samples).toEqual([
      {
        at: test.time.now,
        uin: '100000000001',
        loadBalancerId: 'lb-1',
        vip: test.vip,
        port: 80,
        protocol: 'HTTP',
        status: 201,
        madeByLoadBalancer: false,
        rule: { id: 'loc-1', domain: firstRule(test).domain, url: '/' },
        backend: { kind: 'target', instanceId: 'ins-a', ip: instanceIp, port: 8080 },
        durationMs: expect.any(Number),
        backendMs: expect.any(Number),
        bytesIn: expect.any(Number),
        bytesOut: expect.any(Number),
      },
    ]);
    const [{ bytesIn = 0, bytesOut = 0, durationMs = 0, backendMs = null } = {}] = test.samples;
    expect(bytesIn).toBeGreaterThan(300);
    expect(bytesOut).toBeGreaterThan(500);
    expect(durationMs).toBeGreaterThanOrEqual(backendMs ?? Number.POSITIVE_INFINITY);
  });

  it('has the load balancer’s own responses', async () => {
    firstRule(test).url = '/only';
    firstRule(test).targets = [];
    await test.changed();
    await test.get();
    await test.get({ path: '/only' });
    expect(test.samples).toMatchObject([
      { ...own, status: 404, rule: null },
      { ...own, status: 503, rule: { id: 'loc-1', url: '/only' } },
    ]);
  });

  it('has 499 for a client that disconnected, and the target connection is aborted', async () => {
    const asked = new Promise<void>((resolve) => {
      void behind((incoming, outgoing) => {
        outgoing.on('close', () => resolve());
        incoming.resume();
        client.destroy();
      });
    });
    const { host, port } = test.plane.address(test.vip, 80);
    const client = connect(port, host, () => client.write('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'));
    await asked;
    await expect.poll(() => test.samples).toMatchObject([{ status: 499, madeByLoadBalancer: false }]);
  });
});
