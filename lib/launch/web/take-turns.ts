import type { ServerResponse } from 'node:http';

/**
 * Limits how many responses are produced at a time; the others wait for their turn in the order in which they arrived.
 * A turn ends when the response is sent or its client has disconnected; a response whose client disconnects before its
 * turn is never begun.
 */
export function takeTurns(max: number): (response: ServerResponse, begin: () => void) => void {
  const waiting = new Set<() => void>();
  let going = 0;
  const next = () => {
    for (const start of waiting) {
      if (going >= max) return;
      start();
    }
  };
  return (response, begin) => {
    const start = () => {
      waiting.delete(start);
      going += 1;
      begin();
    };
    waiting.add(start);
    response.once('close', () => {
      if (!waiting.delete(start)) going -= 1;
      next();
    });
    next();
  };
}
