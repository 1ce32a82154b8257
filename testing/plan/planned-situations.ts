import fc from 'fast-check';
import { afterAll } from 'vitest';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import type { Situation } from '@/testing/simulation/generate-situation';
import { createRandom, type Random } from '@/testing/simulation/random';
import type { Choose } from './test-walk';

type Given = Pick<Situation, 'estate' | 'diversion'>;

/** The seed of all properties of a file, so that they hold for the same situations, different ones in each run. */
export const sharedSeed = Math.trunc(Math.random() * 2 ** 31);

/** Plans a diversion that was generated for its estate. */
export const buildPlan = ({ estate, diversion }: Given) => createTestPlan({ estate, diversion });

/** Returns a function that computes a value once for each object. */
export function oncePerObject<K extends object, T>(compute: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    const found = known.get(key) ?? { value: compute(key) };
    known.set(key, found);
    return found.value;
  };
}

/** Returns a function that chooses among several in any order, the same for the same seed. */
export function anyOrder(seed: number): Choose {
  const random = createRandom(seed);
  return (count) => random.int(0, count - 1);
}

/**
 * Generates situations by the seed that creates them, which is printed when a property fails. Properties of a file that
 * use `sharedSeed` get the same objects, so that what takes long is generated and planned once for all of them.
 */
export function situations<S extends Given>(generate: (random: Random) => S) {
  const known = new Map<number, S & { readonly seed: number }>();
  afterAll(() => known.clear());
  return fc.integer({ min: 1, max: 2 ** 31 - 1 }).map((seed) => {
    const given = known.get(seed) ?? {
      seed,
      ...generate(createRandom(seed)),
      toString: () => `seed ${seed}`,
    };
    known.set(seed, given);
    return given;
  });
}
