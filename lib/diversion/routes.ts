import type { Diversion } from './diversion';
import { formatNames } from './format-names';
import type { FunctionRoute, Route } from './route';
import type { Wave } from './wave';

export const diversionKinds = ['access', 'switch', 'split'] as const satisfies readonly Diversion['kind'][];

/** A route with its index in the list, which names its fields. */
export type Placed<R extends Route = Route> = { readonly index: number; readonly route: R };

/** Returns the routes of a diversion to functions. */
export function functionRoutes(diversion: Pick<Diversion, 'routes'>): readonly Placed<FunctionRoute>[] {
  return diversion.routes.flatMap((route, index) => (route.to === 'function' ? [{ index, route }] : []));
}

/** Returns the domains of some routes, each once. */
export function listDomains(routes: readonly { readonly domain: string }[]): readonly string[] {
  return [...new Set(routes.map(({ domain }) => domain))];
}

/** Returns the names whose traffic a diversion moves, each once: those routed to functions; for a Switch all. */
export function listMovedNames(diversion: Diversion): readonly string[] {
  const moving = diversion.routes.filter(({ to }) => diversion.kind === 'switch' || to === 'function');
  return [...new Set(moving.map(({ domain }) => domain))];
}

/** Returns the waves in which the names of a diversion move; empty = all move at once. */
export function listWaves(diversion: Diversion): readonly Wave[] {
  return diversion.kind === 'switch' ? (diversion.waves ?? []) : [];
}

/**
 * Returns the text that people type to confirm that traffic of a real account moves: the domain, and of several the
 * first with how many others move (`shop.example.com +3`), so that one name never confirms a move of more.
 */
export function confirmationText(diversion: Diversion): string {
  return formatNames(listMovedNames(diversion));
}

/** Returns the domain whose traffic a diversion moves. Of several, the first. */
export function movedDomain(diversion: Diversion): string {
  return functionRoutes(diversion)[0]?.route.domain ?? diversion.routes[0]?.domain ?? '';
}
