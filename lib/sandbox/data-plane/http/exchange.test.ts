import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Exchange } from './exchange';

let server: Server;
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

/** Sends a client's bytes and returns the first request that they form; the server handles it with `serve`. */
async function received(bytes: string, serve: (exchange: Exchange) => void) {
  const exchange = new Promise<Exchange>((resolve) => {
    server = createServer((request, response) => {
      const made = new Exchange(request, response, () => {});
      serve(made);
      resolve(made);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1', () => client.write(bytes));
  return { client, exchange: await exchange };
}

it('reads a request in absolute form like one in origin form', async () => {
  const head = 'GET http://other.example/a?b=1 HTTP/1.1\r\nHost: shop.example\r\n\r\n';
  const { exchange } = await received(head, (made) => made.end());
  expect(exchange).toMatchObject({ target: '/a?b=1', host: 'shop.example', version: '1.1', bodyLength: 0 });
});

it('reports a client that stops sending its body', async () => {
  const head = 'POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 10\r\n\r\nhalf';
  const { client } = await received(head, (made) => {
    made.body.resume();
    made.onIdleBody(10, () => {
      made.begin(408, ['Content-Length', '0', 'Connection', 'close']);
      made.end();
    });
  });
  const [answer] = await once(client, 'data');
  expect(String(answer)).toContain('408 Request Timeout');
});

it('recognizes a client that has disconnected, and one that has its response', async () => {
  const whole = await received('GET / HTTP/1.1\r\nHost: a\r\n\r\n', (made) => made.end());
  await expect.poll(() => [whole.exchange.over, whole.exchange.answered]).toEqual([true, true]);
  server.close();
  server.closeAllConnections();
  const gone = await received('GET / HTTP/1.1\r\nHost: a\r\n\r\n', () => {});
  expect(gone.exchange.over).toBe(false);
  gone.client.destroy();
  await expect.poll(() => [gone.exchange.over, gone.exchange.answered]).toEqual([true, false]);
});
