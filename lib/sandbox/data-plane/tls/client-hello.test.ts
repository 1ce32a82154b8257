import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import { readTlsClientHello } from 'read-tls-client-hello';
import { expect, it } from 'vitest';
import { type ClientHello, supportedKeyType } from './client-hello';

/** Returns the hello that this Node.js sends as a client. */
async function helloOf(options: ConnectionOptions): Promise<ClientHello> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  const client = connect({ ...options, host: '127.0.0.1', port: address.port });
  client.on('error', () => {});
  const [socket] = (await once(server, 'connection')) as [Socket];
  const hello = await readTlsClientHello(socket);
  client.destroy();
  socket.destroy();
  server.close();
  return hello;
}

const [ecdsa, rsa] = ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'];
const [tls12, tls13] = [{ maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }] as const;
const rsaOnly = 'rsa_pss_rsae_sha256:rsa_pkcs1_sha256';

it.each([
  ['a client that can read all', {}, 'ECC', 'ECC'],
  ['suites with ECDSA alone', { ...tls12, ciphers: ecdsa }, 'ECC', 'ECC'],
  ['suites with RSA alone', { ...tls12, ciphers: rsa }, 'RSA', 'RSA'],
  ['suites with RSA alone below TLS 1.3, of a client that knows it', { ciphers: rsa }, 'ECC', 'RSA'],
  ['signatures by RSA alone', { sigalgs: rsaOnly }, 'RSA', 'RSA'],
  ['TLS 1.3 alone', tls13, 'ECC', 'RSA'],
  ['TLS 1.3 with signatures by RSA alone', { ...tls13, sigalgs: rsaOnly }, 'RSA', 'RSA'],
] as const)('%s', async (_, options, onTls13, onTls12) => {
  const hello = await helloOf(options);
  expect(supportedKeyType(hello, true)).toBe(onTls13);
  expect(supportedKeyType(hello, false)).toBe(onTls12);
});

it('assumes RSA for a hello without signature algorithms', () => {
  expect(supportedKeyType({ cipherSuites: [0xc02b], extensions: [] }, true)).toBe('RSA');
});
