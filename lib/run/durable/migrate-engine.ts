import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';

/** An arbitrary constant: processes that start together prepare the engine's tables one after the other. */
const migrationLock = 7_410_003;
const migrationPauseMs = 100;

/**
 * Creates or updates the engine's own tables, one process at a time, which the engine does not ensure itself. It polls
 * for the lock instead of waiting inside a statement, which would block index builds.
 */
export async function migrateEngine(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A broken connection is reported to the caller waiting for a response.
  client.on('error', () => {});
  await client.connect();
  try {
    // A process whose role may not create tables uses those that the launcher has created.
    const mayCreate = await client.query(`select has_database_privilege(current_database(), 'create') as ok`);
    if (!mayCreate.rows[0].ok) return;
    for (;;) {
      const { rows } = await client.query('select pg_try_advisory_lock($1) as ok', [migrationLock]);
      if (rows[0].ok) break;
      await new Promise((resolve) => setTimeout(resolve, migrationPauseMs));
    }
    await DBOS.migrate(databaseUrl);
  } finally {
    await client.end();
  }
}
