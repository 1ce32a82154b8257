import { plainAddress } from '@/lib/estate/address';
import { leadsTo, listAddresses } from '@/lib/estate/dns-target';
import { getHostName } from '@/lib/estate/look-up';
import { rulesForHost } from '@/lib/estate/match-rule';
import type { BoundFunction, DnsRecord, Estate, Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import { boundFunctions } from './bound-functions';
import { type Backend, listNodeIds, type TopologyRoute } from './route';

type Tail = Pick<TopologyRoute, 'listener' | 'rule' | 'backend'>;

/**
 * Look-ups by key: an estate has tens of thousands of objects, and a search through each list for each is quadratic.
 */
type Index = {
  readonly listeners: ReadonlyMap<string, readonly Listener[]>;
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
  readonly functions: ReadonlyMap<string, Estate['functions'][number]>;
  /** By record type and address. */
  readonly balancers: ReadonlyMap<string, readonly LoadBalancer[]>;
};

function groupBy<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}

const functionKey = (region: string, { namespace, name }: Pick<BoundFunction, 'namespace' | 'name'>) =>
  `${region}/${namespace}/${name}`;

function indexEstate(estate: Estate): Index {
  return {
    listeners: groupBy(estate.listeners, ({ loadBalancerId }) => [loadBalancerId]),
    rules: groupBy(estate.rules, ({ listenerId }) => [listenerId]),
    functions: new Map(estate.functions.map((fn) => [functionKey(fn.region, fn), fn])),
    balancers: groupBy(estate.loadBalancers, (balancer) => listAddresses(balancer).map(addressKey)),
  };
}

const addressTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/**
 * Returns every route through the estate: from each address record to the backends that serve its name, then what no
 * record points at, then the functions that are bound to nothing. Everything in the snapshot is on some route.
 */
export function buildRoutes(estate: Estate): readonly TopologyRoute[] {
  const index = indexEstate(estate);
  const named = estate.records
    .filter((record) => addressTypes.includes(record.type))
    .flatMap((record) => routesOfRecord(index, record));
  const seen = new Set(named.flatMap(listNodeIds));
  const unnamed = estate.loadBalancers
    .flatMap((loadBalancer) => routesThrough(index, loadBalancer, null))
    .filter((route) => listNodeIds(route).some((id) => !seen.has(id)));
  return [...named, ...unnamed, ...unboundFunctions(estate)];
}

/** Returns the address of a record in the form of the index: spellings of one address have one key. */
function addressKey(value: string): string {
  return plainAddress(value.toLowerCase().replace(/\.$/, ''));
}

function routesOfRecord(index: Index, record: DnsRecord): readonly TopologyRoute[] {
  const host = getHostName(record);
  const led = (index.balancers.get(addressKey(record.value)) ?? []).filter((loadBalancer) =>
    leadsTo(record, loadBalancer),
  );
  if (led.length === 0) {
    return [{ host, record, loadBalancer: null, listener: null, rule: null, backend: null }];
  }
  return led.flatMap((loadBalancer) =>
    routesThrough(index, loadBalancer, host).map((route) => ({ ...route, record })),
  );
}

/** Returns the routes of one load balancer, for one name or, with null, for all of its rules. Never empty. */
function routesThrough(
  index: Index,
  loadBalancer: LoadBalancer,
  host: string | null,
): readonly TopologyRoute[] {
  const listeners = index.listeners.get(loadBalancer.id) ?? [];
  const tails = listeners.flatMap((listener) => buildTails(index, loadBalancer.region, listener, host));
  const ends: readonly Tail[] = tails.length > 0 ? tails : [{ listener: null, rule: null, backend: null }];
  return ends.map((tail) => ({ host, record: null, loadBalancer, ...tail }));
}

function buildTails(index: Index, region: string, listener: Listener, host: string | null): readonly Tail[] {
  const rules = index.rules.get(listener.id) ?? [];
  if (rules.length === 0) {
    const backend: Backend | null =
      listener.targets.length > 0
        ? { kind: 'cvm', region, loadBalancerId: listener.loadBalancerId, targets: listener.targets }
        : null;
    return [{ listener, rule: null, backend }];
  }
  const answering = host === null ? rules : rulesForHost(rules, host);
  return answering.flatMap((rule) =>
    listBackends(index, region, rule).map((backend) => ({ listener, rule, backend })),
  );
}

function listBackends(index: Index, region: string, rule: Rule): readonly (Backend | null)[] {
  const pool: readonly Backend[] =
    rule.targets.length > 0
      ? [{ kind: 'cvm', region, loadBalancerId: rule.loadBalancerId, targets: rule.targets }]
      : [];
  const functions = rule.functions.map((binding): Backend => {
    const found = index.functions.get(functionKey(region, binding));
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
