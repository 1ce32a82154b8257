import type { Diversion } from '@/lib/diversion/diversion';
import { toPlainName } from '@/lib/diversion/plain-name';
import { plainAddress } from '@/lib/estate/address';
import type { ConnectionId } from '@/lib/estate/ids';
import { findLoadBalancer, findZone } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { anticipatedEstate } from './anticipated-estate';
import type { Draft, RouteDraft, TargetDraft } from './draft';
import { listAllRoutes } from './waves';

/** Returns the resources created for a draft's routes: a resource that no route uses is not created. */
export function usedCreates({
  creates,
  routes: first,
  ownRoutes,
}: Pick<Draft, 'creates' | 'routes' | 'ownRoutes'>): Draft['creates'] {
  const routes = [...first, ...ownRoutes];
  const listeners = creates.listeners.filter(({ id }) => routes.some((route) => route.listenerId === id));
  const loadBalancers = creates.loadBalancers.filter(({ id }) =>
    routes.some((route) => route.loadBalancerId === id),
  );
  return { loadBalancers, listeners };
}

/** Returns the further accounts that routes need: those of their load balancers and of their names' zones. */
function usedConnections(
  routes: readonly Pick<RouteDraft, 'domain' | 'loadBalancerId'>[],
  estate: Estate,
): readonly ConnectionId[] {
  const owners = routes.flatMap(({ domain, loadBalancerId }) => [
    findLoadBalancer(estate, loadBalancerId)?.connectionId ?? [],
    findZone(estate, domain)?.connectionId ?? [],
  ]);
  return [...new Set(owners.flat())].toSorted();
}

/** An address is compared with those that the cloud answers: in one spelling. */
function plainTarget(target: TargetDraft): TargetDraft {
  return target.eniIp === undefined ? target : { ...target, eniIp: plainAddress(target.eniIp.trim()) };
}

/**
 * Converts a draft to the form that the checks, the planner and the server take. The brands of a diversion mean "an id
 * of the cloud". An empty id is found nowhere, so each check responds as for an object that does not exist, and a field
 * that is not chosen yet is not shown.
 */
export function asDiversion(draft: Draft, estate: Estate): Diversion {
  const { kind, name, lowerTtlS, expectedPeakRps, prewarmS, acknowledged, toward, ramp } = draft;
  const waves = draft.waves.map((wave) => ({ ...wave, names: wave.names.map(toPlainName) }));
  const routes = listAllRoutes(anticipatedEstate(estate, draft), draft).map(({ key: _key, ...route }) => ({
    ...route,
    ...(route.to === 'cvm' && { addTargets: route.addTargets.map(plainTarget) }),
    domain: toPlainName(route.domain),
  }));
  const connections = usedConnections(routes, estate);
  const names = new Set(routes.map(({ domain }) => domain));
  const common = {
    kind,
    name,
    lowerTtlS,
    expectedPeakRps,
    ...(prewarmS === null ? {} : { prewarmS }),
    // An acceptance for a domain that is no longer named has no effect.
    acknowledged: acknowledged.filter(({ domain }) => names.has(domain)),
    connections,
    creates: usedCreates(draft),
    routes,
  };
  const moves = { toward, ramp, ...(waves.length === 0 ? {} : { waves }) };
  return (kind === 'switch' ? { ...common, ...moves } : common) as unknown as Diversion;
}
