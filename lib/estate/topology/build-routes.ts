import { listLedTo } from '@/lib/estate/dns-target';
import { getHostName, indexed, listListeners, listRules } from '@/lib/estate/look-up';
import { rulesForHost } from '@/lib/estate/match-rule';
import type {
  BoundFunction,
  DnsRecord,
  Estate,
  Listener,
  LoadBalancer,
  Rule,
  ScfFunction,
} from '@/lib/estate/model';
import { boundFunctions } from './bound-functions';
import { type Backend, listNodeIds, type TopologyRoute } from './route';

type Tail = Pick<TopologyRoute, 'listener' | 'rule' | 'backend'>;

const functionKey = (region: string, { namespace, name }: Pick<BoundFunction, 'namespace' | 'name'>) =>
  `${region}/${namespace}/${name}`;

/** Looks functions up by key: a search through the list for each binding is quadratic. */
const functionsByKey = indexed((fn: ScfFunction) => [functionKey(fn.region, fn)]);

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
  const led = listLedTo(estate, record);
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
  const listeners = listListeners(estate, loadBalancer.id);
  const tails = listeners.flatMap((listener) => buildTails(estate, loadBalancer.region, listener, host));
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
  const functions = rule.functions.map((binding): Backend => {
    const found = functionsByKey(estate.functions, functionKey(region, binding)).at(-1);
    const { namespace, name } = binding;
    return { kind: 'scf', region, namespace, name, binding, function: found ?? null };
  });
  const backends = [...pool, ...functions];
  return backends.length > 0 ? backends : [null];
}

function unboundFunctions(estate: Estate): readonly TopologyRoute[] {
  const bound = new Set(boundFunctions(estate));
  return estate.functions
    .filter((fn) => !bound.has(fn))
    .map((fn) => ({
      host: null,
      record: null,
      loadBalancer: null,
      listener: null,
      rule: null,
      backend: {
        kind: 'scf',
        region: fn.region,
        namespace: fn.namespace,
        name: fn.name,
        binding: null,
        function: fn,
      },
    }));
}
