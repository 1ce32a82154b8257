const withinMs = 60_000;
const pauseMs = 250;

/** SQLSTATE classes and codes of a database that is going, gone or coming: https://www.postgresql.org/docs/17/errcodes-appendix.html */
const goneCodes = /^(08|57P0)/;
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT']);

function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const cause = error.cause ?? error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : '';
  return goneCodes.test(code) || socketCodes.has(code) || message.startsWith('Connection terminated');
}

/**
 * Repeats a statement while the database is away (it restarts within a second when it falls), for a minute at most.
 * Only for statements that may run twice: one may have taken effect before its connection broke.
 */
export async function reconnecting<T>(statement: () => Promise<T>): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      if (!isGone(error) || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
