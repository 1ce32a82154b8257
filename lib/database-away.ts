/**
 * The SQLSTATE of a write to a database that only reads for now: its disk is full, or another server takes its place.
 * https://www.postgresql.org/docs/17/errcodes-appendix.html
 */
const readOnlyCode = '25006';
/**
 * SQLSTATE classes and codes of a database that is shutting down, unavailable or starting, or that lacks space, memory or
 * connections.
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
  const code = readCode(error);
  const message = cause instanceof Error ? cause.message : '';
  return (
    code === readOnlyCode ||
    unavailableCodes.test(code) ||
    (socketCodes.has(code) && !isOfFile(cause)) ||
    brokenConnection.test(message)
  );
}

/** Returns whether an error is about a file of this installation, whose codes are those of a missing socket. */
function isOfFile(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && cause.syscall !== 'connect' && 'path' in cause;
}

/** Returns whether a driver error means that the database only reads for now. */
export function isDatabaseReadOnly(error: unknown): boolean {
  return error instanceof Error && readCode(error) === readOnlyCode;
}

function readCode(error: Error): string {
  const cause = error.cause ?? error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
