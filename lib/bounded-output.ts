import type { Writable } from 'node:stream';

/** What may wait for a reader that does not read, in bytes: several thousand lines. */
const mostWaiting = 4_000_000;

/**
 * Wraps a stream as the destination of a log that never waits for its reader and never fails with it: a process must go on
 * working, and be able to end, while the one that reads its log is frozen or gone. (pino's own destination writes
 * synchronously, and repeats a write that failed without end: `flushSync` in
 * https://github.com/pinojs/sonic-boom/blob/master/index.js.)
 * Pipes are written without blocking, files and terminals at once
 * (https://nodejs.org/api/process.html#a-note-on-process-io). Beyond `limit` bytes that wait, lines are dropped and
 * counted; the count is the first line that is written when the reader is back.
 */
export function boundedOutput(out: Writable, limit = mostWaiting): { write(line: string): void } {
  let isClosed = false;
  let dropped = 0;
  out.on('error', (error: NodeJS.ErrnoException) => {
    // Nobody reads any more. Other errors, such as those of a full disk, may pass.
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') isClosed = true;
  });
  return {
    write(line) {
      if (isClosed) return;
      if (out.writableLength + line.length > limit) {
        dropped += 1;
        return;
      }
      if (dropped > 0) {
        const msg = `${dropped} lines of this log were dropped: nobody read them`;
        dropped = 0;
        out.write(`${JSON.stringify({ level: 40, time: Date.now(), msg })}\n`);
      }
      out.write(line);
    },
  };
}
