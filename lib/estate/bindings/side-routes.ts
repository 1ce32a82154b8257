import { domainServing, parseUrl, rulesForHost } from '@/lib/estate/match-rule';
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

/**
 * Returns whether the rates of both sides are those of the load balancers that DNS leads to, for each name: if one has
 * rules with both kinds of backend, or lacks paths that another one has, some requests are missing on a side or are
 * counted on the other. A rule for `/` takes all paths. Pure.
 */
export function areSidesWhole(estate: Estate, names: readonly string[]): boolean {
  return names.every((name) => {
    const sides = listSideRoutes(estate, [name]);
    const listIds = (routes: readonly MeasuredRoute[]) =>
      new Set(routes.map(({ loadBalancerId }) => loadBalancerId));
    const [cvm, fn] = [listIds(sides.cvm), listIds(sides.function)];
    if ([...cvm].some((id) => fn.has(id))) return false;
    const paths = [...cvm, ...fn].map((id) =>
      [...sides.cvm, ...sides.function].flatMap(({ loadBalancerId, url }) =>
        loadBalancerId === id ? [url] : [],
      ),
    );
    const takesAll = (urls: readonly string[]) =>
      urls.some((url) => {
        const { form, text } = parseUrl(url);
        return (form === '' || form === '^~') && text === '/';
      });
    const sets = new Set(paths.map((urls) => [...new Set(urls)].toSorted().join(' ')));
    return paths.every(takesAll) || sets.size <= 1;
  });
}
