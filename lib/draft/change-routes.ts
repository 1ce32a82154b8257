import type { Estate } from '@/lib/estate/model';
import { anticipatedEstate } from './anticipated-estate';
import type { Draft, RouteDraft } from './draft';
import { chooseDomain, chooseLoadBalancer } from './route-choices';

/**
 * Updates the other routes when one changes: DNS leads a name to one load balancer, so the routes of a name on one side
 * share it, and follow the name. In a Switch, all routes share the domain of its first name.
 */
function settle(estate: Estate, draft: Draft, index: number, was: RouteDraft | undefined): Draft {
  const changed = draft.routes[index];
  if (changed === undefined || was === undefined) return draft;
  const isSwitch = draft.kind === 'switch';
  const whole = anticipatedEstate(estate, draft);
  const routes = draft.routes.map((route, other) => {
    const isBeside = route.to === was.to && (isSwitch || (route.domain === was.domain && was.domain !== ''));
    if (other === index || !(isSwitch || isBeside)) return route;
    const { rule } = route;
    const isOfName =
      rule.kind === 'new' ||
      whole.rules.some(({ id, domains }) => id === rule.ruleId && domains.includes(changed.domain));
    const named =
      route.domain === changed.domain && isOfName ? route : chooseDomain(whole, route, changed.domain);
    return isBeside && named.loadBalancerId !== changed.loadBalancerId
      ? chooseLoadBalancer(whole, named, changed.loadBalancerId)
      : named;
  });
  return { ...draft, routes };
}

/** Returns the draft with one route changed, and all that follows from it. */
export function changeRoute(
  estate: Estate,
  draft: Draft,
  index: number,
  change: (route: RouteDraft) => RouteDraft,
): Draft {
  const routes = draft.routes.map((route, other) => (other === index ? change(route) : route));
  return settle(estate, { ...draft, routes }, index, draft.routes[index]);
}
