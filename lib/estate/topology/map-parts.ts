import type { LoadBalancer } from '@/lib/estate/model';
import { hostNodeId, listNodeIds, type NodeId, type TopologyRoute } from './route';

/** The parts of the routes found, each thing once, in the order of the estate. */
export type MapParts = {
  readonly balancers: ReadonlyMap<NodeId, LoadBalancer>;
  /** The names of a load balancer. */
  readonly names: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  /** The nodes directly behind a load balancer, a listener or a rule. */
  readonly children: ReadonlyMap<NodeId, ReadonlySet<NodeId>>;
  /** Names whose records point at nothing in this estate. */
  readonly lost: ReadonlySet<NodeId>;
  /** Functions that no rule is bound to, by region. */
  readonly unbound: ReadonlyMap<string, ReadonlySet<NodeId>>;
};

function put<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

/** Collects the parts of the routes found. */
export function collectParts(routes: readonly TopologyRoute[]): MapParts {
  const balancers = new Map<NodeId, LoadBalancer>();
  const names = new Map<NodeId, Set<NodeId>>();
  const children = new Map<NodeId, Set<NodeId>>();
  const lost = new Set<NodeId>();
  const unbound = new Map<string, Set<NodeId>>();
  for (const route of routes) {
    const { loadBalancer, backend } = route;
    const ids = listNodeIds(route);
    const host = route.host === null ? null : hostNodeId(route.host);
    if (loadBalancer === null) {
      if (host !== null) lost.add(host);
      else if (backend !== null) for (const id of ids) put(unbound, backend.region, id);
      continue;
    }
    const [balancer, ...tail] = host === null ? ids : ids.slice(1);
    if (balancer === undefined) continue;
    balancers.set(balancer, loadBalancer);
    if (host !== null) put(names, balancer, host);
    for (const [nth, id] of tail.entries()) put(children, tail[nth - 1] ?? balancer, id);
  }
  for (const set of names.values()) for (const id of set) lost.delete(id);
  return { balancers, names, children, lost, unbound };
}
