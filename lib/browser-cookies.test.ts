import { expect, it } from 'vitest';
import { formatCookie, formatZoneCookie, parseZoneCookie } from './browser-cookies';

it.each([
  { zone: 'Asia/Jakarta', isChosen: true },
  { zone: 'Asia/Jakarta', isChosen: false },
])('stores a zone, and whether it was chosen: %j', (zone) => {
  expect(parseZoneCookie(formatZoneCookie(zone))).toEqual(zone);
});

it.each([undefined, '', '~', 'Mars/Base', '"><script>', 'x'.repeat(10_000)])(
  'rejects an invalid zone: %s',
  (value) => {
    expect(parseZoneCookie(value)).toBeNull();
  },
);

it('escapes characters that would end the cookie, and deletes it without a value', () => {
  expect(formatCookie('connection', 'a; Domain=evil')).toBe(
    'spillway-connection=a%3B%20Domain%3Devil; Path=/; Max-Age=31536000; SameSite=Lax',
  );
  expect(formatCookie('zone', '')).toBe('spillway-zone=; Path=/; Max-Age=0; SameSite=Lax');
});
