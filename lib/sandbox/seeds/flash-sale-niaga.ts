import type { AccountWorld } from '../world/world';
import { niagaCertificates } from './flash-sale-certificates';
import { niagaCustomConfigs } from './flash-sale-custom-configs';
import { niagaFunctions } from './flash-sale-functions';
import { niagaInstances } from './flash-sale-instances';
import { niagaLoadBalancers } from './flash-sale-load-balancers';
import { niagaZones } from './flash-sale-zones';
import { account } from './parts';
import { flashSaleUsers } from './users';

/** Returns the shop's current account, billed by IP. */
export function flashSaleNiaga(vipNetwork: string, now: number): AccountWorld {
  const createdAt = now - 200 * 86_400_000;
  return account(
    {
      uin: '100028471935',
      name: 'niaga',
      appId: 1312847193,
      networkAccountType: 'STANDARD',
      ...flashSaleUsers(createdAt),
      customConfigs: niagaCustomConfigs(createdAt),
    },
    {
      loadBalancers: niagaLoadBalancers(vipNetwork, createdAt),
      instances: Object.values(niagaInstances(vipNetwork)).flat(),
      functions: niagaFunctions(createdAt),
      zones: niagaZones(vipNetwork, createdAt),
      certificates: niagaCertificates(now),
    },
  );
}
