import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export type LogFile = {
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
