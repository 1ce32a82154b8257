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
function listServing({ before }: CheckInput, hostName: string): readonly Listener[] {
  const records = listAddressRecords(before, hostName).filter(({ enabled }) => enabled);
  const ids = new Set(records.flatMap((record) => listLedTo(before, record)).map(({ id }) => id));
  const served = new Set(
    before.rules.filter(({ domains }) => domains.includes(hostName)).map(({ listenerId }) => listenerId),
  );
  return before.listeners.filter(
    (each) => ids.has(each.loadBalancerId) && served.has(each.id) && isLayer7(each),
  );
}

/** Returns whether a listener can take over a name from another one: same port, and a certificate for the name. */
function canTakeOver({ certificates }: Estate, own: Listener, from: Listener, hostName: string): boolean {
  if (own.protocol !== from.protocol || own.port !== from.port) return false;
  if (own.protocol !== 'HTTPS') return true;
  const isShown = (id: string) =>
    own.sniSwitch === true || own.certificateIds.includes(id) || own.certificateId === id;
  return certificates.some(
    ({ id, domains, status }) =>
      status === 'issued' && isShown(id) && domains.some((name) => coversHost(name, hostName)),
  );
}

/**
 * Suggests the most suitable of the load balancers that every restriction allows, for a route to a function: in the
 * function's region, without CVM routes of the diversion, with a listener for each port that serves the name now, and
 * preferably with an HTTP listener and not serving anything yet.
 */
export function suggestLoadBalancer(
  input: CheckInput,
  { route, index, hostName }: ResolvedRoute,
): Fix | null {
  const { estate, diversion } = input;
  if (route.to !== 'function') return null;
  const hasHttp = (lb: LoadBalancer) => listListeners(estate, lb.id).some((l) => l.protocol === 'HTTP');
  const taken = new Set(
    diversion.routes.filter(({ to }) => to === 'cvm').map(({ loadBalancerId }) => loadBalancerId),
  );
  const serving = listServing(input, hostName);
  const countMissing = (lb: LoadBalancer) => {
    const own = listListeners(estate, lb.id);
    return serving.filter((from) => !own.some((each) => canTakeOver(estate, each, from, hostName))).length;
  };
  // A load balancer has far fewer listeners than the next weight allows for.
  const rank = (lb: LoadBalancer) =>
    (lb.region === route.function.region ? 0 : 8_000) +
    (taken.has(lb.id) ? 4_000 : 0) +
    countMissing(lb) * 4 +
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
