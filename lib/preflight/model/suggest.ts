import { listLedTo } from '@/lib/estate/dns-target';
import { scfBindingSupport } from '@/lib/estate/facts/regions';
import { listAddressRecords, listListeners, listRulesBehind } from '@/lib/estate/look-up';
import { coversHost } from '@/lib/estate/match-rule';
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
    listListeners(estate, lb.id).some(isLayer7)
  );
}

function serves(estate: Estate, lb: LoadBalancer): boolean {
  return listRulesBehind(estate, lb.id).some((r) => r.targets.length + r.functions.length > 0);
}

/** Returns whether rules of a listener can take functions: HTTP and HTTPS only. */
export function isLayer7(listener: Listener): boolean {
  return listener.protocol === 'HTTP' || listener.protocol === 'HTTPS';
}

/** Returns the HTTP and HTTPS listeners on which a name's current load balancers serve it. */
export function listServing(estate: Estate, hostName: string): readonly Listener[] {
  const records = listAddressRecords(estate, hostName).filter(({ enabled }) => enabled);
  const ids = new Set(records.flatMap((record) => listLedTo(estate, record)).map(({ id }) => id));
  const served = new Set(
    estate.rules.filter(({ domains }) => domains.includes(hostName)).map(({ listenerId }) => listenerId),
  );
  return estate.listeners.filter(
    (each) => ids.has(each.loadBalancerId) && served.has(each.id) && isLayer7(each),
  );
}

/** Returns whether clients of a name accept a listener's certificate; true where they see none. */
export function presents({ certificates }: Estate, listener: Listener, hostName: string): boolean {
  if (listener.protocol !== 'HTTPS') return true;
  const { sniSwitch, certificateIds, certificateId } = listener;
  const isShown = (id: string) => sniSwitch === true || certificateIds.includes(id) || certificateId === id;
  return certificates.some(
    ({ id, domains, status }) =>
      status === 'issued' && isShown(id) && domains.some((name) => coversHost(name, hostName)),
  );
}

type Wanted = {
  readonly hostName: string;
  /** That of the function. */
  readonly region: string;
  /** The load balancers of the diversion's CVM routes. */
  readonly taken: readonly string[];
  /** The listeners that serve the name now. */
  readonly serving: readonly Listener[];
};

/**
 * Returns the most suitable of the load balancers that every restriction allows, for a name that moves to a function:
 * in the function's region, without CVM routes of the diversion or targets of the name, with a listener for each port
 * that serves the name now, and preferably with an HTTP listener and not serving anything yet.
 * @param not the id of one that is left out
 */
export function findSuitableLoadBalancer(
  estate: Estate,
  { hostName, region, taken, serving }: Wanted,
  not = '',
): LoadBalancer | undefined {
  const hasHttp = (lb: LoadBalancer) => listListeners(estate, lb.id).some((l) => l.protocol === 'HTTP');
  const hasTargets = (lb: LoadBalancer) =>
    listRulesBehind(estate, lb.id).some((r) => r.domains.includes(hostName) && r.targets.length > 0);
  const countMissing = (lb: LoadBalancer) => {
    const own = listListeners(estate, lb.id).filter((each) => presents(estate, each, hostName));
    return serving.filter(
      (from) => !own.some(({ protocol, port }) => protocol === from.protocol && port === from.port),
    ).length;
  };
  // A load balancer has far fewer listeners than the next weight allows for.
  const rank = (lb: LoadBalancer) =>
    (lb.region === region ? 0 : 8_000) +
    (taken.includes(lb.id) || hasTargets(lb) ? 4_000 : 0) +
    countMissing(lb) * 4 +
    (hasHttp(lb) ? 0 : 2) +
    (serves(estate, lb) ? 1 : 0);
  return estate.loadBalancers
    .filter((lb) => lb.id !== not && takesFunctions(estate, lb))
    .sort((a, b) => rank(a) - rank(b))[0];
}

/** Suggests the most suitable load balancer for a route to a function. */
export function suggestLoadBalancer(
  { estate, before, diversion }: CheckInput,
  { route, index, hostName }: ResolvedRoute,
): Fix | null {
  if (route.to !== 'function') return null;
  const { region } = route.function;
  const taken = diversion.routes.flatMap((each) => (each.to === 'cvm' ? each.loadBalancerId : []));
  const serving = listServing(before, hostName);
  const best = findSuitableLoadBalancer(estate, { hostName, region, taken, serving }, route.loadBalancerId);
  if (best === undefined) return null;
  return {
    label: 'useLoadBalancer',
    values: { name: best.name, region: best.region },
    patch: { field: routeFieldName({ index }, 'loadBalancerId'), value: best.id },
  };
}

/** Suggests another listener of the same load balancer that can take functions. */
export function suggestListener({ estate }: CheckInput, route: ResolvedRoute): Fix | null {
  const other = listListeners(estate, route.loadBalancer.id).find(
    (l) => l.id !== route.listener.id && isLayer7(l),
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

/** Returns the issued certificate that covers a name and is valid longest; null = the account has none. */
export function suggestCertificate(
  { certificates }: Pick<Estate, 'certificates'>,
  hostName: string,
): string | null {
  const good = certificates.filter(
    ({ kind, status, domains }) =>
      kind !== 'CA' && status === 'issued' && domains.some((name) => coversHost(name, hostName)),
  );
  const [longest] = good.toSorted((a, b) => (b.notAfter ?? '').localeCompare(a.notAfter ?? ''));
  return longest?.id ?? null;
}
