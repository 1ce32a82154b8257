import { changeRoute } from '@/lib/draft/change-routes';
import { type Draft, emptyDraft, emptyRoute, type Kind, type RouteDraft, sidesOf } from '@/lib/draft/draft';
import type { Estate } from '@/lib/estate/model';

/** Converts an in-place swap, which DNS cannot roll back, to an existing rule, as a Switch needs. */
function withoutSwap(route: RouteDraft): RouteDraft {
  return route.rule.kind === 'swap' ? { ...route, rule: { ...route.rule, kind: 'existing' } } : route;
}

/**
 * Converts a draft to another kind and keeps all that fits: its routes on the sides that the kind has, the resources it
 * creates, TTL and peak.
 * @param before the kind's draft when it was last shown: fields that this draft can't provide are taken from it
 * @param nameOf returns the name of an untouched draft of a kind
 */
export function carryOver(
  estate: Estate,
  from: Draft,
  kind: Kind,
  { before, nameOf }: { readonly before: Draft | undefined; readonly nameOf: (kind: Kind) => string },
): Draft {
  const base = before ?? emptyDraft(kind, nameOf(kind));
  const routes = sidesOf[kind].flatMap((to): RouteDraft[] => {
    const source = sidesOf[from.kind].includes(to) ? from : base;
    const own = source.routes.filter((route) => route.to === to);
    return own.length === 0 ? [emptyRoute(to, to)] : own;
  });
  const name = from.name === nameOf(from.kind) || from.name.trim() === '' ? base.name : from.name;
  const { creates, lowerTtlS, expectedPeakRps, acknowledged } = from;
  const kept = { name, creates, lowerTtlS, expectedPeakRps, acknowledged };
  if (kind !== 'switch') return { ...base, ...kept, routes };
  const next: Draft = { ...base, ...kept, waves: [], ownRoutes: [], routes: routes.map(withoutSwap) };
  // A Switch has one domain: the one to move.
  const index = next.routes.findIndex(({ to, domain }) => to === 'function' && domain !== '');
  return changeRoute(estate, next, Math.max(0, index), (route) => route);
}
