import { leadsTo } from '@/lib/estate/dns-target';
import { getHostName } from '@/lib/estate/look-up';
import type { DnsRecord, LoadBalancer } from '@/lib/estate/model';
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
  const moved = movedNames(input);
  const led = new Map<string, DnsRecord[]>(moved.map(({ hostName }) => [hostName, []]));
  if (led.size === 0) return [];
  for (const record of input.before.records) if (record.enabled) led.get(getHostName(record))?.push(record);
  return moved.flatMap(({ hostName, route }): Move[] => {
    const records = led.get(hostName) ?? [];
    const from = input.before.loadBalancers.filter(
      (each) => each.id !== route.loadBalancer.id && records.some((record) => leadsTo(record, each)),
    );
    return from.length === 0 ? [] : [{ route, from }];
  });
}
