/** One end of a supervised process that nobody asked for, or a start that failed. */
export type Fall = {
  /** Epoch ms. */
  readonly at: number;
  /** Whether it had come up before it ended. */
  readonly wasReady: boolean;
  /** Ended by SIGKILL: somebody else's doing (an operator, the kernel out of memory), not the program's. */
  readonly wasKilled: boolean;
};

const FIRST_PAUSE_MS = 300;
const WINDOW_MS = 10_000;

/**
 * Returns how long to wait before a fallen process is started again: 300 ms, doubled with each further fall within ten
 * seconds or without having come up, up to `longestMs`. There is no last try: what keeps a process from starting (a full
 * disk, a port that is in use, a damaged file) may end at any time, and other parts go on meanwhile.
 * A process that was killed after it had come up is always started again after the first pause.
 * @param falls the recent ones, oldest first; the last has just happened
 * @returns the pause, and the falls to remember for the next time
 */
export function pauseAfter(
  falls: readonly Fall[],
  longestMs: number,
): { readonly pauseMs: number; readonly remember: readonly Fall[] } {
  const last = falls.at(-1);
  if (!last || (last.wasReady && last.wasKilled)) {
    return { pauseMs: FIRST_PAUSE_MS, remember: falls.slice(0, -1) };
  }
  const recent = last.wasReady ? falls.filter((fall) => fall.at > last.at - WINDOW_MS) : falls;
  // Beyond these the pause grows no more: a process that falls for days must not fill the memory.
  const remember = recent.slice(-20);
  return { pauseMs: Math.min(FIRST_PAUSE_MS * 2 ** (remember.length - 1), longestMs), remember };
}
