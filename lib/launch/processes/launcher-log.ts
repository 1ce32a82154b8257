import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { storableText } from '@/lib/input/outside-text';
import type { ServiceLog } from './supervise';

type LogFile = {
  /** Never throws: a line that can't be written is passed to `onLost`. */
  write(line: string): void;
  /** The number of lines since it was opened that could not be written. */
  lost(): number;
  close(): void;
};

/**
 * Opens a log of limited size: a full file becomes `<file>.1`, replacing the one before, and a new one begins. Lines
 * are written at once, so that the last ones before a crash are kept. With a full disk or a missing folder, only the
 * lines of that time are lost: each new line is tried again, preceded by the number of missing ones.
 * @param onLost called with each line that could not be written, and the reason
 * @param mostBytes size of one file; both together hold up to twice as much
 */
export function openLogFile(
  file: string,
  onLost: (line: string, error: unknown) => void,
  mostBytes = 20_000_000,
): LogFile {
  let handle: number | null = null;
  let size = 0;
  let lost = 0;
  let missing = 0;

  const shut = () => {
    const open = handle;
    handle = null;
    if (open !== null) closeSync(open);
  };
  const open = (): number => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    handle = openSync(file, 'a', 0o600);
    size = fstatSync(handle).size;
    return handle;
  };
  const append = (text: string) => {
    const bytes = Buffer.from(`${text}\n`);
    if (handle !== null && size > 0 && size + bytes.length > mostBytes) {
      shut();
      if (existsSync(file)) renameSync(file, `${file}.1`);
    }
    const target = handle ?? open();
    // A nearly full disk accepts part of a write; writing the rest at once then fails.
    for (let done = 0; done < bytes.length; ) {
      const written = writeSync(target, bytes, done);
      done += written;
      size += written;
    }
  };
  return {
    write(line) {
      try {
        // It begins with a line break, because the previous line may be truncated.
        if (missing > 0) append(`\n${missing} lines are missing here: they could not be written`);
        missing = 0;
        append(line);
      } catch (error) {
        lost += 1;
        missing += 1;
        // The file may be missing as well: the next line opens it again.
        try {
          shut();
        } catch {
          // A file that can't be closed is abandoned: its handle is already dropped.
        }
        onLost(line, error);
      }
    },
    lost: () => lost,
    close: shut,
  };
}

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
