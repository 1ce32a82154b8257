import { findFunction, findZone, listAddressRecords } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { getOwner } from '@/lib/estate/owner';
import { anticipatedEstate } from './anticipated-estate';
import type { Draft } from './draft';
import type { NameFacts } from './shown-waves';
import { listNameFacts } from './waves';

/** The kinds of resources that a load balancer of a draft has to choose from. */
export type BalancerStock = {
  readonly loadBalancerId: string;
  readonly hasListeners: boolean;
  /** In its region and account. */
  readonly hasFunctions: boolean;
  readonly hasInstances: boolean;
};

/**
 * The part of an estate that a draft refers to, with the resources that it creates: the editor shows a draft by this,
 * and never gets the rest.
 */
export type EstateSlice = Pick<
  Estate,
  | 'takenAt'
  | 'partsAt'
  | 'zones'
  | 'records'
  | 'loadBalancers'
  | 'listeners'
  | 'rules'
  | 'functions'
  | 'instances'
> & {
  readonly stock: readonly BalancerStock[];
  readonly names: readonly NameFacts[];
};

/** Returns the part of an estate that a draft refers to. */
export function sliceEstate(estate: Estate, draft: Draft): EstateSlice {
  const whole = anticipatedEstate(estate, draft);
  const { takenAt, partsAt } = whole;
  const { routes, waves } = draft;
  const balancerIds = new Set(routes.map(({ loadBalancerId }) => loadBalancerId));
  const listenerIds = new Set(routes.map(({ listenerId }) => listenerId));
  const ruleIds = new Set(routes.map(({ rule }) => (rule.kind === 'new' ? '' : rule.ruleId)));
  const names = [...new Set([...routes.map(({ domain }) => domain), ...waves.flatMap((wave) => wave.names)])];
  const zones = new Set(names.map((name) => findZone(whole, name)));
  const targets = routes.flatMap((route) => (route.to === 'cvm' ? route.addTargets : []));
  const instanceIds = new Set(targets.map(({ instanceId }) => instanceId));
  const loadBalancers = whole.loadBalancers.filter(({ id }) => balancerIds.has(id));
  const functions = routes.flatMap((route) => {
    if (route.to !== 'function') return [];
    const balancer = loadBalancers.find(({ id }) => id === route.loadBalancerId);
    return findFunction(whole, { ...route.function, ...getOwner(balancer ?? {}) }) ?? [];
  });
  return {
    takenAt,
    partsAt,
    zones: whole.zones.filter((zone) => zones.has(zone)),
    records: names.flatMap((name) => listAddressRecords(whole, name)),
    loadBalancers,
    listeners: whole.listeners.filter(({ id }) => listenerIds.has(id)),
    rules: whole.rules.filter(
      ({ id, listenerId, domains }) =>
        ruleIds.has(id) ||
        // A new rule of a domain that its listener has already needs no certificate of its own.
        routes.some((route) => route.listenerId === listenerId && domains.includes(route.domain)),
    ),
    functions: [...new Set(functions)],
    instances: whole.instances.filter(({ id }) => instanceIds.has(id)),
    stock: loadBalancers.map(({ id, region, connectionId }) => ({
      loadBalancerId: id,
      hasListeners: whole.listeners.some((listener) => listener.loadBalancerId === id),
      hasFunctions: whole.functions.some((fn) => fn.region === region && fn.connectionId === connectionId),
      hasInstances: whole.instances.some((instance) => instance.region === region),
    })),
    names: listNameFacts(whole, draft),
  };
}
