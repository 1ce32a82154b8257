import { invariant } from '@/lib/invariant';
import { createSeededRandom, type SeededRandom } from '@/lib/rehearsal/seeded-random';

/** A source of random numbers with choices: the same seed gives the same numbers. */
export type Random = Pick<SeededRandom, 'next' | 'int'> & {
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
};

/**
 * Creates a source with choices.
 * @param seed a whole number below 2^32
 */
export function createRandom(seed: number): Random {
  const { next, int } = createSeededRandom(seed);
  return {
    next,
    int,
    chance: (share) => next() < share,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      invariant(item !== undefined, 'there is something to pick from');
      return item;
    },
  };
}
