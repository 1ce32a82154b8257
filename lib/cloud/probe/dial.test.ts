import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createDial } from './dial';

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

async function startControlApi(status: number, body: object): Promise<{ url: string; token: string }> {
  server = createServer((request, response) => {
    const isKnown = request.headers.authorization === 'Bearer secret' && request.url === '/addresses';
    response.writeHead(isKnown ? status : 401).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}`, token: 'secret' };
}

test('connects to the VIP itself, with an offset for low ports if necessary', async () => {
  const connection = { portOffset: 10_000, addresses: null };
  expect(await createDial(connection, '127.77.1.1', 80)).toEqual({ host: '127.77.1.1', port: 10_080 });
  expect(await createDial(connection, '127.77.1.1', 8080)).toEqual({ host: '127.77.1.1', port: 8080 });
});

test('otherwise gets the address from the sandbox, or null', async () => {
  const address = { vip: '127.77.1.1', port: 80, host: '127.0.0.1', realPort: 50_123 };
  const addresses = await startControlApi(200, { addresses: [address] });
  const connection = { portOffset: 0, addresses };
  expect(await createDial(connection, '127.77.1.1', 80)).toEqual({ host: '127.0.0.1', port: 50_123 });
  await expect(createDial(connection, '127.77.1.1', 443)).rejects.toThrow(
    'nothing answers for 127.77.1.1:443',
  );
});

test('reports an unreachable control API', async () => {
  const { url } = await startControlApi(200, {});
  const connection = { portOffset: 0, addresses: { url, token: 'wrong' } };
  await expect(createDial(connection, '127.77.1.1', 80)).rejects.toThrow('status 401');
});
