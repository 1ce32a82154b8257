import { storableText } from '@/lib/outside-text';
import { lineSeverity } from './line-severity';
import { openLogFile } from './log-file';
import type { ServiceLog } from './supervise';

export type LauncherLog = ServiceLog & {
  /** A line of the launcher's own, for the person at the terminal. */
  print(text: string): void;
  /** From now on the terminal shows only the launcher's own lines: what stopping processes say worries people for nothing. */
  quiet(): void;
  /** How many lines could not be written to the file. */
  lost(): number;
  close(): void;
};

/**
 * Opens the log: all processes' lines go to one file, with time and sender; warnings and errors go to the terminal as well,
 * and so does every line that the file can't take. Nothing of it throws. No line has U+0000, by which tools take a file for a
 * binary one.
 */
export function openLauncherLog(file: string): LauncherLog {
  // A terminal that is gone, or a file on a full disk in its place, must not end the launcher.
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
