import { storableText } from '@/lib/input/outside-text';
import { openLogFile } from './log-file';
import type { ServiceLog } from './supervise';

export type LauncherLog = ServiceLog & {
  /** Prints one of the launcher's own lines at the terminal. */
  print(text: string): void;
  /** Shows a line at the terminal that the log file must not contain, because it is a credential. */
  show(text: string): void;
  /**
   * From now on the terminal shows only the launcher's own lines: the output of stopping processes would alarm the
   * operator needlessly.
   */
  quiet(): void;
  /** The number of lines that could not be written to the file. */
  lost(): number;
  close(): void;
};

/**
 * Opens the log: the lines of all processes go to one file, with time and sender; warnings and errors go to the
 * terminal as well, and so does every line that cannot be written to the file. It never throws. U+0000 is removed from
 * lines, because tools treat a file with it as binary.
 */
export function openLauncherLog(file: string): LauncherLog {
  // A closed terminal, or a full disk behind it, must not end the launcher.
  for (const out of [process.stdout, process.stderr]) out.on('error', () => {});
  let isFailing = false;
  const log = openLogFile(file, (line, error) => {
    if (!isFailing) {
      isFailing = true;
      const why = error instanceof Error ? error.message : String(error);
      console.error(
        `The log ${file} can't be written (${why}); its lines are printed here until it can be written again.`,
      );
    }
    console.error(line);
  });
  let isQuiet = false;
  const write = (sender: string, text: string) => {
    const lostBefore = log.lost();
    log.write(`${new Date().toISOString()} ${sender.padEnd(8)} ${storableText(text)}`);
    if (log.lost() === lostBefore) isFailing = false;
  };
  const print = (text: string) => {
    for (const line of text.split('\n')) write('launcher', line);
    console.log(text);
  };
  return {
    line(service, from, line) {
      write(service, line);
      const { severity, text } = lineSeverity(service, from, line);
      if (severity !== 'info' && !isQuiet) console.error(`${service}: ${text}`);
    },
    say: print,
    print,
    show: (text) => console.log(text),
    quiet() {
      isQuiet = true;
    },
    lost: () => log.lost(),
    close: () => log.close(),
  };
}

type Severity = 'info' | 'warn' | 'error';

/**
 * Determines the severity of a service's line. Our own processes write pino's JSON (levels: 40 warn, 50 error, 60
 * fatal; https://getpino.io/#/docs/api?id=logger-level), Postgres starts lines with a word
 * (https://www.postgresql.org/docs/17/runtime-config-logging.html#RUNTIME-CONFIG-SEVERITY-LEVELS); anything else on
 * stderr is a warning.
 * @returns the severity, and the text for the operator
 */
export function lineSeverity(
  service: string,
  from: 'stdout' | 'stderr',
  line: string,
): { readonly severity: Severity; readonly text: string } {
  if (service === 'database') {
    // Statement errors concern the client that sent the statement, which logs them.
    const severity = /^PANIC:/.test(line) ? 'error' : /^(FATAL|WARNING):/.test(line) ? 'warn' : 'info';
    return { severity, text: line };
  }
  const entry = pinoEntry(line);
  if (entry) {
    return { severity: entry.level >= 50 ? 'error' : entry.level >= 40 ? 'warn' : 'info', text: entry.text };
  }
  // Indented lines of a stack trace go only to the log.
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
