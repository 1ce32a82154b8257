import { type Draft, noFunction, type RouteDraft } from './draft';
import type { DraftChange } from './draft-change';
import { readFunctionKey } from './function-key';

function withRoute(draft: Draft, index: number, change: (route: RouteDraft) => RouteDraft): Draft {
  return { ...draft, routes: draft.routes.map((route, nth) => (nth === index ? change(route) : route)) };
}

/**
 * Returns the draft with the choice itself, to be shown until the server has applied the change: its consequences
 * depend on the estate. To apply the change to the result gives the same as to apply it to the draft.
 */
export function showChange(draft: Draft, change: DraftChange): Draft {
  switch (change.kind) {
    case 'domain':
      return withRoute(draft, change.index, (route) => ({ ...route, domain: change.domain }));
    case 'loadBalancer':
      return withRoute(draft, change.index, (route) => ({
        ...route,
        loadBalancerId: change.id,
        listenerId: '',
      }));
    case 'listener':
      return withRoute(draft, change.index, (route) => ({ ...route, listenerId: change.id }));
    case 'rule':
      return withRoute(draft, change.index, (route) => ({ ...route, rule: change.rule }));
    case 'function':
      return withRoute(draft, change.index, (route) =>
        route.to === 'function' ? { ...route, function: readFunctionKey(change.key) ?? noFunction } : route,
      );
    default:
      return draft;
  }
}
