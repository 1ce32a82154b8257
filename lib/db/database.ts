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
 * The one place that opens the database. What fails in it is a `StatementError`, without a word of SQL.
 * @param onError told of connections that break; the pool replaces them by itself.
 */
export function openDatabase(databaseUrl: string, onError: (error: Error) => void): OpenDatabase {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 8 });
  // The pool listens to clients while they are idle; one that breaks in somebody's hands must not end the process either.
  pool.on('connect', (client) => client.on('error', onError));
  pool.on('error', () => {});
  return { db: drizzle(givingBack(pool), { schema }), pool, close: () => pool.end() };
}
