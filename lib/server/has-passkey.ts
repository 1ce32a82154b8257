import 'server-only';
import { and, eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { passkeys } from '@/lib/db/schema';
import { getRelyingParty } from '@/lib/relying-party';
import { webProcess } from './web-process';

/** Returns whether a person can prove by a passkey that it is they, at the current address of the dashboard. */
export async function hasPasskey(db: Database, userId: string): Promise<boolean> {
  const { id } = getRelyingParty(webProcess().settings);
  return (await db.$count(passkeys, and(eq(passkeys.userId, userId), eq(passkeys.rpId, id)))) > 0;
}
