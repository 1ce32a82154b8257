import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { request as requestTls } from 'node:https';
import { createConnection } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { type ConnectionOptions, connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestPlane, type TestPlane } from '@/testing/sandbox/data-plane/test-plane';
import {
  requestHttp2,
  worldInstance,
  worldListener,
  worldRule,
} from '@/testing/sandbox/data-plane/test-world';
import type { WorldCertificate } from '../world/access';
import type { WorldCertificateUse } from '../world/clb';
import type { InstanceAnswer } from './target-servers';
import { createAuthority } from './tls/authority';
import { clientCertificate } from './tls/site-tls';

const now = Date.now();
const day = 86_400_000;
const server = (id: string, domain: string, parts: Partial<WorldCertificate> = {}): WorldCertificate => ({
  id,
  alias: id,
  kind: 'SVR',
  domain,
  furtherDomains: [],
  algorithm: 'ECC P-256',
  issuedAt: now - day,
  expiresAt: now + day,
  uploaded: null,
  ...parts,
});
const use = (id: string, parts: Partial<WorldCertificateUse> = {}): WorldCertificateUse => ({
  mode: 'UNIDIRECTIONAL',
  ids: [id],
  caId: null,
  verifyClient: '',
  ...parts,
});
const targets = [{ instanceId: 'ins-a', port: 8080, weight: 10, registeredAt: 0 }];

let test: TestPlane;
const lines: string[] = [];
beforeAll(async () => {
  const rule = (id: string, domain: string, parts = {}) => worldRule({ id, domain, targets, ...parts });
  const https = (id: string, port: number, certificate: WorldCertificateUse | null, parts = {}) =>
    worldListener({ id, port, protocol: 'HTTPS', certificate, ...parts });
  test = await startTestPlane(
    '127.105.1',
    [
      https('lbl-one', 443, use('cert-shop'), {
        rules: [
          rule('loc-1', 'shop.example', { http2: true, isDefault: true }),
          rule('loc-2', 'old.example', { http2: false }),
        ],
      }),
      https('lbl-sni', 8443, null, {
        sni: true,
        rules: [
          rule('loc-3', 'a.example', { certificate: use('cert-a'), isDefault: true }),
          rule('loc-4', '*.b.example', { certificate: use('cert-b') }),
          rule('loc-5', 'gone.example', { certificate: use('cert-gone') }),
          rule('loc-6', 'past.example', { certificate: use('cert-past') }),
          rule('loc-12', 'both.example', {
            certificate: { ...use('cert-both'), ids: ['cert-both', 'cert-both-rsa'] },
          }),
          rule('loc-13', 'htob.example', {
            certificate: { ...use('cert-both'), ids: ['cert-both-rsa', 'cert-both'] },
          }),
          rule('loc-7', 'inner.example', { certificate: use('cert-a'), forwardType: 'HTTPS' }),
        ],
      }),
      https('lbl-mutual', 9443, use('cert-shop', { mode: 'MUTUAL', caId: 'ca-1', verifyClient: 'ON' }), {
        rules: [rule('loc-8', 'shop.example', { isDefault: true })],
      }),
      https(
        'lbl-optional',
        9444,
        use('cert-shop', { mode: 'MUTUAL', caId: 'ca-1', verifyClient: 'OPTIONAL' }),
        {
          rules: [rule('loc-9', 'shop.example', { isDefault: true })],
        },
      ),
      https(
        'lbl-two',
        9446,
        { ...use('cert-shop'), ids: ['cert-shop', 'cert-rsa'] },
        {
          rules: [rule('loc-11', 'shop.example', { isDefault: true })],
        },
      ),
      https('lbl-unknown', 9445, use('cert-none'), { rules: [rule('loc-10', 'shop.example')] }),
    ],
    {
      instances: { 'ins-a': worldInstance({ id: 'ins-a', privateIp: '127.105.1.101' }) },
      certificates: {
        'cert-shop': server('cert-shop', 'shop.example', { furtherDomains: ['old.example'] }),
        'cert-a': server('cert-a', 'a.example', { furtherDomains: ['inner.example'] }),
        'cert-rsa': server('cert-rsa', 'shop.example', { algorithm: 'RSA 2048' }),
        'cert-both': server('cert-both', 'both.example', { furtherDomains: ['htob.example'] }),
        'cert-both-rsa': server('cert-both-rsa', 'both.example', {
          algorithm: 'RSA 2048',
          furtherDomains: ['htob.example'],
        }),
        'cert-b': server('cert-b', '*.b.example'),
        'cert-past': server('cert-past', 'past.example', { expiresAt: now - 1000 }),
        'ca-1': server('ca-1', 'Partners', { kind: 'CA' }),
        'ca-2': server('ca-2', 'Others', { kind: 'CA' }),
      },
    },
    { log: pino({ level: 'warn' }, { write: (line) => lines.push(line) }) },
  );
});
afterAll(() => test.stop());

