import { type World, worldFormat } from '../world/world';
import { flashSaleLegacy } from './flash-sale-legacy';
import { flashSaleNiaga } from './flash-sale-niaga';

/**
 * An Indonesian shop before its 12.12 flash sale: daily business on servers in Jakarta, the elastic part on functions
 * in Singapore (Jakarta has no function binding). Its load balancers include all kinds that can't bind a function.
 */
export function flashSale(vipNetwork: string, now: number): World {
  const accounts = [flashSaleNiaga(vipNetwork, now), flashSaleLegacy(vipNetwork, now)];
  return {
    format: worldFormat,
    seed: 'flash-sale',
    nextId: 1,
    accounts: Object.fromEntries(accounts.map((account) => [account.uin, account])),
  };
}
