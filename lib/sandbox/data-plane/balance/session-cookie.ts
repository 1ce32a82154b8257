import { createHash } from 'node:crypto';
import type { Weighted } from './wrr';

/**
 * The cookie that keeps a client with its target (https://www.tencentcloud.com/document/product/214/6154): it names the
 * target by a digest, and the second in which the session ends unless another request arrives before.
 */

/** Returns the name of a target in a cookie, which reveals nothing about it. */
function cookieName({ key }: Weighted): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/**
 * Returns the `Set-Cookie` that binds a client to a target for `expireS` seconds from now on. `nowMs` is epoch
 * milliseconds.
 */
export function sessionCookie(cookie: string, target: Weighted, expireS: number, nowMs: number): string {
  const endS = Math.floor(nowMs / 1000) + expireS;
  return `${cookie}=${cookieName(target)}.${endS.toString(36)}; Max-Age=${expireS}; Path=/; HttpOnly`;
}

/**
 * Returns the target that a request's `Cookie` header binds it to; null when there is none, it has expired, or it
 * belongs to another target.
 */
export function targetOfSession<T extends Weighted>(
  header: string | undefined,
  cookie: string,
  targets: readonly T[],
  nowMs: number,
): T | null {
  if (header === undefined) return null;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0 || part.slice(0, equals).trim() !== cookie) continue;
    const [name, end = ''] = part
      .slice(equals + 1)
      .trim()
      .split('.');
    if (!/^[0-9a-z]{1,10}$/.test(end) || Number.parseInt(end, 36) * 1000 <= nowMs) return null;
    return targets.find((target) => cookieName(target) === name) ?? null;
  }
  return null;
}
