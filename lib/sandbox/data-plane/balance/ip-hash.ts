import { createHash } from 'node:crypto';
import type { Weighted } from './wrr';

/**
 * Returns the target that an address always gets: weighted rendezvous hashing, so that each target gets addresses by
 * its weight and removing a target affects only its own addresses
 * (https://www.snia.org/sites/default/files/SDC15_presentations/dist_sys/Jason_Resch_New_Consistent_Hashings_Rev.pdf).
 * The cloud says only that one address stays with one server (https://www.tencentcloud.com/document/product/214/6154).
 * Null when every weight is 0.
 */
export function pickByAddress<T extends Weighted>(targets: readonly T[], address: string): T | null {
  let best: T | null = null;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const target of targets) {
    if (target.weight <= 0) continue;
    const score = -target.weight / Math.log(share(`${address} ${target.key}`));
    if (score > bestScore) {
      best = target;
      bestScore = score;
    }
  }
  return best;
}

/** Hashes to an evenly distributed number between 0 and 1, both excluded. */
function share(text: string): number {
  const bits = createHash('sha256').update(text).digest().readUIntBE(0, 6);
  return (bits + 0.5) / 2 ** 48;
}
