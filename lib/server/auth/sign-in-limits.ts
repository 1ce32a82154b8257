import 'server-only';
import { createHash } from 'node:crypto';
import { inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { signInAttempts } from '@/lib/db/schema';
import { countedNetwork, requestCaller } from '@/lib/server/request-actor';
import { findKnownBrowser } from './known-browser';

/** At most `max` failed attempts in `windowS` seconds from the first one. */
type Limit = { readonly kind: string; readonly of: string; readonly max: number; readonly windowS: number };

const ACCOUNT_WINDOW_S = 900;
const CODE_WINDOW_S = 24 * 3600;

/**
 * The secret that an attempt gives: a password, a code of the second factor after the right password, the signature of a
 * passkey, or the code of a provider. `challenge`: none yet, the passkey's challenge is created; `newPassword`:
 * the one that is set, whose estimate takes time.
 */
type Secret = 'password' | 'code' | 'passkey' | 'sso' | 'challenge' | 'newPassword';

/**
 * Lists the limits of an attempt. A browser in which the person has signed in before has its own, so that it stays
 * usable while others fail for the same account. All other browsers share one limit for the account, and one for their
 * address (of IPv6, its /64). Ten failures in 15 minutes are 350,000 in a year (NIST SP 800-63B-4, 3.2.2, asks for at most 100 in a row;
 * the limits expire, so that accounts need no unlocking). Three codes of 1,000,000 are valid at a time, so
 * twenty failures in a day guess one in 45 years on average. A signature or the code of a provider can't be guessed,
 * so their failures don't count for the account.
 * @param email in lower case; also of an account that doesn't exist, which must not be told apart
 */
function listLimits(email: string, secret: Secret): readonly Limit[] {
  const caller = requestCaller();
  const network = countedNetwork(caller?.address ?? '');
  // Each takes a row for five minutes; a page of the sign-in creates one.
  if (secret === 'challenge') return [{ kind: 'address challenge', of: network, max: 60, windowS: 60 }];
  if (secret === 'newPassword')
    return [{ kind: 'new password', of: email, max: 10, windowS: ACCOUNT_WINDOW_S }];
  const browser = findKnownBrowser(caller?.cookie ?? null, email);
  if (secret === 'code') {
    const of = browser === null ? { kind: 'account code', of: email } : { kind: 'browser code', of: browser };
    return [{ ...of, max: 20, windowS: CODE_WINDOW_S }];
  }
  if (browser !== null) return [{ kind: 'browser', of: browser, max: 10, windowS: ACCOUNT_WINDOW_S }];
  const address = { kind: 'address', of: network, max: 10, windowS: 60 };
  const account = { kind: 'account', of: email, max: 10, windowS: ACCOUNT_WINDOW_S };
  return secret === 'password' ? [address, account] : [address];
}

/** Attempts are stored under a hash: the table must not become a list of addresses that people typed. */
function hashLimit({ kind, of }: Limit): string {
  return createHash('sha256').update(`${kind}\n${of}`).digest('hex');
}

/**
 * Counts an attempt before its secret is checked, so that parallel attempts are counted, too.
 * @returns the seconds to wait if the limit is exceeded, else null
 */
async function countAttempt(db: Database, limit: Limit): Promise<number | null> {
  const isOver = sql`${signInAttempts.startedAt} < now() - make_interval(secs => ${limit.windowS})`;
  const [attempt] = await db
    .insert(signInAttempts)
    .values({ key: hashLimit(limit), count: 1, startedAt: sql`now()` })
    .onConflictDoUpdate({
      target: signInAttempts.key,
      set: {
        count: sql`case when ${isOver} then 1 else ${signInAttempts.count} + 1 end`,
        startedAt: sql`case when ${isOver} then now() else ${signInAttempts.startedAt} end`,
      },
    })
    .returning({
      count: signInAttempts.count,
      waitS: sql<number>`ceil(extract(epoch from ${signInAttempts.startedAt} - now()) + ${limit.windowS})::int`,
    });
  return attempt !== undefined && attempt.count > limit.max ? Math.max(1, attempt.waitS) : null;
}

/** The outcome of `beginAttempt`. */
type Attempt =
  | { readonly isAllowed: false; readonly waitS: number }
  /** `succeed` takes the attempt back: only failures count. */
  | { readonly isAllowed: true; readonly succeed: () => Promise<void> };

/**
 * Counts an attempt of the caller to prove that they own an account.
 * @param email in lower case; of a new password, also the hash of the link with which it is set
 */
export async function beginAttempt(db: Database, email: string, secret: Secret): Promise<Attempt> {
  await db
    .delete(signInAttempts)
    .where(lt(signInAttempts.startedAt, sql`now() - make_interval(secs => ${CODE_WINDOW_S})`));
  const limits = listLimits(email, secret);
  for (const limit of limits) {
    const waitS = await countAttempt(db, limit);
    // An address that is refused can't use up the attempts of accounts.
    if (waitS !== null) return { isAllowed: false, waitS };
  }
  return {
    isAllowed: true,
    succeed: async () => {
      await db
        .update(signInAttempts)
        .set({ count: sql`greatest(0, ${signInAttempts.count} - 1)` })
        .where(inArray(signInAttempts.key, limits.map(hashLimit)));
    },
  };
}
