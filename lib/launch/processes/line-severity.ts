export type Severity = 'info' | 'warn' | 'error';

/**
 * Determines the severity of a service's line. Our own processes write pino's JSON (levels: 40 warn, 50 error, 60
 * fatal; https://getpino.io/#/docs/api?id=logger-level), Postgres starts lines with a word
 * (https://www.postgresql.org/docs/17/runtime-config-logging.html#RUNTIME-CONFIG-SEVERITY-LEVELS); anything else on
 * stderr is a warning.
 * @returns the severity, and the text for a person
 */
export function lineSeverity(
  service: string,
  from: 'stdout' | 'stderr',
  line: string,
): { readonly severity: Severity; readonly text: string } {
  if (service === 'database') {
    // Statement errors concern whoever sent the statement, and are logged there.
    const severity = /^PANIC:/.test(line) ? 'error' : /^(FATAL|WARNING):/.test(line) ? 'warn' : 'info';
    return { severity, text: line };
  }
  const entry = pinoEntry(line);
  if (entry) {
    return { severity: entry.level >= 50 ? 'error' : entry.level >= 40 ? 'warn' : 'info', text: entry.text };
  }
  // The indented lines of a stack trace go to the log only.
  return { severity: from === 'stderr' && /^\S/.test(line) ? 'warn' : 'info', text: line };
}

function pinoEntry(line: string): { level: number; text: string } | null {
  if (!line.startsWith('{')) return null;
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    // Not JSON: an ordinary line that begins with a bracket.
    return null;
  }
  if (typeof entry !== 'object' || entry === null || !('level' in entry) || typeof entry.level !== 'number')
    return null;
  const message = 'msg' in entry && typeof entry.msg === 'string' ? entry.msg : line;
  const cause =
    'err' in entry && typeof entry.err === 'object' && entry.err !== null && 'message' in entry.err
      ? String(entry.err.message)
      : '';
  return { level: entry.level, text: cause && cause !== message ? `${message}: ${cause}` : message };
}
