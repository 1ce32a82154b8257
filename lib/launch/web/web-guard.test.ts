import { expect, test } from 'vitest';
import { hostAllowed } from './web-guard';

test.each([
  'localhost',
  'localhost:3000',
  'LOCALHOST:3000',
  '127.0.0.1',
  '127.0.0.1:3000',
  '[::1]',
  '[::1]:65535',
])('accepts %s as this machine', (host) => {
  expect(hostAllowed(host)).toBe(true);
});

test.each([
  undefined,
  '',
  'evil.example',
  'localhost.',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '127.0.0.1:',
  '127.0.0.1:x',
  '127.0.0.1:3000:1',
  '127.0.0.2',
  '0.0.0.0:3000',
  '127.1',
  '2130706433',
  '::1',
  '[::1',
  '[::ffff:127.0.0.1]',
  'user@localhost',
  'localhost@evil.example',
  'localhost, evil.example',
  ' localhost',
  'localhost\n',
])('refuses %j', (host) => {
  expect(hostAllowed(host)).toBe(false);
});
