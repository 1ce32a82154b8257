import 'server-only';
import { and, eq, gte, isNull, lte, or } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { ssoLogouts, userSessions } from '@/lib/db/schema';
import { hashToken } from '@/lib/server/calendar/hash-token';
import type { Logout, LogoutToken } from './logout-token';

/** The longest time in which a sign-in is completed, in ms, for which logouts are kept beyond their own end. */
const keepMs = 600_000;

/** A session at the provider. */
type ProviderSession = { readonly subject: string; readonly sid: string | null };

/**
 * Returns whether a logout ends a session. One of a single session ends those without an id, too, of its person: the provider does
 * not say which they are.
 */
function isNamed({ subject, sid }: Omit<Logout, 'issuer'>, session: ProviderSession): boolean {
  if (subject !== null && subject !== session.subject) return false;
  return sid === null || sid === session.sid || (session.sid === null && subject !== null);
}

/**
 * Ends the sessions that a logout names.
 * @returns the accounts whose sessions have ended, one for each session
 */
async function endNamed(db: Database, { issuer, subject, sid }: Logout): Promise<readonly string[]> {
  const { ssoIssuer, ssoSubject, ssoSid } = userSessions;
  const isSession = eq(ssoSid, sid ?? '');
  const isOne = subject === null ? isSession : or(isSession, isNull(ssoSid));
  const isNamedHere = and(
    eq(ssoIssuer, issuer),
    subject === null ? undefined : eq(ssoSubject, subject),
    sid === null ? undefined : isOne,
  );
  const ended = await db.delete(userSessions).where(isNamedHere).returning({ userId: userSessions.userId });
  return ended.map(({ userId }) => userId);
}

/**
 * Ends the sessions that a logout names, once for each token. The logout is stored before: a sign-in that is completed at the
 * same time either finds it (`endIfLoggedOut`), or has stored its session before, which then ends here.
 * @returns the accounts whose sessions have ended, one for each session; null: the token was used already
 */
export async function acceptLogout(
  db: Database,
  { tokenId, expiresAt, ...logout }: LogoutToken,
): Promise<readonly string[] | null> {
  const now = new Date();
  await db.delete(ssoLogouts).where(lte(ssoLogouts.expiresAt, new Date(now.getTime() - keepMs)));
  const tokenHash = hashToken(`${logout.issuer}\n${tokenId}`);
  const stored = await db
    .insert(ssoLogouts)
    .values({ tokenHash, ...logout, receivedAt: now, expiresAt })
    .onConflictDoNothing()
    .returning({ tokenHash: ssoLogouts.tokenHash });
  if (stored.length === 0) return null;
  try {
    return await endNamed(db, logout);
  } catch (error) {
    // The provider may send it again.
    await db.delete(ssoLogouts).where(eq(ssoLogouts.tokenHash, tokenHash));
    throw error;
  }
}

/**
 * Ends the session of a sign-in if the provider has ended its own since the sign-in began.
 * @param startedAt the beginning of the sign-in
 * @returns whether it has
 */
export async function endIfLoggedOut(
  db: Database,
  issuer: string,
  session: ProviderSession,
  startedAt: Date,
): Promise<boolean> {
  const since = and(eq(ssoLogouts.issuer, issuer), gte(ssoLogouts.receivedAt, startedAt));
  const received = await db.select().from(ssoLogouts).where(since);
  const naming = received.filter((logout) => isNamed(logout, session));
  for (const logout of naming) await endNamed(db, logout);
  return naming.length > 0;
}
