/** The golden ratio's fraction: the step whose multiples spread most evenly over [0, 1). */
const STEP = (Math.sqrt(5) - 1) / 2;

/** Returns the part of a set's weights that an answer falls in, as a number in [0, 1). `set` names the set. */
export type Shares = (set: number) => number;

/**
 * Creates the shares for the answers of one server, separately for each set of records: a low-discrepancy sequence
 * instead of randomness, so that the shares of any number of answers match the weights almost exactly (within 0.2 %
 * over 10,000 answers). This also holds for each of several clients with alternating queries, unlike plain round robin:
 * every second number of this sequence spreads as evenly. (L. Kuipers, H. Niederreiter, Uniform Distribution of
 * Sequences, 1974, 2.3.) It begins at random, so that two servers don't answer in step.
 */
export function createShares(random: () => number = Math.random): Shares {
  const last = new Map<number, number>();
  return (set) => {
    const next = ((last.get(set) ?? random()) + STEP) % 1;
    last.set(set, next);
    return next;
  };
}
