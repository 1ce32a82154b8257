import { expect, it } from 'vitest';
import { formatCookie, formatZoneCookie, parseZoneCookie } from './browser-cookies';

it.each([
  { zone: 'Asia/Jakarta', isChosen: true },
  { zone: 'Asia/Jakarta', isChosen: false },
])('keeps a zone, and whether it was chosen: %j', (zone) => {
  expect(parseZoneCookie(formatZoneCookie(zone))).toEqual(zone);
});

it.each([undefined, '', '~', 'Mars/Base', '"><script>', 'x'.repeat(10_000)])(
  'takes nothing that is not a zone: %s',
  (value) => {
    expect(parseZoneCookie(value)).toBeNull();
  },
);

it('escapes what would end the cookie, and removes it without a value', () => {
  expect(formatCookie('connection', 'a; Domain=evil')).toBe(
    'spillway-connection=a%3B%20Domain%3Devil; Path=/; Max-Age=31536000; SameSite=Lax',
  );
  expect(formatCookie('zone', '')).toBe('spillway-zone=; Path=/; Max-Age=0; SameSite=Lax');
});
