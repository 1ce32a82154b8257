import type { Database } from '@/lib/db/database';
import { GateRests, readUpcomingGates } from './upcoming-gates';

/** Calls a function when a rest begins (true) and ends. */
export type OnRest = (listener: (isResting: boolean) => void) => void;

/** The interval at which the gates of waiting runs are read, in ms. */
const gatesMs = 2000;

/**
 * Creates the rests of a rehearsal around the gates of runs. Each round calls the listener if one has begun or ended; a
 * failed one changes nothing.
 */
export function watchRests(db: Database): { readonly round: () => Promise<void>; readonly onRest: OnRest } {
  const rests = new GateRests();
  let listener = (_isResting: boolean) => {};
  let [isResting, readAt] = [false, Number.NEGATIVE_INFINITY];
  return {
    onRest: (given) => {
      listener = given;
    },
    round: async () => {
      const now = Date.now();
      if (now - readAt >= gatesMs) {
        readAt = now;
        rests.learn(await readUpcomingGates(db), now);
      }
      const next = rests.isResting(Date.now());
      if (next !== isResting) listener(next);
      isResting = next;
    },
  };
}
