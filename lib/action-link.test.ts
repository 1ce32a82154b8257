import { expect, it } from 'vitest';
import { type ActionLink, readLink, signLink, verifyLink } from './action-link';

const secret = Buffer.alloc(32, 3).toString('base64');
const link: ActionLink = {
  id: 'alert_17 approve',
  action: 'approve',
  subject: 'P-0001',
  hash: 'sha256:abc',
  attempts: null,
  expires: 1_797_033_605,
};

it('is the same for the same link, and fits into an address', () => {
  const token = signLink(secret, link);
  expect(signLink(secret, link)).toBe(token);
  expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/);
  expect(verifyLink(secret, token)).toEqual(link);
});

it('is refused with another key, and after any change of its payload or signature', () => {
  const token = signLink(secret, link);
  expect(verifyLink(Buffer.alloc(32, 4).toString('base64'), token)).toBeNull();
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'A' ? 'B' : 'A';
    expect(verifyLink(secret, token.slice(0, at) + other + token.slice(at + 1))).toBeNull();
  }
  const [, signature = ''] = token.split('.');
  for (const change of [{ subject: 'P-0002' }, { action: 'rollback' as const }, { expires: 9_999_999_999 }]) {
    const [payload] = signLink('', { ...link, ...change }).split('.');
    expect(verifyLink(secret, `${payload}.${signature}`)).toBeNull();
    expect(readLink(`${payload}.${signature}`)).toEqual({ ...link, ...change });
  }
});

it('refuses what is no token, without an error', () => {
  const token = signLink(secret, link);
  const [payload = ''] = token.split('.');
  for (const text of [
    '',
    '.',
    '..',
    payload,
    `${payload}.`,
    `${token}.`,
    `${token}=`,
    'x'.repeat(100_000),
    '\u0000.a',
  ])
    expect(verifyLink(secret, text)).toBeNull();
  expect(readLink('e30.x')).toBeNull();
});
