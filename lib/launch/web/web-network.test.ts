import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer, request as tlsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestCaller } from '@/lib/server/request-actor';
import { selfSigned } from '@/testing/launch/self-signed';
import { createClientNetwork } from './client-network';
import { followTlsFiles, readTlsFiles } from './tls-files';
import { startWebServer, type WebPlace, type WebServer } from './web-server';

/* The dashboard on a network: TLS, its public address, and proxies. */

let server: WebServer | undefined;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-tls-'));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a dashboard that answers with the client's address and the proxy headers that it got. */
async function start(place: Partial<WebPlace>): Promise<number> {
  server = await startWebServer({ port: 0, ...place }, (request, response) => {
    const forwarded = Object.keys(request.headers).filter((name) => name.startsWith('x-forwarded-'));
    response.end([requestCaller()?.address, ...forwarded].join(' '));
  });
  return server.port;
}

async function writeCertificate(name: string) {
  const { content, key } = await selfSigned(name);
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.cert, content);
  writeFileSync(files.key, key);
  return { files, content };
}

async function ask(
  port: number,
  headers: Record<string, string>,
  { method = 'GET', ca }: { method?: string; ca?: string } = {},
) {
  const place = { host: '127.0.0.1', port, method, headers };
  const message =
    ca === undefined
      ? httpRequest(place)
      : tlsRequest({ ...place, ca, servername: 'spillway.example.com', agent: false });
  const answered = once(message, 'response') as Promise<[IncomingMessage]>;
  message.end();
  const [response] = await answered;
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe('with TLS', () => {
  it('is served to clients that trust the certificate, which then keep to TLS', async () => {
    const { files, content } = await writeCertificate('spillway.example.com');
    const port = await start({ tls: files, url: 'https://spillway.example.com' });
    const answer = await ask(port, { host: 'spillway.example.com' }, { ca: content });
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'strict-transport-security': 'max-age=31536000' },
    });
    await expect(ask(port, { host: 'spillway.example.com' })).rejects.toThrow();
  });

  it('refuses versions before 1.2', async () => {
    const { files } = await writeCertificate('spillway.example.com');
    const port = await start({ tls: files });
    const old = { port, host: '127.0.0.1', rejectUnauthorized: false, maxVersion: 'TLSv1.1' as const };
    const [error] = await once(connect({ ...old, minVersion: 'TLSv1' }), 'error');
    expect(String(error)).toMatch(/protocol|alert/i);
  });

  it('uses a renewed certificate, and keeps the old one while the files can’t be used', async () => {
    const first = await writeCertificate('first.example.com');
    const reasons: string[] = [];
    const plain = createTlsServer(readTlsFiles(first.files)).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const stop = followTlsFiles(plain, first.files, (reason) => reasons.push(reason), 5);
    const seen = async () => {
      const { port } = plain.address() as AddressInfo;
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      return subject.CN;
    };
    writeFileSync(first.files.key, 'half of a key');
    await expect.poll(() => reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/^SPILLWAY_TLS_CERT, SPILLWAY_TLS_KEY: .* can't be used .*; the earlier/);
    expect(await seen()).toBe('first.example.com');
    await writeCertificate('second.example.com');
    await expect.poll(seen).toBe('second.example.com');
    stop();
    plain.close();
  });

  it('does not start with a file that can’t be read, and names the setting', async () => {
    const tls = { cert: join(folder, 'none.pem'), key: join(folder, 'none.key') };
    await expect(start({ tls })).rejects.toThrow(/^SPILLWAY_TLS_CERT: .*none\.pem can't be read \(ENOENT/);
  });
});

describe('behind a proxy', () => {
  const url = 'https://spillway.example.com';
  const host = 'spillway.example.com';

  it('takes changes only from pages of the public address', async () => {
    const port = await start({ url, trustedProxies: ['127.0.0.1'] });
    const post = (origin: string, to = host) => ask(port, { host: to, origin }, { method: 'POST' });
    expect(await post(url)).toMatchObject({ status: 200 });
    expect(await post('http://spillway.example.com')).toMatchObject({ status: 403 });
    expect(await post('https://evil.example.com')).toMatchObject({ status: 403 });
    expect(await post('https://evil.example.com', 'evil.example.com')).toMatchObject({
      status: 403,
      body: `Spillway is available only at ${url}\n`,
    });
  });

  it('believes the address that a trusted proxy added, not what the client wrote before it', async () => {
    const port = await start({ url, trustedProxies: ['127.0.0.0/8', '10.1.0.0/16'] });
    const forwarded = { host, 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 10.1.2.3' };
    expect(await ask(port, forwarded)).toMatchObject({ body: '203.0.113.9' });
  });

  it('ignores the headers of others', async () => {
    const port = await start({ url });
    const forged = { host, 'x-forwarded-for': '203.0.113.9', 'x-spillway-client': '203.0.113.9' };
    expect(await ask(port, { ...forged, 'x-forwarded-host': 'evil.example.com' })).toMatchObject({
      body: '127.0.0.1',
    });
  });

  it.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.1.2.3', true],
    ['::ffff:10.1.2.3', true],
    ['10.2.2.3', false],
    ['2001:db8::7', true],
    ['2001:db8:1::7', false],
    [undefined, false],
  ])('accepts a connection without TLS from %s: %s', (address, isNear) => {
    expect(createClientNetwork(['10.1.0.0/16', '2001:db8::/48']).isNear(address)).toBe(isNear);
  });
});
