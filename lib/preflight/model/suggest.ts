import { scfBindingSupport } from '@/lib/estate/facts/regions';
import type { Estate, Listener, LoadBalancer } from '@/lib/estate/model';
import { isPlanned } from '@/lib/plan/model/anticipate';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import type { CheckInput, Fix } from './model';
import { routeFieldName } from './routes';

function takesFunctions(estate: Estate, lb: LoadBalancer): boolean {
  return (
    scfBindingSupport(lb.region) === 'supported' &&
    lb.generation === 'clb' &&
    lb.vpcId !== null &&
    (lb.addressFamily === 'ipv4' || lb.addressFamily === 'ipv6-nat64') &&
    lb.status === 'running' &&
    !lb.isolated &&
    !lb.blocked &&
    lb.stopped !== true &&
    !isPlanned(lb) &&
    estate.listeners.some((l) => l.loadBalancerId === lb.id && isLayer7(l))
  );
}

function serves(estate: Estate, lb: LoadBalancer): boolean {
  return estate.rules.some((r) => r.loadBalancerId === lb.id && r.targets.length + r.functions.length > 0);
}

/** Returns whether rules of a listener can take functions: HTTP and HTTPS only. */
export function isLayer7(listener: Listener): boolean {
  return listener.protocol === 'HTTP' || listener.protocol === 'HTTPS';
}

/**
 * Suggests a load balancer that every restriction allows, for a route to a function. It has an HTTP listener, does not
 * serve CVM routes of the diversion, and is preferably in the function's region and not serving anything yet.
 */
export function suggestLoadBalancer(input: CheckInput, { route, index }: ResolvedRoute): Fix | null {
  const { estate, diversion } = input;
  if (route.to !== 'function') return null;
  const hasHttp = (lb: LoadBalancer) =>
    estate.listeners.some((l) => l.loadBalancerId === lb.id && l.protocol === 'HTTP');
  const taken = new Set(
    diversion.routes.filter(({ to }) => to === 'cvm').map(({ loadBalancerId }) => loadBalancerId),
  );
  const rank = (lb: LoadBalancer) =>
    (lb.region === route.function.region ? 0 : 8) +
    (taken.has(lb.id) ? 4 : 0) +
    (hasHttp(lb) ? 0 : 2) +
    (serves(estate, lb) ? 1 : 0);
  const best = estate.loadBalancers
    .filter((lb) => lb.id !== route.loadBalancerId && takesFunctions(estate, lb))
    .sort((a, b) => rank(a) - rank(b))[0];
  if (best === undefined) return null;
  return {
    label: 'useLoadBalancer',
    values: { name: best.name, region: best.region },
    patch: { field: routeFieldName({ index }, 'loadBalancerId'), value: best.id },
  };
}

/** Suggests another listener of the same load balancer that can take functions. */
export function suggestListener({ estate }: CheckInput, route: ResolvedRoute): Fix | null {
  const other = estate.listeners.find(
    (l) => l.loadBalancerId === route.loadBalancer.id && l.id !== route.listener.id && isLayer7(l),
  );
  if (other === undefined) return null;
  return {
    label: 'useListener',
    values: { protocol: other.protocol, port: other.port },
    patch: { field: routeFieldName(route, 'listenerId'), value: other.id },
  };
}

/** Suggests a new rule for the route, where the chosen one is taken; null if the listener already has that rule. */
export function suggestNewRule({ estate }: CheckInput, route: ResolvedRoute): Fix | null {
  const { domain } = route.route;
  const taken = estate.rules.some(
    (r) => r.listenerId === route.listener.id && r.domains.includes(domain) && r.url === '/',
  );
  if (taken) return null;
  return {
    label: 'newRule',
    values: { rule: `${domain}/` },
    patch: { field: routeFieldName(route, 'rule'), value: '/' },
  };
}
