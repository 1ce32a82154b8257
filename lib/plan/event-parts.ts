import type {
  CostedBalancer,
  CostedFunction,
  CostedInstances,
  EventParts,
} from '@/lib/capacity/prices/event-cost';
import { findAccount } from '@/lib/estate/join-estates';
import { findFunction, findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate, LoadBalancer } from '@/lib/estate/model';
import { objectKey } from '@/lib/estate/object-state';
import { anticipate, isPlanned } from './model/anticipate';
import { measuredRoutes } from './model/measured-routes';
import type { Plan, WriteStep } from './model/model';

type Named = { readonly region: string; readonly namespace: string; readonly name: string };
const nameOf = ({ namespace, name }: Named) => `${namespace}/${name}`;

/**
 * Returns how a load balancer's traffic is billed. Accounts billed by CVM pay for it at their servers:
 * product/214/36999.
 */
function trafficOf(estate: Estate, balancer: LoadBalancer): CostedBalancer['traffic'] {
  const { networkAccountType } = findAccount(estate, balancer).account;
  if (networkAccountType === 'LEGACY') return 'byServers';
  switch (balancer.internetChargeType) {
    case null:
      return 'unread';
    case 'TRAFFIC_POSTPAID_BY_HOUR':
      return 'byTraffic';
    default:
      return 'byBandwidth';
  }
}

function balancerOf(estate: Estate, balancer: LoadBalancer): CostedBalancer {
  const { id, name, region, network, slaType } = balancer;
  const listeners = estate.listeners.filter(({ loadBalancerId }) => loadBalancerId === id);
  return {
    name: name || id,
    region,
    isPublic: network === 'OPEN',
    isMade: isPlanned(balancer),
    work: slaType === null ? 'unread' : slaType === '' ? 'shared' : 'units',
    traffic: trafficOf(estate, balancer),
    rules: estate.rules.filter(({ listenerId }) => listeners.some((each) => each.id === listenerId)).length,
  };
}

/** The requested instances in addition to those that were ready before. */
function warmOf(steps: Plan['steps'], estate: Estate): readonly (CostedInstances | string)[] {
  const changes = new Map<string, { readonly first: WriteStep; readonly last: WriteStep }>();
  for (const step of steps) {
    if (step.kind !== 'write' || step.object.kind !== 'provisioned') continue;
    const key = objectKey(step.object);
    changes.set(key, { first: changes.get(key)?.first ?? step, last: step });
  }
  return [...changes.values()].flatMap(({ first: { object, before }, last: { after } }) => {
    if (object.kind !== 'provisioned' || before.kind !== 'provisioned' || after.kind !== 'provisioned')
      return [];
    const instances = after.instances - before.instances;
    if (instances <= 0) return [];
    const fn = findFunction(estate, object);
    return [fn === undefined ? nameOf(object) : { ...costed(fn), instances }];
  });
}

const costed = (fn: Named & Pick<CostedFunction, 'memoryMb' | 'timeoutS'>): CostedFunction => ({
  name: nameOf(fn),
  region: fn.region,
  memoryMb: fn.memoryMb,
  timeoutS: fn.timeoutS,
});

/**
 * Returns the parts of a plan's event cost: the destinations of its traffic, its warm instances and the objects that it
 * creates.
 * @param newest the newest snapshot, in which sizes and billing are looked up
 */
export function eventParts(plan: Pick<Plan, 'steps' | 'routes' | 'diversion'>, newest: Estate): EventParts {
  const { estate } = anticipate(newest, plan.diversion);
  const routes = measuredRoutes(plan);
  const [functions, unread] = [new Map<string, CostedFunction>(), new Set<string>()];
  for (const { connectionId, region, functions: bound } of routes)
    for (const { namespace, name } of bound) {
      const key = { ...(connectionId === undefined ? {} : { connectionId }), region, namespace, name };
      const fn = findFunction(estate, key);
      if (fn === undefined) unread.add(nameOf(key));
      else functions.set(JSON.stringify(key), costed(fn));
    }
  const warm = warmOf(plan.steps, estate);
  for (const each of warm) if (typeof each === 'string') unread.add(each);
  const balancers = new Map<string, CostedBalancer>();
  for (const { loadBalancerId } of routes) {
    const made = plan.diversion.creates.loadBalancers.find(({ id }) => id === loadBalancerId);
    const balancer =
      findLoadBalancer(estate, loadBalancerId) ??
      estate.loadBalancers.find(({ name, region }) => name === made?.name && region === made.region);
    if (balancer === undefined) unread.add(loadBalancerId);
    else balancers.set(balancer.id, balancerOf(estate, balancer));
  }
  return {
    functions: [...functions.values()],
    warm: warm.filter((each) => typeof each !== 'string'),
    balancers: [...balancers.values()],
    unread: [...unread],
  };
}
