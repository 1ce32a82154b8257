import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  clientAuthority,
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
} from './authority';

const now = Date.UTC(2026, 0, 15);
const validFrom = now - 1000;
const validTo = now + 1000;
const authority = await createAuthority(now);

test('issues a server certificate with its names and validity, signed by the authority', async () => {
  const names = ['shop.example', '*.shop.example'];
  const issued = await issueServerCertificate(authority, { name: 'shop.example', names, validFrom, validTo });
  const certificate = new X509Certificate(issued.certificate);
  const root = new X509Certificate(authority.certificate);
  expect(root.ca).toBe(true);
  expect(certificate.checkIssued(root)).toBe(true);
  expect(certificate.verify(root.publicKey)).toBe(true);
  expect(certificate.checkHost('a.shop.example')).toBe('*.shop.example');
  expect(certificate.checkHost('shop.example')).toBe('shop.example');
  expect(certificate.checkHost('other.example')).toBeUndefined();
  expect(Date.parse(certificate.validFrom)).toBe(validFrom);
  expect(Date.parse(certificate.validTo)).toBe(validTo);
});

test('issues a client certificate of the client authority that it names, and of no other', async () => {
  const one = new X509Certificate(await clientAuthority(authority, { name: 'One, Ltd', validFrom, validTo }));
  const two = new X509Certificate(await clientAuthority(authority, { name: 'Two', validFrom, validTo }));
  const issued = await issueClientCertificate(authority, 'One, Ltd', {
    name: 'a client',
    validFrom,
    validTo,
  });
  const certificate = new X509Certificate(issued.certificate);
  expect(certificate.subject).toBe('CN=a client');
  expect(certificate.checkIssued(one)).toBe(true);
  expect(certificate.checkIssued(two)).toBe(false);
});

test('gives no two certificates the same serial number', async () => {
  const issued = await Promise.all(
    Array.from({ length: 20 }, () =>
      issueServerCertificate(authority, { name: 'a', names: ['a'], validFrom, validTo }),
    ),
  );
  const serials = issued.map(({ certificate }) => new X509Certificate(certificate).serialNumber);
  expect(new Set(serials).size).toBe(20);
});
