import { type Draft, type DraftSide, emptyRoute, freeKey, type RouteDraft } from './draft';

/**
 * Adds a route like another one, after it: of the same name, with its own path still to name, and on the function side
 * with the same function.
 */
export function addRoute(draft: Draft, index: number): Draft {
  const like = draft.routes[index];
  if (like === undefined) return draft;
  const added = {
    ...like,
    key: freeKey(draft),
    rule: { kind: 'new', url: '', certificateId: null },
  } as const;
  const fresh = added.to === 'cvm' ? { ...added, addTargets: [] } : { ...added, provisioned: null };
  return { ...draft, routes: draft.routes.toSpliced(index + 1, 0, fresh) };
}

/** Adds a name, still to be typed, to a side: on the function side with the function of the others. */
export function addName(draft: Draft, to: DraftSide): Draft {
  const last = draft.routes.findLastIndex((route) => route.to === to);
  const like = draft.routes[last];
  const fresh = emptyRoute(to, freeKey(draft));
  const shared =
    fresh.to === 'function' && like?.to === 'function'
      ? { ...fresh, function: like.function, expectedBody: like.expectedBody }
      : fresh;
  return { ...draft, routes: draft.routes.toSpliced(last + 1, 0, shared) };
}

/** Returns the draft with one route changed, in a way that needs no estate. */
export function editRoute(draft: Draft, index: number, change: (route: RouteDraft) => RouteDraft): Draft {
  return { ...draft, routes: draft.routes.map((route, nth) => (nth === index ? change(route) : route)) };
}

export function removeRoutes(draft: Draft, indexes: readonly number[]): Draft {
  return { ...draft, routes: draft.routes.filter((_, index) => !indexes.includes(index)) };
}

/** Returns the draft with the path of a new rule, also on the other listeners where the name had the same path. */
export function setPath(draft: Draft, index: number, url: string): Draft {
  const was = draft.routes[index];
  return {
    ...draft,
    routes: draft.routes.map((route, nth) => {
      const isLike = route.to === was?.to && route.domain === was.domain && was.rule.kind === 'new';
      const isSame =
        nth === index || (isLike && route.rule.kind === 'new' && route.rule.url === was.rule.url);
      return isSame && route.rule.kind === 'new' ? { ...route, rule: { ...route.rule, url } } : route;
    }),
  };
}

/** Returns the draft with the expected text of a route; that of the first one also where the others have the same. */
export function setExpectedBody(draft: Draft, index: number, expectedBody: string): Draft {
  const was = draft.routes[index];
  const isFirst = draft.routes.findIndex(({ to }) => to === 'function') === index;
  return {
    ...draft,
    routes: draft.routes.map((route, nth) =>
      route.to === 'function' &&
      (nth === index || (isFirst && was?.to === 'function' && route.expectedBody === was.expectedBody))
        ? { ...route, expectedBody }
        : route,
    ),
  };
}
