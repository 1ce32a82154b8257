import 'server-only';
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { generalSettings, passkeys, secondFactors } from '@/lib/db/schema';
import { getRelyingParty } from '@/lib/relying-party';
import { webProcess } from '@/lib/store/web-process';
import { isSsoPerson } from './sso-link';

/** Returns whether a person needs a code to sign in, and to confirm that it is they. */
export async function hasSecondFactor(db: Database, userId: string): Promise<boolean> {
  const confirmed = and(eq(secondFactors.userId, userId), isNotNull(secondFactors.confirmedAt));
  return (await db.$count(secondFactors, confirmed)) > 0;
}

/** Returns whether a person can prove by a passkey that it is they, at the current address of the dashboard. */
export async function hasPasskey(db: Database, userId: string): Promise<boolean> {
  const { id } = getRelyingParty(webProcess().settings);
  return (await db.$count(passkeys, and(eq(passkeys.userId, userId), eq(passkeys.rpId, id)))) > 0;
}

/** Returns whether everyone who signs in here needs a second factor. */
export async function isSecondFactorRequired(db: Database): Promise<boolean> {
  return (await db.$count(generalSettings, eq(generalSettings.isSecondFactorRequired, true))) > 0;
}

/**
 * Returns whether a person signs in with their password alone: they have neither an app for codes nor a passkey for this
 * address, and no provider that decides what it asks of them.
 */
export async function hasPasswordOnly(db: Database, userId: string): Promise<boolean> {
  if ((await hasSecondFactor(db, userId)) || (await hasPasskey(db, userId))) return false;
  return !(await isSsoPerson(db, userId));
}

/** Returns whether a person may do nothing but set up the second factor that everyone needs. */
export async function lacksSecondFactor(db: Database, userId: string): Promise<boolean> {
  return (await isSecondFactorRequired(db)) && (await hasPasswordOnly(db, userId));
}
