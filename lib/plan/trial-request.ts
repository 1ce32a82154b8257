import type { ClbRequest } from '@/lib/clb-event';
import type { CustomConfig } from '@/lib/estate/account-model';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { pathOf } from './route-probe';

/** Where a function that is tried would be asked: a route as far as it is chosen, '' where it is not. */
export type TrialPlace = {
  readonly domain: string;
  readonly loadBalancerId: string;
  readonly listenerId: string;
  /** Of the rule, a pattern perhaps. */
  readonly url: string;
};

/** Of a block of addresses that documents use: https://www.rfc-editor.org/rfc/rfc5737 */
const clientIp = '203.0.113.10';

function holdsAt({ bindings }: CustomConfig, { domain, loadBalancerId, listenerId }: TrialPlace): boolean {
  return bindings.some(
    (bound) =>
      bound.loadBalancerId === loadBalancerId &&
      (bound.listenerId === null || bound.listenerId === listenerId) &&
      (bound.domain === null || bound.domain === domain) &&
      bound.ruleId === null,
  );
}

/**
 * The GET that a route's load balancer would hand to its function. Without a domain it names the load balancer, as clients
 * of one that has none do.
 */
export function trialRequest(estate: Estate, place: TrialPlace, at: Date): ClbRequest {
  const { domain, loadBalancerId, listenerId, url } = place;
  const listener = estate.listeners.find(({ id }) => id === listenerId);
  const balancer = findLoadBalancer(estate, loadBalancerId);
  const configs = estate.customConfigs.filter((config) => holdsAt(config, place));
  return {
    protocol: listener?.protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
    host: domain || balancer?.domain || balancer?.vips[0] || 'localhost',
    path: pathOf(url),
    userAgent: 'spillway-trial',
    ip: clientIp,
    at,
    addsMethod: configs.some(({ addsMethodHeader }) => addsMethodHeader),
    addsUri: configs.some(({ addsUriHeader }) => addsUriHeader),
  };
}
