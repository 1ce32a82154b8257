import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { forwardedHeaders } from './forwarding-headers';
import { proxyRequest } from './proxy';
import { ask } from './test-world';

describe('proxying to a target', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function serve(listener: RequestListener) {
    const server = createServer(listener);
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    return { host: '127.0.0.1', port };
  }
  /** A load balancer in front of one target. */
  async function through(listener: RequestListener, readTimeoutMs = 20_000) {
    const target = await serve(listener);
    return serve((request, response) =>
      proxyRequest(request, response, { target, headers: forwardedHeaders(request, 0), readTimeoutMs }),
    );
  }

  it('passes status, repeated headers and bodies, and keeps the headers of one connection to itself', async () => {
    const vip = await through((request, response) => {
      response.writeHead(418, [
        ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
        ...['X-Seen', `${request.headers.connection} ${request.headers['x-once'] ?? 'none'}`],
      ]);
      request.pipe(response);
    });
    const headers = { Connection: 'close, x-once', 'X-Once': 'secret' };
    const answer = await ask(vip, { host: 'a.test', method: 'POST', headers, body: 'héllo' });
    expect(answer).toMatchObject({ status: 418, body: 'héllo' });
    expect(answer.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-seen': 'close none' });
  });

  it('passes a chunked body of a method that usually has none', async () => {
    const vip = await through((request, response) => request.pipe(response));
    const headers = { 'Transfer-Encoding': 'chunked' };
    expect((await ask(vip, { host: 'a.test', method: 'DELETE', headers, body: 'x' })).body).toBe('x');
  });

  it('answers 504 to a target that is silent, 502 to one that hangs up', async () => {
    expect((await ask(await through(() => {}, 30), { host: 'a.test' })).status).toBe(504);
    expect((await ask(await through((request) => request.socket.destroy()), { host: 'a.test' })).status).toBe(
      502,
    );
  });

  it('breaks off when the target does', async () => {
    const vip = await through((_request, response) => {
      response.writeHead(200, { 'Content-Length': 100 });
      response.write('half', () => response.destroy());
    });
    await expect(ask(vip, { host: 'a.test' })).rejects.toThrow('aborted');
  });
});
