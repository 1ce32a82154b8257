import type { Diversion } from '@/lib/diversion/diversion';
import type { Route } from '@/lib/diversion/route';
import { getHostName } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { provisionableVersion } from '@/lib/plan/model/function-choice';
import type { Stock } from '@/testing/simulation/cloud/stock';

/*
 * The scope of a diversion, determined independently of the planner, and what has changed: both use names that need no
 * ids of the cloud, so that a load balancer has the same name before and after it is created.
 */

const placeText = (name: string, port: number) => `${name}:${port}`;

/** Returns the names of places, from the ids of an estate and the placeholders of a diversion. */
function naming(estate: Estate, { creates }: Diversion) {
  const balancers = new Map(
    [...estate.loadBalancers, ...creates.loadBalancers].map((lb) => [String(lb.id), lb]),
  );
  const listeners = new Map(
    [...estate.listeners, ...creates.listeners].map((each) => [String(each.id), each]),
  );
  const balancerName = (id: string) => balancers.get(id)?.name ?? id;
  return {
    balancer: (id: string) => `loadBalancer ${balancers.get(id)?.region}/${balancerName(id)}`,
    listener: (id: string) => {
      const found = listeners.get(id);
      return placeText(balancerName(found?.loadBalancerId ?? ''), found?.port ?? 0);
    },
  };
}

/** Returns everything that a diversion may change in an estate. */
export function collectScope(diversion: Diversion, estate: Estate): ReadonlySet<string> {
  const named = naming(estate, diversion);
  const { creates, routes } = diversion;
  // The side that a Switch moves away from stays unchanged.
  const moved = routes.filter(({ to }) => diversion.kind !== 'switch' || to === diversion.toward);
  const findRule = ({ listenerId, domain, rule }: Route) => {
    const found = rule.kind === 'new' ? undefined : estate.rules.find(({ id }) => id === rule.ruleId);
    const url = rule.kind === 'new' ? rule.url : found?.url;
    return `rule ${named.listener(listenerId)} ${found?.domain ?? domain}${url}`;
  };
  const warm = moved.flatMap((route) => {
    if (route.to !== 'function' || route.provisioned === null) return [];
    const { region, namespace, name } = route.function;
    return `provisioned ${region}/${namespace}/${name}:${provisionableVersion(estate, route.function)}`;
  });
  return new Set([
    ...creates.loadBalancers.map(({ id }) => named.balancer(id)),
    ...creates.listeners.map(({ id }) => `listener ${named.listener(id)}`),
    ...moved.map(findRule),
    ...moved.map(({ domain }) => `name ${domain}`),
    ...warm,
  ]);
}

/** Returns the differing entries of a list, compared by key. */
function differing<T>(before: readonly T[], after: readonly T[], idOf: (item: T) => unknown): readonly T[] {
  if (before === after) return [];
  const byId = (items: readonly T[]) => new Map(items.map((item) => [idOf(item), item]));
  const [old, now] = [byId(before), byId(after)];
  // What was not touched is the same object.
  const isEqual = (one: T | undefined, other: T) =>
    one === other || JSON.stringify(one) === JSON.stringify(other);
  return [
    ...after.filter((item) => !isEqual(old.get(idOf(item)), item)),
    ...before.filter((item) => !now.has(idOf(item))),
  ];
}

/** Returns what has changed from one stock to the next. */
export function changedIn(before: Stock, after: Stock): readonly string[] {
  const byId = <T extends { readonly id: unknown }>({ id }: T) => id;
  const balancers = new Map([...before.loadBalancers, ...after.loadBalancers].map((lb) => [lb.id, lb]));
  const listeners = new Map([...before.listeners, ...after.listeners].map((each) => [each.id, each]));
  const listenerText = (id: string) => {
    const found = [...listeners.values()].find((each) => each.id === id);
    const lb = found && balancers.get(found.loadBalancerId);
    return placeText(lb?.name ?? found?.loadBalancerId ?? id, found?.port ?? 0);
  };
  const findVersion = (each: Stock['provisioned'][number]) =>
    `provisioned ${each.region}/${each.namespace}/${each.name}:${each.qualifier}`;
  return [
    ...differing(before.loadBalancers, after.loadBalancers, byId).map(
      ({ region, name }) => `loadBalancer ${region}/${name}`,
    ),
    ...differing(before.listeners, after.listeners, byId).map(({ id }) => `listener ${listenerText(id)}`),
    ...differing(before.rules, after.rules, byId).map(
      ({ listenerId, domain, url }) => `rule ${listenerText(listenerId)} ${domain}${url}`,
    ),
    ...differing(before.records, after.records, byId).map((record) => `name ${getHostName(record)}`),
    ...differing(before.provisioned, after.provisioned, findVersion).map(findVersion),
  ];
}
