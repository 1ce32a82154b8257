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
  expect(hostAllowed(host, 'http://127.0.0.1:3000')).toBe(true);
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
  expect(hostAllowed(host, 'http://127.0.0.1:3000')).toBe(false);
});

test.each([
  ['https://spillway.example.com', 'spillway.example.com', true],
  ['https://spillway.example.com', 'Spillway.Example.com:443', true],
  ['https://spillway.example.com', 'localhost:3000', true],
  ['https://spillway.example.com', 'spillway.example.com:80', false],
  ['https://spillway.example.com', 'spillway.example.com.', false],
  ['https://spillway.example.com', 'evil.spillway.example.com', false],
  ['https://spillway.example.com:8443', 'spillway.example.com:8443', true],
  ['https://spillway.example.com:8443', 'spillway.example.com', false],
  ['http://127.0.0.1', '127.1', false],
])('with the address %s, the host %s is allowed: %s', (url, host, isAllowed) => {
  expect(hostAllowed(host, url)).toBe(isAllowed);
});