const trusting = () => ({ ca: test.authority.certificate });
const secure = (port: number, host: string, tls = {}) =>
  test.get({ port, host, tls: { ...trusting(), ...tls }, headers: { accept: 'application/json' } });

/** Returns the certificate for a server name. */
async function certificateFor(
  port: number,
  servername: string,
  tls: ConnectionOptions = {},
): Promise<DetailedPeerCertificate> {
  const socket = await new Promise<TLSSocket>((resolve, reject) => {
    const opened = connect({ ...test.plane.address(test.vip, port), servername, ...trusting(), ...tls }, () =>
      resolve(opened),
    );
    opened.on('error', reject);
  });
  const certificate = socket.getPeerCertificate(true);
  socket.destroy();
  return certificate;
}

it('serves a certificate that only clients with the authority trust', async () => {
  const answer = await secure(443, 'shop.example');
  expect(answer.status).toBe(200);
  const { headers } = JSON.parse(answer.body) as InstanceAnswer;
  expect(headers).toMatchObject({
    'x-forwarded-proto': 'https',
    'x-client-proto': 'https',
    'x-client-proto-ver': 'HTTP/1.1',
  });
  await expect(secure(443, 'other.example')).rejects.toThrow("does not match certificate's altnames");
  await expect(test.get({ port: 443, tls: {} })).rejects.toThrow('unable to');
});

it('uses HTTP/2 if it is on for the domain, with lower-case headers towards the target', async () => {
  const address = test.plane.address(test.vip, 443);
  const asked = { tls: trusting(), headers: { accept: 'application/json', 'x-forwarded-for': '1.2.3.4' } };
  const answer = await requestHttp2(address, { host: 'shop.example', path: '/a?b=1', ...asked });
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json');
  const instance = JSON.parse(answer.body) as InstanceAnswer;
  expect(instance).toMatchObject({ host: 'shop.example', path: '/a?b=1', method: 'GET' });
  expect(instance.headers).toMatchObject({
    'x-client-proto-ver': 'HTTP/2.0',
    'x-forwarded-for': expect.stringMatching(/^1\.2\.3\.4, 127\./),
  });
  await expect(requestHttp2(address, { host: 'old.example', ...asked })).rejects.toThrow();
});

it('accepts bodies over HTTP/2, with and without a length', async () => {
  const address = test.plane.address(test.vip, 443);
  const post = (headers: Record<string, string>) =>
    requestHttp2(address, {
      host: 'shop.example',
      method: 'POST',
      body: Buffer.alloc(200_000),
      tls: trusting(),
      headers: { accept: 'application/json', ...headers },
    });
  const bytes = async (headers: Record<string, string>) => JSON.parse((await post(headers)).body).bodyBytes;
  expect(await bytes({ 'content-length': '200000' })).toBe(200_000);
  expect(await bytes({})).toBe(200_000);
});

it('records a stream that the client aborted as 499, and serves the others of the connection', async () => {
  const { host, port } = test.plane.address(test.vip, 443);
  const session = connectHttp2('https://shop.example', { host, port, ...trusting() });
  const headers = { ':method': 'POST', ':path': '/given-up', 'content-length': '100' };
  const given = session.request(headers);
  given.on('error', () => {});
  await new Promise<void>((sent) => given.write('half', () => sent()));
  const before = test.samples.length;
  const other = session.request({ ':path': '/other' });
  await once(other.resume(), 'end');
  given.close(constants.NGHTTP2_CANCEL);
  await expect.poll(() => test.samples.slice(before).map(({ status }) => status)).toEqual([200, 499]);
  session.close();
});

it('serves, with SNI, the certificate of the domain; for unknown names, that of the default domain', async () => {
  expect((await certificateFor(8443, 'a.example')).subject.CN).toBe('a.example');
  const wild = await certificateFor(8443, 'www.b.example');
  expect(wild.subjectaltname).toBe('DNS:*.b.example');
  expect(wild.issuerCertificate.subject.CN).toBe('Spillway Sandbox Authority');
  expect((await secure(8443, 'a.example')).status).toBe(200);
  await expect(secure(8443, 'elsewhere.example')).rejects.toThrow('altnames');
});

it('refuses TLS for an unknown certificate, and is refused with an expired one', async () => {
  await expect(secure(8443, 'gone.example')).rejects.toThrow();
  await expect(secure(9445, 'shop.example')).rejects.toThrow();
  await expect(secure(9445, 'shop.example')).rejects.toThrow();
  expect(lines.filter((line) => line.includes('lbl-unknown'))).toHaveLength(1);
  expect(lines.join()).toContain('names no server certificate that account 100000000001 has (cert-none)');
  await expect(secure(8443, 'past.example')).rejects.toThrow('certificate has expired');
});

it('serves another certificate when the account has another', async () => {
  const before = await certificateFor(8443, 'a.example');
  test.account.certificates['cert-a'] = server('cert-a', 'a.example', {
    furtherDomains: ['inner.example', 'more.example'],
  });
  await test.changed();
  const after = await certificateFor(8443, 'a.example');
  expect(after.subjectaltname).toContain('more.example');
  expect(after.fingerprint256).not.toBe(before.fingerprint256);
});

