import { findFunction, getHostName, leadsTo, listRules } from '@/lib/estate/look-up';
import { rulesForHost } from '@/lib/estate/match-rule';
import type { BoundFunction, DnsRecord, Estate, Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import { targetName } from '@/lib/estate/target';
import { boundFunctions } from './bound-functions';
import { type Backend, getRouteRegion, listNodeIds, type TopologyRoute } from './route';

type Tail = Pick<TopologyRoute, 'listener' | 'rule' | 'backend'>;

const addressTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/**
 * Returns every route through the estate: from each address record to the backends that serve its name, then what no
 * record points at, then the functions that are bound to nothing. Everything in the snapshot is on some route.
 */
export function buildRoutes(estate: Estate): readonly TopologyRoute[] {
  const named = estate.records
    .filter((record) => addressTypes.includes(record.type))
    .flatMap((record) => routesOfRecord(estate, record));
  const seen = new Set(named.flatMap(listNodeIds));
  const unnamed = estate.loadBalancers
    .flatMap((loadBalancer) => routesThrough(estate, loadBalancer, null))
    .filter((route) => listNodeIds(route).some((id) => !seen.has(id)));
  return [...named, ...unnamed, ...unboundFunctions(estate)];
}

function routesOfRecord(estate: Estate, record: DnsRecord): readonly TopologyRoute[] {
  const host = getHostName(record);
  const led = estate.loadBalancers.filter((loadBalancer) => leadsTo(record, loadBalancer));
  if (led.length === 0) {
    return [{ host, record, loadBalancer: null, listener: null, rule: null, backend: null }];
  }
  return led.flatMap((loadBalancer) =>
    routesThrough(estate, loadBalancer, host).map((route) => ({ ...route, record })),
  );
}

/** Returns the routes of one load balancer, for one name or, with null, for all of its rules. Never empty. */
function routesThrough(
  estate: Estate,
  loadBalancer: LoadBalancer,
  host: string | null,
): readonly TopologyRoute[] {
  const tails = estate.listeners
    .filter((listener) => listener.loadBalancerId === loadBalancer.id)
    .flatMap((listener) => buildTails(estate, loadBalancer.region, listener, host));
  const ends: readonly Tail[] = tails.length > 0 ? tails : [{ listener: null, rule: null, backend: null }];
  return ends.map((tail) => ({ host, record: null, loadBalancer, ...tail }));
}

function buildTails(
  estate: Estate,
  region: string,
  listener: Listener,
  host: string | null,
): readonly Tail[] {
  const rules = listRules(estate, listener.id);
  if (rules.length === 0) {
    const backend: Backend | null =
      listener.targets.length > 0
        ? { kind: 'cvm', region, loadBalancerId: listener.loadBalancerId, targets: listener.targets }
        : null;
    return [{ listener, rule: null, backend }];
  }
  const answering = host === null ? rules : rulesForHost(rules, host);
  return answering.flatMap((rule) =>
    listBackends(estate, region, rule).map((backend) => ({ listener, rule, backend })),
  );
}

function listBackends(estate: Estate, region: string, rule: Rule): readonly (Backend | null)[] {
  const pool: readonly Backend[] =
    rule.targets.length > 0
      ? [{ kind: 'cvm', region, loadBalancerId: rule.loadBalancerId, targets: rule.targets }]
      : [];
  const functions = rule.functions.map((binding): Backend => boundFunction(estate, region, binding));
  const backends = [...pool, ...functions];
  return backends.length > 0 ? backends : [null];
}

function boundFunction(estate: Estate, region: string, binding: BoundFunction): Backend {
  const { namespace, name } = binding;
  const found = findFunction(estate, { region, namespace, name });
  return { kind: 'scf', region, namespace, name, binding, function: found ?? null };
}

function unboundFunctions(estate: Estate): readonly TopologyRoute[] {
  const bound = boundFunctions(estate);
  return estate.functions
    .filter((f) => !bound.includes(f))
    .map((f) => ({
      host: null,
      record: null,
      loadBalancer: null,
      listener: null,
      rule: null,
      backend: {
        kind: 'scf',
        region: f.region,
        namespace: f.namespace,
        name: f.name,
        binding: null,
        function: f,
      },
    }));
}

type RouteFilter = {
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
