import { listLedTo } from '@/lib/estate/dns-target';
import { listAddressRecords, listListeners, listRules } from '@/lib/estate/look-up';
import { rulesOfSite } from '@/lib/estate/match-rule';
import type { ListenerPlace } from '@/lib/estate/measure';
import type { Estate, Listener, LoadBalancer } from '@/lib/estate/model';
import { getOwner } from '@/lib/estate/owner';

/** A listener that currently answers for names, with what else it answers for. */
export type ServingListener = ListenerPlace & {
  readonly loadBalancer: string;
  /** Its display name: `HTTP:80`. */
  readonly listener: string;
  /** The requested names that it answers for. */
  readonly names: readonly string[];
  /** The number of other domains that its rules name; their requests are not measured. */
  readonly others: number;
};

/** The traffic of a serving listener for the names, in requests per second; null = monitoring has no data. */
export type TrafficReading = ServingListener & {
  readonly perSecond: number | null;
  /** The lag of monitoring, in ms; null = it had no data. */
  readonly lagMs: number | null;
};

/** Returns the ids of the load balancers that any line of a name points at. */
function leadingTo(estate: Estate, name: string): ReadonlySet<string> {
  const records = listAddressRecords(estate, name).filter(({ enabled }) => enabled);
  return new Set(records.flatMap((record) => listLedTo(estate, record).map(({ id }) => id)));
}

/**
 * Returns the listeners that currently receive requests for some names: those of load balancers that DNS points at,
 * with a rule that takes the name; the default domain of another name doesn't. Pure.
 */
export function servingListeners(estate: Estate, names: readonly string[]): readonly ServingListener[] {
  const led = new Map(names.map((name) => [name, leadingTo(estate, name)]));
  const candidates = new Set([...led.values()].flatMap((ids) => [...ids]));
  const serving = (balancer: LoadBalancer, { id, protocol, port }: Listener): readonly ServingListener[] => {
    const rules = listRules(estate, id);
    const served = names.filter(
      (name) => led.get(name)?.has(balancer.id) && rulesOfSite(rules, name).length > 0,
    );
    if (served.length === 0) return [];
    const domains = new Set(rules.flatMap((rule) => rule.domains));
    const serving = served.flatMap((name) => rulesOfSite(rules, name).flatMap((rule) => rule.domains));
    return [
      {
        ...getOwner(balancer),
        region: balancer.region,
        loadBalancerId: balancer.id,
        listenerId: id,
        loadBalancer: balancer.name,
        listener: `${protocol}:${port}`,
        names: served,
        domains: [...new Set(serving)],
        others: domains.size - new Set(serving).size,
      },
    ];
  };
  return estate.loadBalancers
    .filter(({ id }) => candidates.has(id))
    .flatMap((balancer) =>
      listListeners(estate, balancer.id).flatMap((listener) => serving(balancer, listener)),
    );
}
