import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { givingBack } from './giving-back';
import * as schema from './schema';
import { throwStatementErrors } from './statement-error';

export type Database = NodePgDatabase<typeof schema>;

export type OpenDatabase = {
  readonly db: Database;
  /** The pool under `db`, for transactions that the engine takes part in. */
  readonly pool: pg.Pool;
  close(): Promise<void>;
};

throwStatementErrors();

/**
 * Opens the database; nothing else does. Failures are reported as a `StatementError`, which contains no SQL.
 * @param onError called with errors of broken connections; the pool replaces them on its own.
 */
export function openDatabase(databaseUrl: string, onError: (error: Error) => void): OpenDatabase {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 8 });
  // The pool listens for errors of idle clients; a client that breaks while in use must not end the process either.
  pool.on('connect', (client) => client.on('error', onError));
  pool.on('error', () => {});
  return { db: drizzle(givingBack(pool), { schema }), pool, close: () => pool.end() };
}
