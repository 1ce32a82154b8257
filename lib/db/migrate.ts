import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

/** Any fixed number: processes that start together migrate one after the other. */
const migrationLock = 7_410_001;

/**
 * Migrates a database to this build's schema; safe to call from several processes and any number of times.
 * @param folder the migrations' folder, `lib/db/migrations` of the project.
 */
export async function migrate(databaseUrl: string, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await runMigrations(drizzle(client), { migrationsFolder: folder });
  } finally {
    await client.end();
  }
}
