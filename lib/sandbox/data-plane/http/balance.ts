import { createHash } from 'node:crypto';

/**
 * Smooth weighted round robin, the schedule that nginx uses: in every run of Σweight picks each target gets exactly
 * its weight, spread out instead of in a row
 * (https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1).
 */

/** The fields of a target that scheduling needs. Weights above 0 may be fractions. */
type Weighted = { readonly key: string; readonly weight: number };

/** The credit of each target by key; the caller stores it between picks and may drop it at any time. */
export type Credits = Map<string, number>;

/** Picks the next target by weight, or null when every weight is 0. Changes `credits`. */
export function pickByWeight<T extends Weighted>(targets: readonly T[], credits: Credits): T | null {
  let total = 0;
  let best: T | null = null;
  let bestCredit = Number.NEGATIVE_INFINITY;
  let usable = 0;
  for (const target of targets) {
    if (target.weight <= 0) continue;
    const credit = (credits.get(target.key) ?? 0) + target.weight;
    credits.set(target.key, credit);
    total += target.weight;
    usable += 1;
    if (credit > bestCredit) {
      best = target;
      bestCredit = credit;
    }
  }
  if (credits.size > usable) forgetOthers(targets, credits);
  if (best !== null) credits.set(best.key, bestCredit - total);
  return best;
}

function forgetOthers(targets: readonly Weighted[], credits: Credits): void {
  const keys = new Set(targets.filter(({ weight }) => weight > 0).map(({ key }) => key));
  for (const known of credits.keys()) if (!keys.has(known)) credits.delete(known);
}

/**
 * Returns the target that an address always gets: weighted rendezvous hashing, so that each target gets addresses by
 * its weight and removing a target affects only its own addresses
 * (https://www.snia.org/sites/default/files/SDC15_presentations/dist_sys/Jason_Resch_New_Consistent_Hashings_Rev.pdf).
 * The cloud documents only that one address stays with one server
 * (https://www.tencentcloud.com/document/product/214/6154). Null if every weight is 0.
 */
export function pickByAddress<T extends Weighted>(targets: readonly T[], address: string): T | null {
  let best: T | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const target of targets) {
    if (target.weight <= 0) continue;
    const score = -target.weight / Math.log(share(`${address} ${target.key}`));
    if (score > bestScore) {
      best = target;
      bestScore = score;
    }
  }
  return best;
}

/** Hashes to an evenly distributed number between 0 and 1, both excluded. */
function share(text: string): number {
  const bits = createHash('sha256').update(text).digest().readUIntBE(0, 6);
  return (bits + 0.5) / 2 ** 48;
}

/** Requests in flight at each target, by key. */
type Underway = ReadonlyMap<string, number>;

/**
 * Returns the target with the fewest requests in flight for its weight; among equals by smooth weighted round robin, as
 * nginx does (https://nginx.org/en/docs/http/ngx_http_upstream_module.html#least_conn). Null when every weight is 0.
 */
export function pickLeastConnections<T extends Weighted>(
  targets: readonly T[],
  underway: Underway,
  credits: Credits,
): T | null {
  let least = Number.POSITIVE_INFINITY;
  let equals: T[] = [];
  for (const target of targets) {
    if (target.weight <= 0) continue;
    const load = (underway.get(target.key) ?? 0) / target.weight;
    if (load < least) {
      least = load;
      equals = [];
    }
    if (load === least) equals.push(target);
  }
  return pickByWeight(equals, credits);
}

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
 * Returns the target that a request's `Cookie` header binds it to; null if the cookie is missing or has expired, or it
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
