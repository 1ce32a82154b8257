import { count, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { connectionKeys, connections } from './schema';

/**
 * Returns whether the database has sealed keys of a real account, which were added in Settings. Whoever reads the private
 * key of the worker can open them.
 * @param databaseUrl of a database with this build's schema, as the owner of its tables
 */
export async function holdsRealKeys(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const [found] = await drizzle(client)
      .select({ keys: count() })
      .from(connectionKeys)
      .innerJoin(connections, eq(connections.id, connectionKeys.connectionId))
      .where(eq(connections.kind, 'tencent'));
    return (found?.keys ?? 0) > 0;
  } finally {
    await client.end();
  }
}
