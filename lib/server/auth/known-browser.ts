import 'server-only';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseCookies } from 'better-auth/cookies';
import { publicUrl } from '@/lib/settings';
import { webProcess } from '@/lib/store/web-process';
import { deriveKey } from './derive-key';

/*
 * A browser in which a person has signed in before keeps a cookie that proves it, so that others who try passwords for
 * that person can't lock the browser out: https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 * The cookie doesn't sign anyone in.
 */

/** Browsers keep a cookie for 400 days at most (RFC 6265bis, 5.5). */
const MAX_AGE_S = 400 * 24 * 3600;

/** Returns the name of the cookie, and its attribute over TLS: no page without TLS can set a cookie of such a name. */
function describeCookie() {
  const isSecure = publicUrl(webProcess().settings).startsWith('https:');
  return isSecure
    ? { name: '__Secure-spillway.browser', secure: '; Secure' }
    : { name: 'spillway.browser', secure: '' };
}

function sign(email: string, nonce: string): Buffer {
  return createHmac('sha256', deriveKey('known browsers')).update(`${nonce}\n${email}`).digest();
}

/** Returns the Set-Cookie header that makes a browser known for an account; each sign-in replaces the cookie. */
export function rememberBrowser(email: string): string {
  const nonce = randomBytes(16).toString('base64url');
  const value = `${nonce}.${sign(email, nonce).toString('base64url')}`;
  const { name, secure } = describeCookie();
  return `${name}=${value}; Max-Age=${MAX_AGE_S}; Path=/api/session; HttpOnly; SameSite=Lax${secure}`;
}

/**
 * Returns the id of a browser that is known for an account; null = it is not.
 * @param cookie the Cookie header
 * @param email in lower case
 */
export function findKnownBrowser(cookie: string | null, email: string): string | null {
  const [nonce = '', signature = ''] = (parseCookies(cookie ?? '').get(describeCookie().name) ?? '').split(
    '.',
  );
  const expected = sign(email, nonce);
  const given = Buffer.from(signature, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected) ? nonce : null;
}
