import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export type LogFile = {
  /** Never throws: a line that can't be written is passed to `onLost`. */
  write(line: string): void;
  /** The number of lines that could not be written since it was opened. */
  lost(): number;
  close(): void;
};

/**
 * Opens a log of limited size: a full file becomes `<file>.1`, replacing the one before, and a new one begins. Lines
 * are written at once, so that the last ones before a crash are kept. A full disk or a missing folder loses the lines
 * of that time and nothing else: each next line tries again, and first states how many are missing.
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
    // A disk that fills up takes part of a write; the rest is tried at once, and then fails.
    for (let done = 0; done < bytes.length; ) {
      const written = writeSync(target, bytes, done);
      done += written;
      size += written;
    }
  };
  return {
    write(line) {
      try {
        // It begins with a line break: the previous line may have been truncated.
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
          // A file that can't be closed is abandoned; the handle has already been dropped.
        }
        onLost(line, error);
      }
    },
    lost: () => lost,
    close: shut,
  };
}
