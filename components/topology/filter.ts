import { targetName } from '@/lib/estate/target';
import type { Backend, TopologyRoute } from './route';
import { getRouteRegion } from './route';

export type RouteFilter = {
  /** Words that must all occur in a route; `''` = no search. */
  readonly search: string;
  /** null = all regions. */
  readonly region: string | null;
};

/** Returns the routes that pass a filter, as a whole: everything before and after a match stays visible. */
export function filterRoutes(
  routes: readonly TopologyRoute[],
  filter: RouteFilter,
): readonly TopologyRoute[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  return routes.filter((route) => {
    if (filter.region !== null && getRouteRegion(route) !== filter.region) return false;
    if (words.length === 0) return true;
    const text = routeText(route);
    return words.every((word) => text.includes(word));
  });
}

/** Returns all text by which a route can be found: names, ids, addresses, ports, paths. */
function routeText(route: TopologyRoute): string {
  const { record, loadBalancer, listener, rule, backend } = route;
  return [
    route.host,
    record?.type,
    record?.value,
    loadBalancer?.name,
    loadBalancer?.id,
    loadBalancer?.region,
    ...(loadBalancer?.vips ?? []),
    loadBalancer?.ipv6,
    loadBalancer?.domain,
    listener && `${listener.name} ${listener.id} ${listener.protocol}:${listener.port}`,
    rule && `${rule.domains.join(' ')} ${rule.url} ${rule.id}`,
    ...(backend ? backendWords(backend) : []),
  ]
    .filter(Boolean)
    .join(' ')
    .toLowerCase();
}

function backendWords(backend: Backend): readonly string[] {
  if (backend.kind === 'scf') {
    return ['scf', `${backend.namespace}/${backend.name}:${backend.binding?.qualifier ?? ''}`];
  }
  return backend.targets.flatMap((t) => [
    t.kind,
    targetName(t),
    t.instanceName ?? '',
    `${t.privateIp ?? ''}:${t.port}`,
  ]);
}
