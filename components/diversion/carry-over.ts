import type { Estate } from '@/lib/estate/model';
import { changeRoute } from './change-routes';
import { type Draft, emptyDraft, emptyRoute, type Kind, type RouteDraft, sidesOf } from './draft';

/** A rule swapped in place has no side to come back from by DNS: in a Switch it is one that is there. */
function withoutSwap(route: RouteDraft): RouteDraft {
  return route.rule.kind === 'swap' ? { ...route, rule: { ...route.rule, kind: 'existing' } } : route;
}

/**
 * A draft of another kind with all that fits of this one: its routes on the sides that the kind has, what it creates, TTL and peak.
 * @param before what the kind's draft was when it was last looked at: what this one can't give comes from there
 * @param nameOf the name of an untouched draft of a kind
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
  const next: Draft = { ...base, ...kept, routes: routes.map(withoutSwap) };
  // The one domain of a Switch is the one that is to move.
  const index = next.routes.findIndex(({ to, domain }) => to === 'function' && domain !== '');
  return changeRoute(estate, next, Math.max(0, index), (route) => route);
}
