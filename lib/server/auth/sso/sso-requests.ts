import 'server-only';
import { randomBytes } from 'node:crypto';
import { parseCookies } from 'better-auth/cookies';
import { desc, eq, inArray, lte } from 'drizzle-orm';
import { calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import type { Database } from '@/lib/db/database';
import { ssoRequests } from '@/lib/db/schema';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { publicUrl } from '@/lib/settings';
import { webProcess } from '@/lib/store/web-process';

/** For how long a person may be at the provider, in s: enough to reset a password there. */
const LIFE_S = 600;
/** For how long it is kept afterwards, in s: whoever comes back later can't complete it, but still gets the page that they asked for. */
const KEEP_S = 3600;
/** Anybody may begin one: the table keeps only the newest ones. */
const requestsMax = 10_000;

export type SsoRequest = typeof ssoRequests.$inferSelect;

/**
 * Returns the name of the cookie and its attributes. A link from the provider must send it, so it is Lax; over TLS no other
 * host can set one of such a name.
 */
function describeCookie() {
  const isSecure = publicUrl(webProcess().settings).startsWith('https:');
  const attributes = 'Path=/; HttpOnly; SameSite=Lax';
  return isSecure
    ? { name: '__Host-spillway.sso', attributes: `${attributes}; Secure` }
    : { name: 'spillway.sso', attributes };
}

/**
 * Begins a sign-in at the provider. State, nonce and the verifier of PKCE stay here; the browser gets a cookie by which
 * only it can complete the sign-in.
 */
export async function createSsoRequest(
  db: Database,
  asked: Pick<SsoRequest, 'purpose' | 'userId' | 'nextPage'>,
) {
  const browser = randomBytes(32).toString('base64url');
  const codeVerifier = randomPKCECodeVerifier();
  const [state, nonce] = [randomState(), randomNonce()];
  const now = new Date();
  const forgotten = new Date(now.getTime() - KEEP_S * 1000);
  await db.delete(ssoRequests).where(lte(ssoRequests.expiresAt, forgotten));
  const older = db
    .select({ hash: ssoRequests.browserHash })
    .from(ssoRequests)
    .orderBy(desc(ssoRequests.expiresAt))
    .offset(requestsMax - 1);
  await db.delete(ssoRequests).where(inArray(ssoRequests.browserHash, older));
  await db.insert(ssoRequests).values({
    ...asked,
    browserHash: hashToken(browser),
    state,
    nonce,
    codeVerifier,
    startedAt: now,
    expiresAt: new Date(now.getTime() + LIFE_S * 1000),
  });
  const { name, attributes } = describeCookie();
  return {
    state,
    nonce,
    codeChallenge: await calculatePKCECodeChallenge(codeVerifier),
    cookie: `${name}=${browser}; Max-Age=${LIFE_S + KEEP_S}; ${attributes}`,
  };
}

/**
 * Takes the request of a browser, which can't be completed again.
 * @returns null if it has none, or a used one; with `isExpired`, it must not be completed
 */
export async function takeSsoRequest(
  db: Database,
  cookie: string | null,
): Promise<(SsoRequest & { readonly isExpired: boolean }) | null> {
  const browser = parseCookies(cookie ?? '').get(describeCookie().name);
  if (browser === undefined) return null;
  const [taken] = await db
    .delete(ssoRequests)
    .where(eq(ssoRequests.browserHash, hashToken(browser)))
    .returning();
  return taken === undefined ? null : { ...taken, isExpired: taken.expiresAt <= new Date() };
}

/** Returns the Set-Cookie header that removes the cookie of a completed request. */
export function removeSsoCookie(): string {
  const { name, attributes } = describeCookie();
  return `${name}=; Max-Age=0; ${attributes}`;
}
