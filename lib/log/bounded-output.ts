import type { Writable } from 'node:stream';

/** The most bytes that may be queued for a reader that does not read: several thousand lines. */
const mostWaiting = 4_000_000;

/**
 * Wraps a stream as a log destination that never waits for its reader and never fails with it: a process must be able
 * to keep working and to exit while its log reader is frozen or closed. (pino's own destination writes synchronously
 * and retries a failed write forever: `flushSync` in https://github.com/pinojs/sonic-boom/blob/master/index.js.) Pipes
 * are written without blocking, files and terminals at once (https://nodejs.org/api/process.html#a-note-on-process-io).
 * Beyond `limit` queued bytes, lines are dropped and counted; the count is the first line written when the reader is
 * back.
 */
export function boundedOutput(out: Writable, limit = mostWaiting): { write(line: string): void } {
  let isClosed = false;
  let dropped = 0;
  out.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has closed. Other errors, such as those of a full disk, may pass.
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
        const msg = `${dropped} lines of this log were dropped, because they were not read`;
        dropped = 0;
        out.write(`${JSON.stringify({ level: 40, time: Date.now(), msg })}\n`);
      }
      out.write(line);
    },
  };
}
