import type { Estate } from '@/lib/estate/model';
import { anticipatedEstate } from './anticipated-estate';
import type { Draft, RouteDraft } from './draft';
import { chooseDomain, chooseLoadBalancer } from './route-choices';

/**
 * Updates the other routes when one changes: all routes of a Switch share the domain of its first name, and those of a
 * side share one load balancer. In the other kinds each route is independent.
 */
function settle(estate: Estate, draft: Draft, index: number): Draft {
  const changed = draft.routes[index];
  if (draft.kind !== 'switch' || changed === undefined) return draft;
  const whole = anticipatedEstate(estate, draft);
  const routes = draft.routes.map((route, other) => {
    if (other === index) return route;
    const named = route.domain === changed.domain ? route : chooseDomain(whole, route, changed.domain);
    const isBeside = named.to === changed.to && named.loadBalancerId !== changed.loadBalancerId;
    return isBeside ? chooseLoadBalancer(whole, named, changed.loadBalancerId) : named;
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
  return settle(estate, { ...draft, routes }, index);
}
