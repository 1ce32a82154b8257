import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Pool } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { loopbackConnector } from './loopback-connector';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const connector = (opened: boolean[] = []) =>
  loopbackConnector({ serverName: 'shop.test', authority: '' }, (_, isTls) => opened.push(isTls));

describe('the connector of a rehearsal', () => {
  it('connects to a loopback address', async () => {
    const server = createServer((request, response) => response.end(request.headers.host));
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const opened: boolean[] = [];
    const pool = new Pool(`http://127.0.0.1:${port}`, { connect: connector(opened) });
    const { body } = await pool.request({ path: '/', method: 'GET', headers: { host: 'shop.test' } });
    expect(await body.text()).toBe('shop.test');
    expect(opened).toEqual([false]);
    await pool.destroy();
  });

  it.each([
    '198.51.100.1',
    '10.0.0.1',
    '169.254.169.254',
    '0.0.0.0',
    'localhost',
    'shop.test',
    '[2001:db8::1]',
  ])('sends nothing to %s', async (host) => {
    const pool = new Pool(`https://${host}`, { connect: connector() });
    await expect(pool.request({ path: '/', method: 'GET' })).rejects.toMatchObject({ code: 'NOT_LOOPBACK' });
    await pool.destroy();
  });
});
