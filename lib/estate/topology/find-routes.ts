import type { LoadBalancer } from '@/lib/estate/model';
import { poolName } from '@/lib/estate/pool-name';
import { targetName } from '@/lib/estate/target';
import { poolWeight } from './node';
import { type Backend, getRouteRegion, listNodeIds, routeKey, type TopologyRoute } from './route';
import type { RouteColumn, RouteFilter, RouteOrder } from './route-filter';

/**
 * Returns the routes that pass a filter, as a whole: everything before and after a match stays visible.
 * @param drifted ids of the nodes whose objects have drifted
 */
export function filterRoutes(
  routes: readonly TopologyRoute[],
  filter: RouteFilter,
  drifted: ReadonlySet<string>,
): readonly TopologyRoute[] {
  const { search, region, state, focus } = filter;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return routes.filter((route) => {
    if (region !== null && getRouteRegion(route) !== region) return false;
    if (state === 'unhealthy' && !isUnhealthy(route)) return false;
    if (state === 'drifted' || focus.length > 0) {
      const ids: readonly string[] = listNodeIds(route);
      if (state === 'drifted' && !ids.some((id) => drifted.has(id))) return false;
      if (!focus.every((id) => ids.includes(id))) return false;
    }
    if (words.length === 0) return true;
    const text = routeText(route);
    return words.every((word) => text.includes(word));
  });
}

/** Returns whether a load balancer serves nothing, independently of its targets. */
export function isDown({ isolated, blocked, stopped }: LoadBalancer): boolean {
  return isolated || blocked || stopped === true;
}

/** Returns how many targets of a backend fail their health check; a function that can't be called counts as one. */
export function countUnhealthy(backend: Backend): number {
  if (backend.kind === 'cvm') return backend.targets.filter(({ health }) => health === 'dead').length;
  const read = backend.function;
  if (read === null) return backend.binding === null ? 0 : 1;
  return read.status.endsWith('Failed') || (read.availableStatus ?? 'Available') !== 'Available' ? 1 : 0;
}

function isUnhealthy({ loadBalancer, listener, backend }: TopologyRoute): boolean {
  return (
    (loadBalancer !== null && isDown(loadBalancer)) ||
    listener?.stopped === true ||
    (backend !== null && countUnhealthy(backend) > 0)
  );
}

const textByRoute = new WeakMap<TopologyRoute, string>();

/** Returns all text by which a route can be found: names, ids, addresses, ports, paths. Kept by route. */
function routeText(route: TopologyRoute): string {
  const known = textByRoute.get(route);
  if (known !== undefined) return known;
  const { record, loadBalancer, listener, rule, backend } = route;
  const text = [
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
  textByRoute.set(route, text);
  return text;
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

/** One route as a row of a list. A value is null if the route does not have it. */
export type RouteRow = {
  readonly key: string;
  /** The node that the row selects: the last one of the route. */
  readonly node: string;
  /** The nodes that show this route alone. */
  readonly focus: readonly string[];
  readonly host: string | null;
  /** The record's type; null = no record points at it. */
  readonly recordType: string | null;
  readonly isEnabled: boolean;
  readonly address: string | null;
  readonly loadBalancer: string | null;
  readonly region: string | null;
  readonly listener: string | null;
  readonly rule: { readonly domain: string; readonly url: string } | null;
  readonly backend: {
    readonly kind: 'cvm' | 'scf';
    /** null = a pool whose members have no common name. */
    readonly name: string | null;
    readonly targets: number;
    readonly unhealthy: number;
  } | null;
  readonly weight: string | null;
  /** True if the load balancer or the listener serves nothing. */
  readonly isDown: boolean;
  readonly hasDrifted: boolean;
};

/** @returns null for a pool whose members have no common name. */
export function backendName(backend: Backend): string | null {
  if (backend.kind === 'cvm') return poolName(backend.targets);
  const version = backend.binding === null ? '' : `:${backend.binding.qualifier}`;
  return `${backend.namespace}/${backend.name}${version}`;
}

/** Returns the address of a load balancer that is displayed: its own domain, or its first IP address. */
export function getShownAddress({ domain, vips, ipv6 }: LoadBalancer): string {
  return domain ?? vips[0] ?? ipv6 ?? '';
}

function toRow(route: TopologyRoute, drifted: ReadonlySet<string>): RouteRow {
  const { host, record, loadBalancer, listener, rule, backend } = route;
  const ids = listNodeIds(route);
  const inner = ids.filter((id) => !id.startsWith('be:'));
  return {
    key: routeKey(route),
    node: ids.at(-1) ?? '',
    focus: inner.length > 0 ? inner : ids,
    host,
    recordType: record?.type ?? null,
    isEnabled: record?.enabled ?? true,
    address: record?.value ?? (loadBalancer && getShownAddress(loadBalancer)),
    loadBalancer: loadBalancer?.name ?? null,
    region: getRouteRegion(route),
    listener: listener && `${listener.protocol}:${listener.port}`,
    rule: rule && { domain: rule.domain, url: rule.url },
    backend: backend && {
      kind: backend.kind,
      name: backendName(backend),
      targets: backend.kind === 'cvm' ? backend.targets.length : 1,
      unhealthy: countUnhealthy(backend),
    },
    weight: backend && poolWeight(backend),
    isDown: (loadBalancer !== null && isDown(loadBalancer)) || listener?.stopped === true,
    hasDrifted: ids.some((id) => drifted.has(id)),
  };
}

/** Returns the sort key of a column; null sorts last in either order. */
function sortValue(row: RouteRow, column: RouteColumn): string | null {
  switch (column) {
    case 'domain':
      return row.host;
    case 'rule':
      return row.rule && `${row.rule.domain}${row.rule.url}`;
    case 'backend':
      return row.backend?.name ?? null;
    case 'kind':
      return row.backend?.kind ?? null;
    case 'health':
      return row.backend && String(row.isDown ? Number.MAX_SAFE_INTEGER : row.backend.unhealthy);
    default:
      return row[column];
  }
}

/** Natural order of text with numbers: `web-9` before `web-10`. */
const { compare } = new Intl.Collator('en', { numeric: true });

export type RoutePage = { readonly offset: number; readonly limit: number };

/** Returns one page of routes as rows, in an order; without one in that of the estate. */
export function pageRoutes(
  routes: readonly TopologyRoute[],
  { sort, descending }: RouteOrder,
  { offset, limit }: RoutePage,
  drifted: ReadonlySet<string>,
): readonly RouteRow[] {
  if (sort === null) return routes.slice(offset, offset + limit).map((route) => toRow(route, drifted));
  const sign = descending ? -1 : 1;
  return routes
    .map((route, nth) => {
      const row = toRow(route, drifted);
      return { row, nth, value: sortValue(row, sort) };
    })
    .sort((a, b) => {
      if (a.value === null || b.value === null)
        return a.value === b.value ? a.nth - b.nth : a.value === null ? 1 : -1;
      return sign * compare(a.value, b.value) || a.nth - b.nth;
    })
    .slice(offset, offset + limit)
    .map(({ row }) => row);
}
