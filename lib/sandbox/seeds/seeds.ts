import type { World } from '../world/world';
import { flashSale } from './flash-sale';
import { large } from './large';
import { small } from './small';

/** Creates new sandbox data. @param vipNetwork such as `127.77.0.0/16`; @param now epoch milliseconds */
export type Seed = (vipNetwork: string, now: number) => World;

const seeds: ReadonlyMap<string, Seed> = new Map([
  ['flash-sale', flashSale],
  ['small', small],
  ['large', large],
]);

export const seedNames: readonly string[] = [...seeds.keys()];

/** Returns the seed with this name. @throws Error naming the existing seeds */
export function seedNamed(name: string): Seed {
  const seed = seeds.get(name);
  if (!seed) throw new Error(`There is no seed "${name}"; there are ${seedNames.join(' and ')}.`);
  return seed;
}
