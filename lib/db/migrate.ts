import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { migrationState } from './migration-state';

/** Any fixed number: processes that start together migrate one after the other. */
const migrationLock = 7_410_001;

/** The tables of a database are those of a build that this one has nothing in common with. */
export class OtherSchemaError extends Error {
  constructor(readonly database: string) {
    super(
      `The database ${database} has the tables of another build of Spillway, which this build can't read. Nothing was changed. Set DATABASE_URL to an empty database, or start the build that made it.`,
    );
    this.name = 'OtherSchemaError';
  }
}

/**
 * Migrates a database to this build's schema; safe to call from several processes and any number of times.
 * @param folder the migrations' folder, `lib/db/migrations` of the project.
 * @throws OtherSchemaError if its tables are those of another build; nothing has been changed then
 */
export async function migrate(databaseUrl: string, folder: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    const db = drizzle(client);
    if ((await migrationState(db)) === 'other') throw new OtherSchemaError(client.database ?? '');
    await runMigrations(db, { migrationsFolder: folder });
  } finally {
    await client.end();
  }
}
