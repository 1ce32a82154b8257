import { getAddress } from '@/lib/estate/dns-target';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ClbRequest } from '@/lib/function-contract/clb-event';
import { getProbePath } from '@/lib/plan/model/route-probe';
import { configOfRoute } from './route-config';

/** The route of a test invocation, as far as it is chosen; '' where it is not. */
export type TestInvocationPlace = {
  readonly domain: string;
  readonly loadBalancerId: string;
  readonly listenerId: string;
  readonly rule:
    | { readonly kind: 'existing' | 'swap'; readonly ruleId: string }
    | { readonly kind: 'new'; readonly url: string };
};

/** From an address block reserved for documentation: https://www.rfc-editor.org/rfc/rfc5737 */
const clientIp = '203.0.113.10';

/**
 * Builds the GET event that a route's load balancer would pass to its function. Without a domain it names the load
 * balancer, as clients of one without a domain do. Objects that are not in the estate yet have no configuration of
 * their own.
 */
export function testInvocationRequest(
  estate: Estate,
  { domain, loadBalancerId, listenerId, rule: chosen }: TestInvocationPlace,
  at: Date,
): ClbRequest {
  const loadBalancer = findLoadBalancer(estate, loadBalancerId);
  const listener = estate.listeners.find(({ id }) => id === listenerId);
  const rule = chosen.kind === 'new' ? undefined : estate.rules.find(({ id }) => id === chosen.ruleId);
  const hostName = domain || (loadBalancer && getAddress(loadBalancer)) || 'localhost';
  const config =
    loadBalancer && listener ? configOfRoute(estate, { loadBalancer, listener, rule, hostName }) : null;
  return {
    protocol: listener?.protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
    host: hostName,
    path: getProbePath(chosen.kind === 'new' ? chosen.url : (rule?.url ?? '/')),
    userAgent: 'spillway-testInvocation',
    ip: clientIp,
    at,
    addsMethod: config?.addsMethodHeader ?? false,
    addsUri: config?.addsUriHeader ?? false,
  };
}
