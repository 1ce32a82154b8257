import { type Draft, type DraftSide, emptyRoute, freeKey } from './draft';

/**
 * Adds a route to a side. It starts as a copy of the side's last route, with its own path still to name, and on the
 * function side with the same function.
 */
export function addRoute(draft: Draft, to: DraftSide): Draft {
  const last = draft.routes.findLast((route) => route.to === to) ?? emptyRoute(to, '');
  const added = {
    ...last,
    key: freeKey(draft),
    rule: { kind: 'new', url: '', certificateId: null },
  } as const;
  const fresh = added.to === 'cvm' ? { ...added, addTargets: [] } : { ...added, provisioned: null };
  return { ...draft, routes: [...draft.routes, fresh] };
}

export function removeRoute(draft: Draft, index: number): Draft {
  return { ...draft, routes: draft.routes.filter((_, other) => other !== index) };
}
