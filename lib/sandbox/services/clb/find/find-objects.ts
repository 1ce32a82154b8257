import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import type { ActionContext } from '@/lib/sandbox/services/action';
import {
  hasDomain,
  type Scheduler,
  type WorldListener,
  type WorldLoadBalancer,
  type WorldRule,
  type WorldTarget,
} from '@/lib/sandbox/world/clb';

/** The ways of distributing requests: https://cloud.tencent.com/document/api/214/30694#RuleInput. */
export const schedulers: readonly Scheduler[] = ['WRR', 'LEAST_CONN', 'IP_HASH'];

/** Returns the value in a request, which has passed its value rule; the present value if the request has none. */
export function chosen<T extends string>(given: string | undefined, known: readonly T[], present: T): T {
  return known.find((each) => each === given) ?? present;
}

/**
 * Returns a load balancer by its id.
 * @throws ApiError InvalidParameter.LBIdNotFound if the account has no such load balancer in the region
 */
export function requireLoadBalancer(context: ActionContext, id: string): WorldLoadBalancer {
  const found = context.account.loadBalancers[id];
  if (!found || found.region !== context.region) {
    throw new ApiError(
      'InvalidParameter.LBIdNotFound',
      `LoadBalancerId ${id} not found in ${context.region}.`,
    );
  }
  return found;
}

/**
 * Returns a load balancer of the current generation. Actions that change listeners and rules don't work on classic
 * ones, which have their own actions (https://cloud.tencent.com/document/api/214/30680).
 * @throws ApiError InvalidParameter.LBIdNotFound, InvalidParameterValue
 */
export function findCurrentLoadBalancer(context: ActionContext, id: string): WorldLoadBalancer {
  const found = requireLoadBalancer(context, id);
  if (found.forward === 0) {
    throw invalidValue(`This interface does not support classic CLB instance ${id}.`);
  }
  return found;
}

/**
 * Returns a listener by its id.
 * @throws ApiError InvalidParameter.ListenerIdNotFound
 */
export function findListener(loadBalancer: WorldLoadBalancer, id: string): WorldListener {
  const found = loadBalancer.listeners.find((listener) => listener.id === id);
  if (!found) {
    throw new ApiError(
      'InvalidParameter.ListenerIdNotFound',
      `ListenerId ${id} not found in ${loadBalancer.id}.`,
    );
  }
  return found;
}

type RuleAddress = { LocationId?: string; Domain?: string; Url?: string };

/**
 * Finds a rule by its id, or by any of its domains and its URL; the id takes precedence, as the API page states.
 * @throws ApiError MissingParameter, InvalidParameter.LocationNotFound
 */
export function requireRule(listener: WorldListener, address: RuleAddress): WorldRule {
  const { LocationId: id, Domain: domain, Url: url } = address;
  if (!id && !(domain && url)) {
    throw missingParameter('The request needs `LocationId`, or `Domain` and `Url`.');
  }
  const found = listener.rules.find((rule) =>
    id ? rule.id === id : domain !== undefined && hasDomain(rule, domain) && rule.url === url,
  );
  if (!found) {
    throw new ApiError(
      'InvalidParameter.LocationNotFound',
      `Location ${id || `${domain}${url}`} not found in ${listener.id}.`,
    );
  }
  return found;
}

/**
 * Returns whether the listener forwards by domain and URL: https://cloud.tencent.com/document/api/214/30694#Listener.
 */
export function isHttpListener({ protocol }: Pick<WorldListener, 'protocol'>): boolean {
  return protocol === 'HTTP' || protocol === 'HTTPS';
}

/** Returns all servers of a listener, whether bound to it or to its rules. */
export function listTargets(listener: WorldListener): WorldTarget[] {
  return [...listener.targets, ...listener.rules.flatMap((rule) => rule.targets)];
}

/** Returns how many servers and functions a load balancer forwards to, counting each place. */
export function boundCount(loadBalancer: WorldLoadBalancer): number {
  let count = 0;
  for (const listener of loadBalancer.listeners) {
    count += listener.targets.length;
    for (const rule of listener.rules) count += rule.targets.length + rule.functions.length;
  }
  return count;
}
