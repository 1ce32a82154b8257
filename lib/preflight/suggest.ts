import type { Estate, Listener, LoadBalancer } from '@/lib/estate/model';
import { scfBindingSupport } from '@/lib/estate/regions';
import type { CheckedLane } from './lanes';
import type { Fix, PreflightInput } from './model';

function takesFunctions(estate: Estate, lb: LoadBalancer): boolean {
  return (
    scfBindingSupport(lb.region) === 'supported' &&
    lb.generation === 'clb' &&
    lb.vpcId !== null &&
    (lb.addressFamily === 'ipv4' || lb.addressFamily === 'ipv6-nat64') &&
    lb.status === 'running' &&
    !lb.isolated &&
    !lb.blocked &&
    estate.listeners.some((l) => l.loadBalancerId === lb.id && isLayer7(l))
  );
}

function serves(estate: Estate, lb: LoadBalancer): boolean {
  return estate.rules.some((r) => r.loadBalancerId === lb.id && r.targets.length + r.functions.length > 0);
}

/** Whether rules of a listener can take functions: HTTP and HTTPS only. */
export function isLayer7(listener: Listener): boolean {
  return listener.protocol === 'HTTP' || listener.protocol === 'HTTPS';
}

/** A load balancer that every restriction allows: in the function's region first, not lane A's own, with an HTTP listener, one that serves nothing yet. */
export function suggestLoadBalancer({ estate, diversion }: PreflightInput, not: string): Fix | null {
  const hasHttp = (lb: LoadBalancer) =>
    estate.listeners.some((l) => l.loadBalancerId === lb.id && l.protocol === 'HTTP');
  const rank = (lb: LoadBalancer) =>
    (lb.region === diversion.laneB.function.region ? 0 : 8) +
    (lb.id === diversion.laneA.loadBalancerId ? 4 : 0) +
    (hasHttp(lb) ? 0 : 2) +
    (serves(estate, lb) ? 1 : 0);
  const best = estate.loadBalancers
    .filter((lb) => lb.id !== not && takesFunctions(estate, lb))
    .sort((a, b) => rank(a) - rank(b))[0];
  if (best === undefined) return null;
  return {
    label: 'useLoadBalancer',
    values: { name: best.name, region: best.region },
    patch: { field: 'laneB.loadBalancerId', value: best.id },
  };
}

/** Another listener of the same load balancer that can take functions. */
export function suggestListener({ estate }: PreflightInput, lane: CheckedLane): Fix | null {
  const other = estate.listeners.find(
    (l) => l.loadBalancerId === lane.loadBalancer.id && l.id !== lane.listener.id && isLayer7(l),
  );
  if (other === undefined) return null;
  return {
    label: 'useListener',
    values: { protocol: other.protocol, port: other.port },
    patch: { field: `${lane.prefix}.listenerId`, value: other.id },
  };
}

/** A new rule of the lane's own, where the chosen one is taken; null if the listener has that rule already. */
export function suggestNewRule({ estate, diversion }: PreflightInput, lane: CheckedLane): Fix | null {
  const { domain } = diversion[lane.prefix];
  const taken = estate.rules.some(
    (r) => r.listenerId === lane.listener.id && r.domains.includes(domain) && r.url === '/',
  );
  if (taken) return null;
  return {
    label: 'newRule',
    values: { rule: `${domain}/` },
    patch: { field: `${lane.prefix}.rule`, value: '/' },
  };
}
