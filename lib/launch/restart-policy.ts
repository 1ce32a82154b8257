/** One end of a supervised process that nobody asked for. */
export type Fall = {
  /** Epoch ms. */
  readonly at: number;
  /** Whether it had come up before it ended. */
  readonly wasReady: boolean;
  /** Ended by SIGKILL: somebody else's doing (an operator, the kernel out of memory), not the program's. */
  readonly wasKilled: boolean;
};

export type Verdict = { readonly kind: 'restart'; readonly afterMs: number } | { readonly kind: 'give up' };

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5_000;
const TOO_MANY = 5;
const WINDOW_MS = 10_000;

/**
 * What to do about a process that has fallen: start it again after a pause that doubles from 300 ms, or give up when
 * it has fallen five times within ten seconds, or five times in a row without coming up.
 * A process killed after it had come up is always started again after the first pause.
 * @param falls the recent ones, oldest first; the last has just happened
 * @returns the verdict, and the falls to remember for the next time
 */
export function judgeFall(falls: readonly Fall[]): {
  readonly verdict: Verdict;
  readonly remember: readonly Fall[];
} {
  const last = falls.at(-1);
  if (!last || (last.wasReady && last.wasKilled)) {
    return { verdict: { kind: 'restart', afterMs: FIRST_PAUSE_MS }, remember: falls.slice(0, -1) };
  }
  const remember = last.wasReady ? falls.filter((fall) => fall.at > last.at - WINDOW_MS) : falls;
  if (remember.length >= TOO_MANY) return { verdict: { kind: 'give up' }, remember };
  const afterMs = Math.min(FIRST_PAUSE_MS * 2 ** (remember.length - 1), LONGEST_PAUSE_MS);
  return { verdict: { kind: 'restart', afterMs }, remember };
}
