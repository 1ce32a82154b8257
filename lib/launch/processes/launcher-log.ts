import { storableText } from '@/lib/input/outside-text';
import { lineSeverity } from './line-severity';
import { openLogFile } from './log-file';
import type { ServiceLog } from './supervise';

export type LauncherLog = ServiceLog & {
  /** Prints one of the launcher's own lines at the terminal. */
  print(text: string): void;
  /**
   * From now on the terminal shows only the launcher's own lines: the output of stopping processes is needlessly
   * alarming.
   */
  quiet(): void;
  /** The number of lines that could not be written to the file. */
  lost(): number;
  close(): void;
};

/**
 * Opens the log: the lines of all processes go to one file, with time and sender; warnings and errors go to the
 * terminal as well, and so does every line that cannot be written to the file. It never throws. No line contains
 * U+0000, which makes tools treat a file as binary.
 */
export function openLauncherLog(file: string): LauncherLog {
  // A closed terminal, or a file on a full disk in its place, must not end the launcher.
  for (const out of [process.stdout, process.stderr]) out.on('error', () => {});
  let isFailing = false;
  const log = openLogFile(file, (line, error) => {
    if (!isFailing) {
      isFailing = true;
      const why = error instanceof Error ? error.message : String(error);
      console.error(`The log ${file} can't be written (${why}); its lines go here until it can be.`);
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
    quiet() {
      isQuiet = true;
    },
    lost: () => log.lost(),
    close: () => log.close(),
  };
}
