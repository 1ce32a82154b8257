import 'server-only';
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { passkeys, secondFactors } from '@/lib/db/schema';
import { getRelyingParty } from '@/lib/relying-party';
import { webProcess } from './web-process';

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
