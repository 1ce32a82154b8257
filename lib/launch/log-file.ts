import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A log of bounded size: when it is full it becomes `<file>.1`, in place of the one before, and a new one begins.
 * Lines are written at once, so that the last ones before a crash are there.
 * @param mostBytes size of one file; both together hold up to twice as much
 */
export function openLogFile(
  file: string,
  mostBytes = 20_000_000,
): { write(line: string): void; close(): void } {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let handle = openSync(file, 'a', 0o600);
  let size = fstatSync(handle).size;
  return {
    write(line) {
      const bytes = Buffer.from(`${line}\n`);
      if (size > 0 && size + bytes.length > mostBytes) {
        closeSync(handle);
        if (existsSync(file)) renameSync(file, `${file}.1`);
        handle = openSync(file, 'a', 0o600);
        size = 0;
      }
      writeSync(handle, bytes);
      size += bytes.length;
    },
    close() {
      closeSync(handle);
    },
  };
}
