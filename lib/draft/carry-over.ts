import { toPlainName } from '@/lib/diversion/plain-name';
import { type Draft, emptyDraft, emptyRoute, type Kind, type RouteDraft, sidesOf } from './draft';
import type { DraftChange } from './draft-change';

/** Converts an in-place swap, which DNS cannot roll back, to an existing rule, as a Switch needs. */
function withoutSwap(route: RouteDraft): RouteDraft {
  return route.rule.kind === 'swap' ? { ...route, rule: { ...route.rule, kind: 'existing' } } : route;
}

/** The names of a Switch that have no place in the draft after its kind has changed to `kind`. */
export type LostNames = { readonly kind: Kind; readonly names: readonly string[] };

type CarriedOver = {
  readonly draft: Draft;
  /** Applied by the server, which determines the consequences. */
  readonly changes: readonly DraftChange[];
  readonly lost: LostNames | null;
};

/** Returns the names of the waves of a Switch, without the first one. */
function furtherNames({ waves }: Draft): readonly string[] {
  return waves.flatMap(({ names }) => names).slice(1);
}

/**
 * Converts a draft to another kind and keeps all that fits: its routes on the sides that the kind has, the resources it
 * creates, TTL, peak and prewarm. A Switch keeps the waves that it had, as long as its first name is the same.
 * @param before the kind's draft when it was last shown: fields that this draft can't provide are taken from it
 * @param nameOf returns the name of an untouched draft of a kind
 */
export function carryOver(
  from: Draft,
  kind: Kind,
  { before, nameOf }: { readonly before: Draft | undefined; readonly nameOf: (kind: Kind) => string },
): CarriedOver {
  const base = before ?? emptyDraft(kind, nameOf(kind));
  const routes = sidesOf[kind].flatMap((to): RouteDraft[] => {
    const source = sidesOf[from.kind].includes(to) ? from : base;
    const own = source.routes.filter((route) => route.to === to);
    return own.length === 0 ? [emptyRoute(to, to)] : own;
  });
  const name = from.name === nameOf(from.kind) || from.name.trim() === '' ? base.name : from.name;
  const { creates, lowerTtlS, expectedPeakRps, prewarmS, acknowledged } = from;
  const kept = { name, creates, lowerTtlS, expectedPeakRps, prewarmS, acknowledged };
  if (kind !== 'switch') {
    const names = from.kind === 'switch' ? furtherNames(from) : [];
    const lost = names.length === 0 ? null : { kind, names };
    return { draft: { ...base, ...kept, waves: [], ownRoutes: [], routes }, changes: [], lost };
  }
  // A Switch has one first name: the one to move.
  const moved = routes.findIndex(({ to, domain }) => to === 'function' && domain !== '');
  const index = Math.max(0, moved);
  const first = base.waves[0]?.names[0];
  const isSame = first !== undefined && first === toPlainName(routes[index]?.domain ?? '');
  const waves = isSame ? { waves: base.waves, ownRoutes: base.ownRoutes } : { waves: [], ownRoutes: [] };
  const names = isSame ? [] : furtherNames(base);
  return {
    draft: { ...base, ...kept, ...waves, routes: routes.map(withoutSwap) },
    changes: [{ kind: 'settle', index }],
    lost: names.length === 0 ? null : { kind, names },
  };
}
