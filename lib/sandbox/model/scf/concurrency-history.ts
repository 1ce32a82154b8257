import type { ConcurrencyHistory } from './provisioned';

/** The start of a call (epoch ms) and its duration. */
type Call = { readonly at: number; readonly durationMs: number };

/** Returns how many of the calls ran at an instant: started at or before it, and not yet ended. */
export function concurrencyHistory(calls: readonly Call[]): ConcurrencyHistory {
  const begins = calls.map((call) => call.at).sort((a, b) => a - b);
  const ends = calls.map((call) => call.at + call.durationMs).sort((a, b) => a - b);
  return (at) => countUpTo(begins, at) - countUpTo(ends, at);
}

/** Returns how many of the sorted numbers are at most `limit`. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
