import { RE2JS, RE2JSException } from 're2js';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, routesByName, ruleName } from '@/lib/preflight/model/routes';
import { suggestNewRule } from '@/lib/preflight/model/suggest';

const { pass, block } = createFindings('domain-match', sources.domainRules);

/**
 * Returns whether a rule's domain (exact, leading `*.`, trailing `.*`, or `~` expression) takes requests for a host.
 * The expression comes from the estate, so it runs in linear time (https://github.com/google/re2/wiki/Syntax). One that
 * RE2 does not support, such as lookaround or backreferences, takes none: the suggestion is then a rule with a plain
 * domain.
 */
export function domainTakes(ruleDomain: string, host: string): boolean {
  if (ruleDomain.startsWith('~')) {
    try {
      return RE2JS.compile(ruleDomain.slice(1)).matcher(host).find();
    } catch (error) {
      if (error instanceof RE2JSException) return false;
      throw error;
    }
  }
  if (ruleDomain.startsWith('*.')) return host.endsWith(ruleDomain.slice(1));
  if (ruleDomain.endsWith('.*')) return host.startsWith(ruleDomain.slice(0, -1));
  return ruleDomain === host;
}

/** Returns findings on names that a Split assigns to both sides. */
function sharedNames(input: CheckInput): readonly Finding[] {
  if (input.diversion.kind !== 'split') return [];
  return routesByName(input).flatMap((routes) => {
    const fn = routes.find(({ route }) => route.to === 'function');
    if (fn === undefined || routes.every(({ route }) => route.to === 'function')) return [];
    const values = { domain: fn.hostName };
    return [block({ field: routeFieldName(fn, 'domain'), objects: [fn.hostName], why: 'same', values })];
  });
}

/**
 * Returns findings on names whose routes are on several load balancers: DNS can point a name at only one of them. A
 * Switch has two, one per side.
 */
function scatteredNames(input: CheckInput): readonly Finding[] {
  if (input.diversion.kind === 'switch') return [];
  return routesByName(input).flatMap((routes) => {
    const [first] = routes;
    const other = routes.find(({ loadBalancer }) => loadBalancer.id !== first?.loadBalancer.id);
    if (first === undefined || other === undefined || first.route.to !== other.route.to) return [];
    const values = { domain: other.hostName, name: first.loadBalancer.name, other: other.loadBalancer.name };
    const objects = [first.loadBalancer.id, other.loadBalancer.id];
    return [block({ field: routeFieldName(other, 'loadBalancerId'), objects, why: 'scattered', values })];
  });
}

/**
 * Checks that each route's rule takes requests for its domain, that sides of a Split have different domains, and that a
 * name has one destination.
 */
export const checkDomainMatch: Check = (input) => {
  const matches = input.routes.map((route): Finding => {
    const values = { domain: route.hostName, rule: ruleName(route) };
    const found = {
      field: routeFieldName(route, 'rule'),
      objects: route.rule ? [route.rule.id] : [],
      values,
    };
    const domains = route.rule?.domains ?? [route.ref.domain];
    return domains.some((domain) => domainTakes(domain, route.hostName))
      ? pass({ ...found, why: 'pass' })
      : block({ ...found, why: 'differs', fix: suggestNewRule(input, route) });
  });
  return [...sharedNames(input), ...scatteredNames(input), ...matches];
};
