import { randomBytes } from 'node:crypto';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { setUpLinks, users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere } from '@/lib/policy/access';
import { hashToken } from '@/lib/server/calendar/hash-token';

/** For how long a set-up link is valid: the start prints a new one. */
export const setUpLinkMs = 24 * 3_600_000;

/**
 * Creates a one-time link for the first administrator, and voids the previous one.
 * @param ownerUrl the database as the role that owns the tables
 * @returns its token; null if there is an account already
 */
export function createSetUpLink(ownerUrl: string): Promise<string | null> {
  return createLink(ownerUrl, { isFirst: true });
}

/**
 * Creates a one-time link for a further administrator, for whoever can't sign in any more. The right to do so is the
 * access to the database as its owner.
 * @param ownerUrl the database as the role that owns the tables
 * @returns its token
 */
export async function createRecoveryLink(ownerUrl: string): Promise<string> {
  const token = await createLink(ownerUrl, { isFirst: false });
  invariant(token !== null, 'only the first link depends on the accounts');
  return token;
}

async function createLink(ownerUrl: string, { isFirst }: { isFirst: boolean }): Promise<string | null> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const db = drizzle(client);
    if (isFirst && (await db.$count(users)) > 0) return null;
    const token = randomBytes(32).toString('base64url');
    await db.transaction(async (tx) => {
      if (isFirst) await tx.delete(setUpLinks);
      const expiresAt = new Date(Date.now() + setUpLinkMs);
      await tx
        .insert(setUpLinks)
        .values({ tokenHash: hashToken(token), grants: grantEverywhere('administrator'), expiresAt });
    });
    return token;
  } finally {
    await client.end();
  }
}
