import { PgPreparedQuery } from 'drizzle-orm/pg-core';

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
export function throwStatementErrors(): void {
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
