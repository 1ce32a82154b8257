/**
 * SQLSTATE classes and codes of a database that is shutting down, unavailable or starting, or that lacks space, memory or
 * connections: https://www.postgresql.org/docs/17/errcodes-appendix.html
 */
const unavailableCodes = /^(08|53|57P0)/;
const socketCodes = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
]);
/**
 * The driver's own messages for a connection that broke or was given up during a statement, and for one used after
 * that.
 */
const brokenConnection =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying to connect)/;

/**
 * Returns whether a driver error means that the database is temporarily unavailable: the same statement may work in a
 * moment.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const cause = error.cause ?? error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : '';
  return unavailableCodes.test(code) || socketCodes.has(code) || brokenConnection.test(message);
}
