import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { Pool } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority, issueServerCertificate } from '@/lib/sandbox/data-plane/tls/authority';
import { judgeError, readErrorCode } from './classify-attempt';
import { loopbackConnector } from './loopback-connector';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const connector = (opened: boolean[] = []) =>
  loopbackConnector({ serverName: 'shop.test', authority: '' }, (_, isTls) => opened.push(isTls));

describe('the connector of a rehearsal', () => {
  it('connects to a loopback address', async () => {
    const server = createServer((request, response) => response.end(request.headers.host));
    const port = await listen(server);
    const opened: boolean[] = [];
    const pool = new Pool(`http://127.0.0.1:${port}`, { connect: connector(opened) });
    const { body } = await pool.request({ path: '/', method: 'GET', headers: { host: 'shop.test' } });
    expect(await body.text()).toBe('shop.test');
    expect(opened).toEqual([false]);
    await pool.destroy();
  });

  it('refuses a certificate for another name, or of another authority', async () => {
    const [authority, other] = [await createAuthority(Date.now()), await createAuthority(Date.now())];
    const validity = { validFrom: Date.now() - 86_400_000, validTo: Date.now() + 86_400_000 };
    const pair = await issueServerCertificate(authority, { name: 'shop', names: ['shop.test'], ...validity });
    const server = createTlsServer({ cert: pair.certificate, key: pair.key }, (_, response) =>
      response.end(),
    );
    const port = await listen(server);
    const ask = async (serverName: string, trusted: string) => {
      const connect = loopbackConnector({ serverName, authority: trusted }, () => {});
      const pool = new Pool(`https://127.0.0.1:${port}`, { connect });
      try {
        return (await pool.request({ path: '/', method: 'GET' })).statusCode;
      } catch (error) {
        return judgeError(readErrorCode(error));
      } finally {
        await pool.destroy();
      }
    };
    expect(await ask('shop.test', authority.certificate)).toBe(200);
    expect(await ask('flash.test', authority.certificate)).toBe('tlsFailed');
    expect(await ask('shop.test', other.certificate)).toBe('tlsFailed');
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
