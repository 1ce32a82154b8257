/** The golden ratio's fraction: of all steps the one whose multiples spread most evenly over [0, 1). */
const STEP = (Math.sqrt(5) - 1) / 2;

/** Which part of a set's weights an answer falls in, as a number in [0, 1). `set` names the set. */
export type Shares = (set: number) => number;

/**
 * Returns where the answers of one server fall, for each set of records for itself: a rotation in place of chance, so
 * that the shares of any number of answers are those of the weights with hardly a difference (within 0.2 % over 10,000
 * answers). They are so for each of several clients whose questions alternate, too, which turns in order would not do: every
 * second number of this sequence spreads as evenly. (L. Kuipers, H. Niederreiter, Uniform Distribution of Sequences, 1974, 2.3.)
 * It begins by chance, so that two servers don't answer in step.
 */
export function createShares(random: () => number = Math.random): Shares {
  const last = new Map<number, number>();
  return (set) => {
    const next = ((last.get(set) ?? random()) + STEP) % 1;
    last.set(set, next);
    return next;
  };
}
