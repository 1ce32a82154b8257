import type { Certificate } from '@/lib/estate/account-model';
import { scfBindingSupport } from '@/lib/estate/facts/regions';
import { findZone } from '@/lib/estate/look-up';
import { coversHost } from '@/lib/estate/match-rule';
import type { Estate, Instance, Listener, LoadBalancer, Rule, ScfFunction } from '@/lib/estate/model';

/** The keys of the reasons why something can't serve a route, in `diversion-ineligible.json`. */
export type Ineligible =
  | 'stopped'
  | 'isolated'
  | 'blocked'
  | 'creating'
  | 'classic'
  | 'fullChain'
  | 'region'
  | 'protocol'
  | 'http'
  | 'otherRegion'
  | 'status'
  | 'notCovering'
  | 'notIssued'
  | 'zoneOff'
  | 'notDelegated'
  | 'otherDomain'
  | 'redirect'
  | 'targetGroup'
  | 'hasTargets'
  | 'hasFunction'
  | 'notRunning'
  | 'alreadyBound';

/**
 * Returns why a load balancer can't have a route, as the preflight checks would report after it is chosen; null if no
 * reason is known.
 */
export function findLoadBalancerProblem(
  loadBalancer: LoadBalancer,
  to: 'cvm' | 'function',
): Ineligible | null {
  const { status, stopped, isolated, blocked, generation, addressFamily, region } = loadBalancer;
  if (status !== 'running') return 'creating';
  if (stopped === true) return 'stopped';
  if (isolated) return 'isolated';
  if (blocked) return 'blocked';
  if (to === 'cvm') return null;
  if (generation === 'classic') return 'classic';
  if (addressFamily === 'ipv6-full-chain') return 'fullChain';
  return scfBindingSupport(region) === 'unsupported' ? 'region' : null;
}

/** Returns why a listener can't have a route; null if no reason is known. */
export function findListenerProblem(
  { protocol, stopped }: Pick<Listener, 'protocol' | 'stopped'>,
  to: 'cvm' | 'function',
): Ineligible | null {
  if (stopped === true) return 'stopped';
  return to === 'function' && protocol !== 'HTTP' && protocol !== 'HTTPS' ? 'protocol' : null;
}

/**
 * Returns why a function can't be bound to a load balancer; null if nothing is known against it.
 * @param region that of the load balancer; undefined = none is chosen yet
 */
export function findFunctionProblem(fn: ScfFunction, region: string | undefined): Ineligible | null {
  if (fn.type !== 'Event') return 'http';
  if (region !== undefined && fn.region !== region) return 'otherRegion';
  return fn.status === 'Active' ? null : 'status';
}

/** Returns why a certificate can't be presented for a domain; null if nothing is known against it. */
export function findCertificateProblem(
  { domains, status }: Pick<Certificate, 'domains' | 'status'>,
  domain: string,
): Ineligible | null {
  if (status !== 'issued') return 'notIssued';
  return domain === '' || domains.some((name) => coversHost(name, domain)) ? null : 'notCovering';
}

/**
 * Returns why a rule can't have a route, as the preflight checks would report after it is chosen; null if no reason is
 * known.
 */
export function findRuleProblem(
  { domains, redirectsTo, targetType, targets, functions }: Rule,
  { domain, to }: { readonly domain: string; readonly to: 'cvm' | 'function' },
): Ineligible | null {
  if (!domains.includes(domain)) return 'otherDomain';
  if (redirectsTo !== null) return 'redirect';
  if (targetType !== 'NODE') return 'targetGroup';
  if (to === 'function') return targets.length > 0 ? 'hasTargets' : null;
  return functions.length > 0 ? 'hasFunction' : null;
}

/** Returns why an instance can't be added to a rule; null if nothing is known against it. */
export function findInstanceProblem(
  { id, state }: Pick<Instance, 'id' | 'state'>,
  bound: readonly string[],
): Ineligible | null {
  if (bound.includes(id)) return 'alreadyBound';
  return state === 'RUNNING' ? null : 'notRunning';
}

/** Returns why changes to the records of a name would have no effect; null if nothing is known against it. */
export function findDomainProblem(estate: Pick<Estate, 'zones'>, name: string): Ineligible | null {
  const zone = findZone(estate, name);
  if (zone === undefined) return null;
  if (!zone.enabled) return 'zoneOff';
  return zone.delegated === false ? 'notDelegated' : null;
}
