import { toPlainName } from '@/lib/diversion/plain-name';
import { findLoadBalancer, findZone, listRulesBehind } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { anticipatedEstate } from './anticipated-estate';
import { changeRoute } from './change-routes';
import type { Draft, RouteDraft, WaveDraft } from './draft';
import { proposeRoutes } from './propose-routes';
import { chooseDomain, findListenerLike, findServing, ruleForPath } from './route-choices';
import { type NameFacts, shownWaves, waveBakeS } from './shown-waves';

/**
 * The names of a Switch while it is edited. The routes of the draft are those of its first name. Every other name gets
 * routes like them, with rules of its own, when the draft becomes a diversion.
 */

/**
 * Returns the draft with other waves. Empty ones are dropped, and the routes are those of the first name. Names with
 * routes of their own keep them.
 */
function setWaves(estate: Estate, draft: Draft, wanted: readonly WaveDraft[]): Draft {
  const waves = wanted.filter(({ names }) => names.length > 0);
  const names = waves.flatMap((wave) => wave.names);
  const first = names[0] ?? '';
  const ownRoutes = draft.ownRoutes.filter(({ domain }) => names.includes(domain));
  const next: Draft = { ...draft, waves: names.length < 2 ? [] : waves, ownRoutes };
  if (ownRoutes.length > 0 && draft.routes[0]?.domain !== first) {
    // Another first name: what the names have stays, and only what is like its routes follows them from now on.
    const all = listAllRoutes(anticipatedEstate(estate, draft), draft);
    const [own, others] = [true, false].map((isFirst) =>
      all.filter(({ domain }) => names.includes(domain) && (domain === first) === isFirst),
    );
    if (own !== undefined && own.length > 0)
      return dropLikeRoutes(estate, { ...next, routes: own, ownRoutes: others ?? [] });
  }
  const was = draft.routes[0]?.domain;
  if (was === first) return next;
  const renamed = changeRoute(estate, next, 0, (route) =>
    chooseDomain(anticipatedEstate(estate, next), route, first),
  );
  return was === '' ? proposeRoutes(estate, renamed, 0) : renamed;
}

/**
 * Adds names to a draft: those of the first list to its first wave, and so on. Names that it has already are skipped.
 */
export function addNames(estate: Estate, draft: Draft, lists: readonly (readonly string[])[]): Draft {
  const now = shownWaves(draft);
  const known = new Set(now.flatMap(({ names }) => names));
  const count = Math.max(now.length, lists.length);
  const waves = Array.from({ length: count }, (_, nth): WaveDraft => {
    const { names = [], bakeS = waveBakeS } = now[nth] ?? {};
    return { names: [...names, ...(lists[nth] ?? []).filter((name) => !known.has(name))], bakeS };
  });
  return setWaves(estate, draft, waves);
}

/** Moves a name to the end of a wave, by its index; the index after the last one begins a new wave. */
export function moveName(estate: Estate, draft: Draft, name: string, to: number): Draft {
  const now = shownWaves(draft);
  const all = to < now.length ? now : [...now, { names: [], bakeS: waveBakeS }];
  const waves = all.map(({ names, bakeS }, nth) => {
    const others = names.filter((other) => other !== name);
    return { names: nth === to ? [...others, name] : others, bakeS };
  });
  return setWaves(estate, draft, waves);
}

/** Removes a name; the last one leaves an empty domain. */
export function removeName(estate: Estate, draft: Draft, name: string): Draft {
  const waves = shownWaves(draft).map(({ names, bakeS }) => ({
    names: names.filter((other) => other !== name),
    bakeS,
  }));
  return setWaves(estate, draft, waves);
}

/** Returns the names whose routes are like those of the first one, in the order of their waves. */
function listFurtherNames({ kind, waves }: Pick<Draft, 'kind' | 'waves'>): readonly string[] {
  return kind === 'switch' ? waves.flatMap(({ names }) => names).slice(1) : [];
}

/** A route of the diversion that a draft becomes: its name, and the route of the first name that it is made like. */
type RouteOrigin = {
  readonly name: string;
  /** The index in the draft's routes; null = the name has routes of its own. */
  readonly like: number | null;
};

/** Returns the origins of all routes of the diversion that a draft becomes, in their order. */
export function listRouteOrigins(
  draft: Pick<Draft, 'kind' | 'waves' | 'routes' | 'ownRoutes'>,
): readonly RouteOrigin[] {
  return [
    ...draft.routes.map(({ domain }, like) => ({ name: toPlainName(domain), like })),
    ...listFurtherNames(draft).flatMap((name): readonly RouteOrigin[] => {
      const own = draft.ownRoutes.filter(({ domain }) => domain === name);
      return own.length > 0
        ? own.map(() => ({ name, like: null }))
        : draft.routes.map((_, like) => ({ name, like }));
    }),
  ];
}

