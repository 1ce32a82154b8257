import type { ServerResponse } from 'node:http';

/**
 * Lets so many answers be made at a time; the others wait for their turn in the order they came. An answer's turn is over when
 * it is sent or its client has gone, and one whose client goes before its turn is never begun.
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
