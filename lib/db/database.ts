import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { PgPreparedQuery } from 'drizzle-orm/pg-core';
import pg from 'pg';
import * as schema from './schema';

/**
 * The fields of a PostgreSQL error beside its message: https://www.postgresql.org/docs/17/protocol-error-fields.html
 */
type ErrorFields = { readonly code?: unknown; readonly constraint?: unknown };

const nonEmptyText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);

/**
 * A statement that failed. Its message can be shown and logged: it is PostgreSQL's or the driver's, with the SQLSTATE
 * and the constraint, and contains no SQL. `cause` is the driver's error.
 */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  /**
   * The SQLSTATE (https://www.postgresql.org/docs/17/errcodes-appendix.html), or the driver's code of a broken
   * connection.
   */
  readonly code: string | null;
  readonly constraint: string | null;

  constructor(cause: unknown) {
    const fields = (cause instanceof Error ? cause : {}) as ErrorFields;
    const code = nonEmptyText(fields.code);
    const constraint = nonEmptyText(fields.constraint);
    const facts = [code, constraint === null ? null : `constraint ${constraint}`].filter(
      (fact) => fact !== null,
    );
    const words = cause instanceof Error ? cause.message : String(cause);
    super(`the database: ${words}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`, { cause });
    this.code = code;
    this.constraint = constraint;
  }
}

/**
 * Makes drizzle-orm throw a `StatementError` in place of its own error, whose message is the whole SQL with all values.
 * Every statement of every session goes through this one method, and the library offers no hook for it
 * (https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/pg-core/session.ts).
 */
function throwStatementErrors(): void {
  const statements = PgPreparedQuery.prototype as unknown as {
    queryWithCache(sql: string, params: unknown[], query: () => Promise<unknown>): Promise<unknown>;
  };
  statements.queryWithCache = async (_sql, _params, query) => {
    try {
      return await query();
    } catch (cause) {
      throw new StatementError(cause);
    }
  };
}

export type Database = NodePgDatabase<typeof schema>;

export type OpenDatabase = {
  readonly db: Database;
  /** The pool under `db`, for transactions that the engine takes part in. */
  readonly pool: pg.Pool;
  close(): Promise<void>;
};

throwStatementErrors();

/** The times in ms after which a process gives up on a database that does not answer. */
type DatabaseLimits = Required<Pick<pg.PoolConfig, 'connectionTimeoutMillis' | 'query_timeout'>>;

/**
 * The limits of the dashboard, whose reads take less than a second: a page fails within 10 s of a frozen database. The
 * driver's `statement_timeout` is not used: it goes into the startup message, which a PgBouncer in front of the
 * dashboard refuses (https://www.pgbouncer.org/config.html#ignore_startup_parameters).
 */
export const dashboardLimits: DatabaseLimits = {
  connectionTimeoutMillis: 5000,
  query_timeout: 8000,
};

/**
 * Ends a client whose statement was not answered in time. The pool would lend it again, with its transaction still
 * open: what others then write would never be committed.
 */
function endIfUnanswered(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const watched = (...given: unknown[]) => {
    const asked = query(...given);
    // With a callback it is the pool that asks, and it ends the client after any error.
    if (asked instanceof Promise)
      asked.catch((error: unknown) => {
        const isUnanswered = error instanceof Error && error.message === 'Query read timeout';
        if (isUnanswered && client instanceof pg.Client) void client.end();
      });
    return asked;
  };
  Object.assign(client, { query: watched });
}

/**
 * Sends the statements of a client one after the other. Those of a transaction may be asked for at once; the driver only
 * queues them for now, and will refuse that (`pg` 9).
 */
function sendInTurn(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (...given: unknown[]) => {
    // With a callback it is the pool that asks, with a client of its own.
    if (typeof given.at(-1) === 'function') return query(...given);
    const asked = last.then(() => query(...given));
    last = asked.catch(() => {});
    return asked;
  };
  Object.assign(client, { query: inTurn });
}

/**
 * Opens the database; nothing else does. Failures are reported as a `StatementError`, which contains no SQL.
 * @param onError called with errors of broken connections; the pool replaces them on its own.
 * @param limits none for workers, whose statements may take long
 */
export function openDatabase(
  databaseUrl: string,
  onError: (error: Error) => void,
  limits?: DatabaseLimits,
): OpenDatabase {
  // Pollers with pauses of more than the default of 10 s would open a new connection each time, which costs more than
  // their statements.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 8, idleTimeoutMillis: 60_000, ...limits });
  // The pool listens for errors of idle clients; a client that breaks while in use must not end the process either.
  pool.on('connect', (client) => client.on('error', onError));
  pool.on('error', () => {});
  pool.on('connect', sendInTurn);
  if (limits !== undefined) pool.on('connect', endIfUnanswered);
  return { db: drizzle(givingBack(pool), { schema }), pool, close: () => pool.end() };
}

/**
 * Watches the first statement of a client that is checked out for a transaction. drizzle-orm sends `begin` before its
 * `try`: if that fails, the client is never released, one slot of the pool is lost permanently, and closing the pool
 * waits forever (`NodePgSession.transaction`,
 * https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/node-postgres/session.ts).
 */
function givenBackIfUnusable(client: pg.PoolClient): pg.PoolClient {
  const before = client.query;
  const query = before.bind(client) as (...given: unknown[]) => Promise<unknown>;
  const first = async (...given: unknown[]) => {
    Object.assign(client, { query: before });
    try {
      return await query(...given);
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
  return Object.assign(client, { query: first });
}

/**
 * Returns the pool for drizzle to use: the same pool, except that it also gets clients back when a transaction cannot
 * begin.
 */
function givingBack(pool: pg.Pool): pg.Pool {
  type Connected = Parameters<pg.Pool['connect']>[0];
  const connect = (then?: Connected) =>
    then === undefined ? pool.connect().then(givenBackIfUnusable) : pool.connect(then);
  return Object.create(pool, { connect: { value: connect } });
}
