import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { invariant } from '@/lib/invariant';
import { sharedSecrets } from './schema';

/**
 * Returns a secret that all processes on one database share: the first caller creates it, and every caller gets the
 * same one.
 * @param databaseUrl of a database with this build's schema
 * @returns 32 random bytes, in base64
 */
export async function sharedSecret(databaseUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const db = drizzle(client);
    const value = randomBytes(32).toString('base64');
    await db.insert(sharedSecrets).values({ name, value }).onConflictDoNothing();
    const [found] = await db.select().from(sharedSecrets).where(eq(sharedSecrets.name, name));
    invariant(found !== undefined, 'what was just stored is there');
    return found.value;
  } finally {
    await client.end();
  }
}
