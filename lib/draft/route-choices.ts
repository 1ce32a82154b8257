import { leadsTo } from '@/lib/estate/dns-target';
import { findFunction, listAddressRecords, listRules } from '@/lib/estate/look-up';
import type { Estate, Listener } from '@/lib/estate/model';
import { getOwner } from '@/lib/estate/owner';
import { suggestCertificate } from '@/lib/preflight/model/suggest';
import type { RouteDraft, RuleDraft } from './draft';
import { wantsCertificate } from './rule-draft';

/**
 * The consequences of a choice. Each function takes the estate and a route and returns the route after the choice:
 * unambiguous consequences are filled in, and parts that no longer fit are cleared. The estate includes the resources
 * that the diversion creates.
 */

/** Returns a new rule for a path, with the proposed certificate if its domain needs one. */
export function newRule(estate: Estate, listenerId: string, domain: string, url: string): RuleDraft {
  return { kind: 'new', url, certificateId: proposedCertificate(estate, listenerId, domain) };
}

/** Returns the domain's rule for a path of a listener, or a new one. */
export function ruleForPath(estate: Estate, listenerId: string, domain: string, url: string): RuleDraft {
  const found = listRules(estate, listenerId).find(
    (rule) => rule.domains.includes(domain) && rule.url === url,
  );
  return found === undefined
    ? newRule(estate, listenerId, domain, url)
    : { kind: 'existing', ruleId: found.id };
}

/** Returns the certificate that covers the domain and is valid longest; null if none is needed or none covers it. */
function proposedCertificate(estate: Estate, listenerId: string, domain: string): string | null {
  if (!wantsCertificate(estate, listenerId, domain)) return null;
  return suggestCertificate(estate, domain);
}

/** Returns the load balancer that a name's enabled records point at now, if it is one of the estate's. */
export function findServing(estate: Estate, domain: string): string | undefined {
  const records = listAddressRecords(estate, domain).filter((record) => record.enabled);
  return estate.loadBalancers.find((lb) => records.some((record) => leadsTo(record, lb)))?.id;
}

/**
 * Returns the route after its domain was chosen. A name that stays on CVM fills in its current route as far as it is
 * unambiguous; one that points at none of the estate's load balancers keeps the manually chosen one. A name that goes
 * to a function moves: its new load balancer is chosen manually, so only the rule follows.
 */
export function chooseDomain<T extends RouteDraft>(estate: Estate, route: T, domain: string): T {
  const found = route.to === 'cvm' ? findServing(estate, domain) : undefined;
  return found === undefined
    ? { ...route, domain, rule: defaultRule(estate, route.listenerId, domain, route.rule) }
    : chooseLoadBalancer(estate, { ...route, domain }, found);
}

export function chooseLoadBalancer<T extends RouteDraft>(
  estate: Estate,
  route: T,
  loadBalancerId: string,
): T {
  const found =
    findListenerLike(estate, route.listenerId, loadBalancerId) ??
    defaultListener(estate, loadBalancerId, route.domain);
  return chooseListener(estate, { ...route, loadBalancerId }, found?.id ?? '');
}

/** Returns the listener of a load balancer that takes the same requests as another one. */
export function findListenerLike(
  estate: Estate,
  listenerId: string,
  loadBalancerId: string,
): Listener | undefined {
  const like = estate.listeners.find(({ id }) => id === listenerId);
  return estate.listeners.find(
    (each) =>
      each.loadBalancerId === loadBalancerId && each.protocol === like?.protocol && each.port === like.port,
  );
}

export function chooseListener<T extends RouteDraft>(estate: Estate, route: T, listenerId: string): T {
  return { ...route, listenerId, rule: defaultRule(estate, listenerId, route.domain, route.rule) };
}

/**
 * Returns the route after its rule was chosen. A rule that is already bound to a function also chooses that function,
 * if none has been chosen.
 */
export function chooseRule<T extends RouteDraft>(estate: Estate, route: T, rule: RuleDraft): T {
  if (rule.kind === 'new' && route.rule.kind !== 'new')
    return { ...route, rule: newRule(estate, route.listenerId, route.domain, rule.url) };
  if (route.to !== 'function' || route.function.name !== '' || rule.kind === 'new') return { ...route, rule };
  const found = estate.rules.find(({ id }) => id === rule.ruleId);
  const balancer = estate.loadBalancers.find(({ id }) => id === found?.loadBalancerId);
  const [bound] = found?.functions ?? [];
  if (bound === undefined || balancer === undefined) return { ...route, rule };
  const { region } = balancer;
  const { namespace, name, qualifier } = bound;
  const choice = { region, namespace, name, qualifier };
  return findFunction(estate, { ...choice, ...getOwner(balancer) }) === undefined
    ? { ...route, rule }
    : { ...route, rule, function: choice };
}

/**
 * Returns the only listener that can be meant: the only one with a rule for the domain, otherwise the only HTTP or
 * HTTPS one, otherwise the only one. With several, the operator chooses.
 */
function defaultListener(estate: Estate, loadBalancerId: string, domain: string): Listener | undefined {
  const all = estate.listeners.filter((listener) => listener.loadBalancerId === loadBalancerId);
  const withDomain = all.filter((l) => listRules(estate, l.id).some((rule) => rule.domains.includes(domain)));
  const layer7 = all.filter((l) => l.protocol === 'HTTP' || l.protocol === 'HTTPS');
  const candidates = withDomain.length > 0 ? withDomain : layer7.length > 0 ? layer7 : all;
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Returns the domain's rule for `/`, or its only rule, or a new one: for the typed path, otherwise for `/`. */
function defaultRule(estate: Estate, listenerId: string, domain: string, was: RuleDraft): RuleDraft {
  if (was.kind === 'new' && was.url !== '/') return newRule(estate, listenerId, domain, was.url);
  const rules = listRules(estate, listenerId).filter((rule) => rule.domains.includes(domain));
  const rule = rules.find((r) => r.url === '/') ?? (rules.length === 1 ? rules[0] : undefined);
  return rule === undefined
    ? newRule(estate, listenerId, domain, '/')
    : { kind: 'existing', ruleId: rule.id };
}
