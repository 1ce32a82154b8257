import { lineSeverity } from './line-severity';
import { openLogFile } from './log-file';
import type { ServiceLog } from './supervise';

export type LauncherLog = ServiceLog & {
  /** A line of the launcher's own, for the person at the terminal. */
  print(text: string): void;
  /** From now on the terminal shows only the launcher's own lines: what stopping processes say worries people for nothing. */
  quiet(): void;
  close(): void;
};

/** All processes' lines go to one file, with time and sender; warnings and errors go to the terminal as well. */
export function openLauncherLog(file: string): LauncherLog {
  const log = openLogFile(file);
  let isQuiet = false;
  const write = (sender: string, text: string) =>
    log.write(`${new Date().toISOString()} ${sender.padEnd(8)} ${text}`);
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
    close: () => log.close(),
  };
}
