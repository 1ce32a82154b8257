import { RE2JS, RE2JSException } from 're2js';
import { findingsOf, sources } from './finding';
import type { Check, CheckInput, Finding } from './model';
import { fieldOf, routesByName, ruleName } from './routes';
import { suggestNewRule } from './suggest';

const { pass, block } = findingsOf('domain-match', sources.domainRules);

/**
 * Returns whether a rule's domain (exact, `*.` in front, `.*` at the end, or `~` expression) takes requests for a host. The
 * expression is the estate's, so it runs in linear time (https://github.com/google/re2/wiki/Syntax). One that RE2 can't do,
 * by look-around or back-references, takes none: a rule with a plain domain is what is suggested then.
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

/** Names that a Split gives to both sides. */
function sharedNames(input: CheckInput): readonly Finding[] {
  if (input.diversion.kind !== 'split') return [];
  return routesByName(input).flatMap((routes) => {
    const fn = routes.find(({ route }) => route.to === 'function');
    if (fn === undefined || routes.every(({ route }) => route.to === 'function')) return [];
    const values = { domain: fn.hostName };
    return [block({ field: fieldOf(fn, 'domain'), objects: [fn.hostName], why: 'same', values })];
  });
}

/** Names whose routes are on several load balancers: DNS can lead a name to one of them. A Switch has two, one a side. */
function scatteredNames(input: CheckInput): readonly Finding[] {
  if (input.diversion.kind === 'switch') return [];
  return routesByName(input).flatMap((routes) => {
    const [first] = routes;
    const other = routes.find(({ loadBalancer }) => loadBalancer.id !== first?.loadBalancer.id);
    if (first === undefined || other === undefined || first.route.to !== other.route.to) return [];
    const values = { domain: other.hostName, name: first.loadBalancer.name, other: other.loadBalancer.name };
    const objects = [first.loadBalancer.id, other.loadBalancer.id];
    return [block({ field: fieldOf(other, 'loadBalancerId'), objects, why: 'scattered', values })];
  });
}

/** Each route's rule takes requests for its domain; sides of a Split are different domains; a name has one place. */
export const checkDomainMatch: Check = (input) => {
  const matches = input.routes.map((route): Finding => {
    const values = { domain: route.hostName, rule: ruleName(route) };
    const found = { field: fieldOf(route, 'rule'), objects: route.rule ? [route.rule.id] : [], values };
    const domains = route.rule?.domains ?? [route.ref.domain];
    return domains.some((domain) => domainTakes(domain, route.hostName))
      ? pass({ ...found, why: 'pass' })
      : block({ ...found, why: 'differs', fix: suggestNewRule(input, route) });
  });
  return [...sharedNames(input), ...scatteredNames(input), ...matches];
};
