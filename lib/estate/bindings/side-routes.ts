import { domainServing, rulesForHost } from '@/lib/estate/match-rule';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { Estate, Rule } from '@/lib/estate/model';
import { getOwner } from '@/lib/estate/owner';

/** The two sides of diverted names: rules whose targets answer, and rules whose function does. */
export type SideRoutes = Readonly<Record<'cvm' | 'function', readonly MeasuredRoute[]>>;

/**
 * Returns the rules that serve some names by kind of backend, independently of DNS, because clients cache old answers.
 * Default domains of other names are excluded, and so are rules that redirect or have no backend. Pure.
 */
export function listSideRoutes(estate: Estate, names: readonly string[]): SideRoutes {
  const balancers = new Map(estate.loadBalancers.map((balancer) => [String(balancer.id), balancer]));
  const byListener = new Map<string, Rule[]>();
  for (const rule of estate.rules)
    byListener.set(rule.listenerId, [...(byListener.get(rule.listenerId) ?? []), rule]);
  const found = new Map<string, Rule>();
  for (const rules of byListener.values())
    for (const name of names)
      if (!domainServing(rules, name.toLowerCase()).isDefault)
        for (const rule of rulesForHost(rules, name)) found.set(rule.id, rule);
  const toRoute = ({ loadBalancerId, listenerId, domain, url, functions }: Rule): MeasuredRoute[] => {
    const balancer = balancers.get(loadBalancerId);
    if (balancer === undefined) return [];
    const place = { ...getOwner(balancer), region: balancer.region, loadBalancerId, listenerId };
    return [{ ...place, domain, url, functions }];
  };
  const rules = [...found.values()];
  return {
    cvm: rules
      .filter(({ targets, functions }) => targets.length > 0 && functions.length === 0)
      .flatMap(toRoute),
    function: rules.filter(({ functions }) => functions.length > 0).flatMap(toRoute),
  };
}
