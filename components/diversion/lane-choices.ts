import { addressRecordsOf, leadsTo, rulesOf } from '@/lib/estate/look-up';
import type { Estate, Listener } from '@/lib/estate/model';
import type { LaneRoute } from './split-draft';

/**
 * What one choice carries with it. Each function takes the estate and a lane and gives the lane after the choice:
 * what follows without doubt is filled in, what does not fit any more is emptied.
 */

const newRootRule: LaneRoute['rule'] = { kind: 'new', url: '/' };

/** The load balancer that a name's enabled records lead to now, if it is one of the estate's. */
function resolvesTo(estate: Estate, domain: string): string | undefined {
  const records = addressRecordsOf(estate, domain).filter((record) => record.enabled);
  return estate.loadBalancers.find((lb) => records.some((record) => leadsTo(record, lb)))?.id;
}

/**
 * Lane A stays where it is: the domain's own route is filled in as far as it is unambiguous.
 * A name that leads to none of the estate's load balancers keeps the one that was chosen by hand.
 */
export function chooseDomainOfA<T extends LaneRoute>(estate: Estate, lane: T, domain: string): T {
  const found = resolvesTo(estate, domain);
  return found === undefined
    ? chooseDomainOfB(estate, lane, domain)
    : chooseLoadBalancer(estate, { ...lane, domain }, found);
}

/** Lane B moves: its new load balancer is chosen by hand, so only the rule follows the domain. */
export function chooseDomainOfB<T extends LaneRoute>(estate: Estate, lane: T, domain: string): T {
  return { ...lane, domain, rule: defaultRule(estate, lane.listenerId, domain) };
}

export function chooseLoadBalancer<T extends LaneRoute>(estate: Estate, lane: T, loadBalancerId: string): T {
  const listenerId = defaultListener(estate, loadBalancerId, lane.domain)?.id ?? '';
  return { ...lane, loadBalancerId, listenerId, rule: defaultRule(estate, listenerId, lane.domain) };
}

export function chooseListener<T extends LaneRoute>(estate: Estate, lane: T, listenerId: string): T {
  return { ...lane, listenerId, rule: defaultRule(estate, listenerId, lane.domain) };
}

/**
 * The one listener that can be meant: the only one with a rule for the domain, else the only HTTP or HTTPS one,
 * else the only one. With several the person chooses.
 */
function defaultListener(estate: Estate, loadBalancerId: string, domain: string): Listener | undefined {
  const all = estate.listeners.filter((listener) => listener.loadBalancerId === loadBalancerId);
  const withDomain = all.filter((l) => rulesOf(estate, l.id).some((rule) => rule.domains.includes(domain)));
  const layer7 = all.filter((l) => l.protocol === 'HTTP' || l.protocol === 'HTTPS');
  const candidates = withDomain.length > 0 ? withDomain : layer7.length > 0 ? layer7 : all;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** The domain's rule for `/`, or its only rule, or a new one for `/`. */
function defaultRule(estate: Estate, listenerId: string, domain: string): LaneRoute['rule'] {
  const rules = rulesOf(estate, listenerId).filter((rule) => rule.domains.includes(domain));
  const rule = rules.find((r) => r.url === '/') ?? (rules.length === 1 ? rules[0] : undefined);
  return rule === undefined ? newRootRule : { kind: 'existing', ruleId: rule.id };
}
