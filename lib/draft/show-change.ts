import type { FunctionChoice } from '@/lib/diversion/route';
import { type Draft, noFunction, type RouteDraft } from './draft';
import type { DraftChange } from './draft-change';
import { editRoute } from './edit-routes';
import { optionKey, readFunctionKey } from './function-key';

/** Returns the draft with another name at a route, and at the routes of the same name on its side. */
function withName(draft: Draft, index: number, domain: string): Draft {
  const was = draft.routes[index];
  const isBeside = (route: RouteDraft) =>
    route.to === was?.to && route.domain === was.domain && was.domain !== '';
  return {
    ...draft,
    routes: draft.routes.map((route, nth) =>
      nth === index || isBeside(route) ? { ...route, domain } : route,
    ),
  };
}

/**
 * Returns the draft with the function of a route. That of the first route is also that of the other ones, as long as
 * they have the same: one function usually serves all names.
 */
export function withFunction(draft: Draft, index: number, choice: FunctionChoice): Draft {
  const was = draft.routes[index];
  if (was?.to !== 'function') return draft;
  const isFirst = draft.routes.findIndex(({ to }) => to === 'function') === index;
  const key = optionKey(was.function);
  return {
    ...draft,
    routes: draft.routes.map((route, nth) =>
      route.to === 'function' && (nth === index || (isFirst && optionKey(route.function) === key))
        ? { ...route, function: choice }
        : route,
    ),
  };
}

/**
 * Returns the draft with the choice itself, to be shown until the server has applied the change: its consequences
 * depend on the estate. To apply the change to the result gives the same as to apply it to the draft.
 */
export function showChange(draft: Draft, change: DraftChange): Draft {
  switch (change.kind) {
    case 'domain':
      return withName(draft, change.index, change.domain);
    case 'loadBalancer':
      return editRoute(draft, change.index, (route) => ({ ...route, loadBalancerId: change.id }));
    case 'listener':
      return editRoute(draft, change.index, (route) => ({ ...route, listenerId: change.id }));
    case 'rule':
      return editRoute(draft, change.index, (route) => ({ ...route, rule: change.rule }));
    case 'function':
      return withFunction(draft, change.index, readFunctionKey(change.key) ?? noFunction);
    default:
      return draft;
  }
}