/** Returns a route of another name: on the CVM side through the load balancer that serves the name now. */
function routeLike(estate: Estate, draft: Draft, route: RouteDraft, name: string): RouteDraft {
  const path =
    route.rule.kind === 'new'
      ? route.rule.url
      : (estate.rules.find(({ id }) => route.rule.kind !== 'new' && id === route.rule.ruleId)?.url ?? '/');
  const other = draft.routes.find(({ to }) => to !== route.to)?.loadBalancerId;
  const serving = route.to === 'cvm' ? findServing(estate, name) : undefined;
  const own = serving === undefined || serving === other ? route.loadBalancerId : serving;
  const isSame = own === route.loadBalancerId;
  const listenerId = isSame ? route.listenerId : (findListenerLike(estate, route.listenerId, own)?.id ?? '');
  const rule = ruleForPath(estate, listenerId, name, path);
  const moved = {
    ...route,
    key: `${route.key} ${name}`,
    domain: name,
    loadBalancerId: own,
    listenerId,
    rule,
  };
  return moved.to === 'cvm' && !isSame ? { ...moved, addTargets: [] } : moved;
}

/**
 * Returns all routes of a draft: its own, and those of the further names.
 * @param estate with what the draft creates
 */
export function listAllRoutes(estate: Estate, draft: Draft): readonly RouteDraft[] {
  return [
    ...draft.routes,
    ...listFurtherNames(draft).flatMap((name) => {
      const own = draft.ownRoutes.filter(({ domain }) => domain === name);
      return own.length > 0 ? own : draft.routes.map((route) => routeLike(estate, draft, route, name));
    }),
  ];
}

/** Returns what a route means, as text: an existing rule and a new one of the same path mean the same. */
function describeRoute(estate: Estate, { key: _key, rule, ...rest }: RouteDraft): string {
  const path =
    rule.kind === 'new' ? rule.url : (estate.rules.find(({ id }) => id === rule.ruleId)?.url ?? rule.ruleId);
  return JSON.stringify(Object.entries({ ...rest, path }).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns a draft in which those names have no routes of their own whose routes would be made the same. */
export function dropLikeRoutes(estate: Estate, draft: Draft): Draft {
  const whole = anticipatedEstate(estate, draft);
  const made = listAllRoutes(whole, { ...draft, ownRoutes: [] });
  const describe = (routes: readonly RouteDraft[], name: string) =>
    routes.flatMap((route) => (route.domain === name ? [describeRoute(whole, route)] : [])).toSorted();
  const names = new Set(draft.ownRoutes.map(({ domain }) => domain));
  const like = new Set(
    [...names].filter(
      (name) => describe(made, name).join('\n') === describe(draft.ownRoutes, name).join('\n'),
    ),
  );
  return { ...draft, ownRoutes: draft.ownRoutes.filter(({ domain }) => !like.has(domain)) };
}

/** Returns the load balancer that serves a name now, and whether servers or a function answer behind it. */
function findServedBy(estate: Estate, name: string): NameFacts['servedBy'] {
  const balancer = findLoadBalancer(estate, findServing(estate, name) ?? '');
  if (balancer === undefined) return null;
  const rules = listRulesBehind(estate, balancer.id).filter(({ domains }) => domains.includes(name));
  const isFunction = rules.some(({ functions }) => functions.length > 0);
  return {
    loadBalancer: balancer.name === '' ? balancer.id : balancer.name,
    backend: isFunction ? 'function' : 'cvm',
  };
}

/** Returns the facts of the estate about each name of a draft. */
export function listNameFacts(estate: Estate, draft: Draft): readonly NameFacts[] {
  const routes = listAllRoutes(estate, draft);
  const ofRoutes = draft.routes.flatMap(({ domain }) => toPlainName(domain) || []);
  const names = draft.kind === 'switch' ? shownWaves(draft).flatMap((wave) => wave.names) : ofRoutes;
  return [...new Set(names)].map((name): NameFacts => {
    const lacking = routes.find(
      ({ domain, listenerId, loadBalancerId, to }) =>
        domain === name &&
        loadBalancerId !== '' &&
        listenerId === '' &&
        draft.routes.some((route) => route.to === to && route.listenerId !== ''),
    );
    return {
      lacksListenerOn: lacking?.loadBalancerId ?? null,
      name,
      zone: findZone(estate, name)?.name ?? null,
      servedBy: findServedBy(estate, name),
    };
  });
}
