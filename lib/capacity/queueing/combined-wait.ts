import { type Wait, waitQuantile, waitTail } from './wait';

export type WeightedWait = { readonly wait: Wait; readonly weight: number };

const rounds = 24;

/**
 * Returns the wait that a share `p` of the requests to several places doesn't exceed, in seconds.
 * @param waits with weights in requests
 */
export function combinedQuantile(waits: readonly WeightedWait[], p: number): number {
  const total = waits.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0) return 0;
  const tail = (s: number) =>
    waits.reduce((sum, { wait, weight }) => sum + weight * waitTail(wait, s), 0) / total;
  if (tail(0) <= 1 - p) return 0;
  let [low, high] = [0, Math.max(...waits.map(({ wait }) => waitQuantile(wait, 0.999_999)))];
  for (let round = 0; round < rounds; round += 1) {
    const middle = (low + high) / 2;
    if (tail(middle) > 1 - p) low = middle;
    else high = middle;
  }
  return high;
}
