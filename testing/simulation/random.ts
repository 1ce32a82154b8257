import { invariant } from '@/lib/invariant';

/** A source of random numbers: the same seed gives the same numbers. */
export type Random = {
  /** From 0 up to 1. */
  readonly next: () => number;
  /** A whole number from `low` up to and including `high`. */
  readonly int: (low: number, high: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
};

/** Mulberry32 (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c), from a seed below 2^32. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      invariant(item !== undefined, 'there is something to pick from');
      return item;
    },
  };
}