it.each([
  ['the listener', 9446, 'shop.example'],
  ['a domain with SNI', 8443, 'both.example'],
  ['a domain with SNI, in the other order', 8443, 'htob.example'],
])(
  'presents, of two certificates of %s, the one whose key type the client supports',
  async (_, port, name) => {
    const curveFor = async (tls: ConnectionOptions) => (await certificateFor(port, name, tls)).asn1Curve;
    const [ecdsa, rsa] = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'];
    expect(await curveFor({ ciphers: ecdsa })).toBe('prime256v1');
    expect(await curveFor({ ciphers: rsa })).toBeUndefined();
    expect(
      await curveFor({ ciphers: `${ecdsa}:${rsa}`, sigalgs: 'rsa_pss_rsae_sha256:rsa_pkcs1_sha256' }),
    ).toBeUndefined();
  },
);

it('accepts a fragmented hello for a domain with two certificates, and passes an invalid hello to the server', async () => {
  const { host, port } = test.plane.address(test.vip, 8443);
  const through = createConnection({ host, port });
  const [near, far] = duplexPair();
  near.on('data', async (bytes: Buffer) => {
    for (const byte of bytes) through.write(Buffer.from([byte]));
  });
  through.on('data', (bytes) => near.write(bytes));
  const socket = connect({ socket: far, servername: 'both.example', ...trusting() });
  await once(socket, 'secureConnect');
  expect(socket.getPeerCertificate().subject.CN).toBe('both.example');
  socket.destroy();
  through.destroy();
  const other = createConnection({ host, port });
  other.write('GET / HTTP/1.1\r\n\r\n');
  await once(other.resume(), 'close');
});

it('uses TLS to the target if the rule has the protocol HTTPS', async () => {
  expect((await secure(8443, 'inner.example')).status).toBe(200);
});

it('requests a client certificate of the named authority, mandatory or optional', async () => {
  const ca = (id: string) => test.account.certificates[id] ?? expect.fail(`no ${id}`);
  const client = async (id: string, authority = test.authority) => {
    const issued = await clientCertificate(authority, ca(id), 'client');
    const { certificate: cert, key } = issued ?? expect.fail(`no certificate for ${id}`);
    return { cert, key };
  };
  const right = await client('ca-1');
  const wrong = await client('ca-2');
  expect((await secure(9443, 'shop.example', right)).status).toBe(200);
  expect((await secure(9443, 'shop.example', wrong)).status).toBe(400);
  expect((await secure(9443, 'shop.example')).status).toBe(400);
  expect((await secure(9444, 'shop.example')).status).toBe(200);
  expect((await secure(9444, 'shop.example', right)).status).toBe(200);
  expect((await secure(9444, 'shop.example', wrong)).status).toBe(400);
  const owner = await createAuthority(now);
  const uploaded = { ...ca('ca-1'), alias: 'Spillway Sandbox Authority', domain: '' };
  const theirs = await clientCertificate(owner, uploaded, 'client');
  test.account.certificates['ca-1'] = { ...uploaded, uploaded: owner.certificate };
  await test.changed();
  const shown = { cert: theirs?.certificate, key: theirs?.key };
  expect((await secure(9443, 'shop.example', shown)).status).toBe(200);
  expect((await secure(9443, 'shop.example', right)).status).toBe(400);
  expect(await clientCertificate(test.authority, ca('ca-1'), 'client')).toBeNull();
  test.assumptions.set('http.noClientCertificate', 403);
  expect((await secure(9443, 'shop.example')).status).toBe(403);
});

it('passes WebSocket through to a target', async () => {
  const target = createServer();
  target.on('upgrade', ({ headers }, socket) => {
    const proto = headers['x-forwarded-proto'];
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.end(String(proto));
  });
  // In place of the sandbox's own server: any server on an instance's address and port acts as the instance.
  await once(target.listen(8090, '127.105.1.101'), 'listening');
  const [, rule] = test.account.loadBalancers['lb-1']?.listeners[0]?.rules ?? [];
  if (rule === undefined) expect.fail('there is no loc-2');
  rule.targets = [{ instanceId: 'ins-a', port: 8090, weight: 10, registeredAt: 0 }];
  await test.changed();
  const sent = requestTls({
    ...test.plane.address(test.vip, 443),
    servername: 'old.example',
    ca: test.authority.certificate,
    rejectUnauthorized: false,
    agent: false,
    headers: { Host: 'old.example', Connection: 'Upgrade', Upgrade: 'websocket' },
  });
  const [answer, socket, head] = (await once(sent.end(), 'upgrade')) as [IncomingMessage, Duplex, Buffer];
  expect(answer.statusCode).toBe(101);
  socket.unshift(head);
  expect(Buffer.concat(await socket.toArray()).toString()).toBe('https');
  target.close();
});
