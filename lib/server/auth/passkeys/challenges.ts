import 'server-only';
import { randomBytes } from 'node:crypto';
import { and, desc, eq, gt, inArray, isNull, lte } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { passkeyChallenges } from '@/lib/db/schema';
import { hashToken } from '@/lib/server/calendar/hash-token';

/** For how long a person may look for their security key or telephone, in ms; browsers wait as long. */
export const challengeMs = 5 * 60_000;
/** Enough to be neither guessed nor repeated (WebAuthn Level 3, 13.4.3, asks for at least 16). */
const challengeBytes = 32;
/** Anybody may ask for challenges: the table keeps only the newest ones. */
const challengesMax = 10_000;

/** The purpose of a challenge that a passkey signs. `confirm`: a person who is signed in confirms that it is they. */
export type SigningPurpose =
  | { readonly kind: 'signIn' }
  | { readonly kind: 'confirm'; readonly userId: string };
/** The purpose of a challenge. */
type ChallengePurpose = SigningPurpose | { readonly kind: 'register'; readonly userId: string };

/** Creates a challenge for an authenticator. It is stored as a hash, and valid for five minutes. */
export async function createChallenge(
  db: Database,
  purpose: ChallengePurpose,
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = randomBytes(challengeBytes);
  await db.delete(passkeyChallenges).where(lte(passkeyChallenges.expiresAt, new Date()));
  const older = db
    .select({ hash: passkeyChallenges.challengeHash })
    .from(passkeyChallenges)
    .orderBy(desc(passkeyChallenges.expiresAt))
    .offset(challengesMax - 1);
  await db.delete(passkeyChallenges).where(inArray(passkeyChallenges.challengeHash, older));
  await db.insert(passkeyChallenges).values({
    challengeHash: hashToken(challenge.toString('base64url')),
    purpose: purpose.kind,
    userId: purpose.kind === 'signIn' ? null : purpose.userId,
    expiresAt: new Date(Date.now() + challengeMs),
  });
  return new Uint8Array(challenge);
}

/**
 * Takes a challenge, which is then void, also if its signature turns out to be wrong.
 * @param challenge in base64url
 * @returns false if it was used, has expired, or was created for another purpose or person
 */
export async function takeChallenge(
  db: Database,
  challenge: string,
  purpose: ChallengePurpose,
): Promise<boolean> {
  const { challengeHash, userId, expiresAt } = passkeyChallenges;
  const taken = await db
    .delete(passkeyChallenges)
    .where(
      and(
        eq(challengeHash, hashToken(challenge)),
        eq(passkeyChallenges.purpose, purpose.kind),
        purpose.kind === 'signIn' ? isNull(userId) : eq(userId, purpose.userId),
        gt(expiresAt, new Date()),
      ),
    )
    .returning({ challengeHash });
  return taken.length > 0;
}
