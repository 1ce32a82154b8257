import { inArray, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Database } from './database';
import * as schema from './schema';

const { sharedSecrets } = schema;

/** Any fixed number: two launchers that start at once don't both become the first one. */
const keysLock = 7_410_013;
/** The row with the id of the keys that dashboards use. */
const idRow = 'dashboard-keys';
/** The rows with the keys themselves, in a database of an earlier build. */
const formerRows = { actions: 'server-actions', links: 'alert-links' };

/** The facts in a database about the keys of its dashboards, which are outside of it. */
type StoredKeys = {
  /** The id of the keys; null = no dashboard has run yet. */
  readonly id: string | null;
  /** The keys of an earlier build, which are removed once there is an id. */
  readonly former: { readonly actions: string | undefined; readonly links: string | undefined };
};

/**
 * Reads which keys the dashboards on a database use, and may name others. What `decide` does besides, in its transaction,
 * happens only if they are named.
 * @param ownerUrl connects as the role that owns the tables
 * @param decide returns the id of the keys from now on with its own answer; null = as before
 */
export async function decideDashboardKeys<T>(
  ownerUrl: string,
  decide: (stored: StoredKeys, tx: Database) => Promise<{ readonly id: string | null; readonly answer: T }>,
): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    return await drizzle(client, { schema }).transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${keysLock})`);
      const rows = new Map((await tx.select().from(sharedSecrets)).map(({ name, value }) => [name, value]));
      const former = { actions: rows.get(formerRows.actions), links: rows.get(formerRows.links) };
      const { id, answer } = await decide({ id: rows.get(idRow) ?? null, former }, tx);
      if (id !== null) {
        await tx.delete(sharedSecrets).where(inArray(sharedSecrets.name, Object.values(formerRows)));
        const set = { value: id };
        await tx
          .insert(sharedSecrets)
          .values({ name: idRow, ...set })
          .onConflictDoUpdate({ target: sharedSecrets.name, set });
      }
      return answer;
    });
  } finally {
    await client.end();
  }
}
