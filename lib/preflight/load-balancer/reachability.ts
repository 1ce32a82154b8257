import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName } from '@/lib/preflight/model/routes';
import { certificateFindings } from './certificate';

const { pass, warn } = createFindings(
  'reachability',
  'https://cloud.tencent.com/document/api/214/30694#LoadBalancer',
);

/** Returns the host names that the plan probes by HTTP; a CVM route is probed only if any part of it changes. */
function askedHosts({ steps }: CheckInput): ReadonlySet<string> {
  return new Set(steps.flatMap((s) => (s.kind === 'probe' && s.probe.kind === 'http' ? [s.probe.host] : [])));
}

function reachabilityFinding(input: CheckInput, route: ResolvedRoute): Finding {
  const { id, name, network } = route.loadBalancer;
  const { protocol, port } = route.listener;
  const values = { name, port, domain: route.hostName };
  const atListener = { field: routeFieldName(route, 'listenerId'), objects: [id], values };
  const atBalancer = { ...atListener, field: routeFieldName(route, 'loadBalancerId') };
  if (network === 'INTERNAL') return warn({ ...atBalancer, why: 'internal' });
  if (protocol !== 'HTTPS') return pass({ ...atBalancer, why: 'pass' });
  const isGood = certificateFindings(input, route).every(({ status }) => status === 'pass');
  return isGood ? pass({ ...atListener, why: 'verified' }) : warn({ ...atListener, why: 'https' });
}

/**
 * Checks that the run can probe the new route before DNS moves. A route that can't be probed stops the run at its
 * probe.
 */
export const checkReachability: Check = (input) => {
  const asked = askedHosts(input);
  return input.routes
    .filter(({ route, hostName }) => route.to === 'function' || asked.has(hostName))
    .map((route) => reachabilityFinding(input, route));
};
