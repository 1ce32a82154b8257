import { listLedTo } from '@/lib/estate/dns-target';
import { listAddressRecords } from '@/lib/estate/look-up';
import type { LoadBalancer } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import type { CheckInput } from './model';
import { movedNames } from './record-sets';

/** A name that moves, with the load balancers that serve it now. */
export type Move = {
  readonly route: ResolvedRoute;
  readonly from: readonly LoadBalancer[];
};

/** Returns the names that move to another load balancer than their current one in DNS. */
export function movesOf(input: CheckInput): readonly Move[] {
  const { before } = input;
  return movedNames(input).flatMap(({ hostName, route }): Move[] => {
    const records = listAddressRecords(before, hostName).filter(({ enabled }) => enabled);
    const led = new Set(records.flatMap((record) => listLedTo(before, record)));
    const from = before.loadBalancers.filter((each) => each.id !== route.loadBalancer.id && led.has(each));
    return from.length === 0 ? [] : [{ route, from }];
  });
}
