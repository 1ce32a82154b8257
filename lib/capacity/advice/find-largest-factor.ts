const factorMost = 1024;
/** The result is at most this much below the largest. */
const grain = 0.01;

/**
 * Returns about the largest factor up to 1,024 for which a condition holds that holds up to some factor; 0 = it holds for
 * none from 1/1,024 on.
 * @param guess where the search begins, moving by steps that triple
 * @param first the first step, as a part of the guess
 */
export function findLargestFactor(holds: (factor: number) => boolean, guess: number, first: number): number {
  let [works, fails] = [0, Infinity];
  let factor = Math.min(factorMost, Math.max(1 / factorMost, guess));
  for (let by = first; works === 0 || fails === Infinity; by *= 3) {
    if (holds(factor)) works = factor;
    else fails = factor;
    if (works === factorMost) return works;
    if (fails === 1 / factorMost) return 0;
    factor =
      works === factor
        ? Math.min(factorMost, factor * (1 + by))
        : Math.max(1 / factorMost, factor / (1 + by));
  }
  while (fails / works > 1 + grain) {
    const middle = Math.sqrt(works * fails);
    if (holds(middle)) works = middle;
    else fails = middle;
  }
  return works;
}
