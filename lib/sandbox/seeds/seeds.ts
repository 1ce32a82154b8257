import { type World, worldFormat } from '../world/world';
import { flashSaleLegacy } from './flash-sale-legacy';
import { flashSaleNiaga } from './flash-sale-niaga';
import { large } from './large';
import { small } from './small';

/**
 * Creates new sandbox data.
 * @param vipNetwork such as `127.77.0.0/16`
 * @param now epoch milliseconds
 */
export type Seed = (vipNetwork: string, now: number) => World;

const seeds: ReadonlyMap<string, Seed> = new Map([
  ['flash-sale', flashSale],
  ['small', small],
  ['large', large],
]);

export const seedNames: readonly string[] = [...seeds.keys()];

/**
 * Returns the seed with this name.
 * @throws Error that names the existing seeds
 */
export function seedNamed(name: string): Seed {
  const seed = seeds.get(name);
  if (!seed) throw new Error(`There is no seed "${name}"; there are ${seedNames.join(' and ')}.`);
  return seed;
}

/**
 * An Indonesian shop before its 12.12 flash sale: daily business on servers in Jakarta, the elastic part on functions
 * in Singapore (Jakarta has no function binding). Its load balancers include all kinds that can't bind a function.
 */
function flashSale(vipNetwork: string, now: number): World {
  const accounts = [flashSaleNiaga(vipNetwork, now), flashSaleLegacy(vipNetwork, now)];
  return {
    format: worldFormat,
    seed: 'flash-sale',
    nextId: 1,
    accounts: Object.fromEntries(accounts.map((account) => [account.uin, account])),
  };
}
