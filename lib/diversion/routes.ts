import type { Diversion } from './diversion';
import type { FunctionRoute, Route } from './route';
import type { Wave } from './wave';

export const diversionKinds = ['access', 'switch', 'split'] as const satisfies readonly Diversion['kind'][];

/** A route with its index in the list, which names its fields. */
export type Placed<R extends Route = Route> = { readonly index: number; readonly route: R };

/** Returns the routes of a diversion that lead to functions. */
export function functionRoutes(diversion: Pick<Diversion, 'routes'>): readonly Placed<FunctionRoute>[] {
  return diversion.routes.flatMap((route, index) => (route.to === 'function' ? [{ index, route }] : []));
}

/** Returns the names whose traffic a diversion moves, each once: those that lead to functions, of a Switch all. */
export function listMovedNames(diversion: Diversion): readonly string[] {
  const moving = diversion.routes.filter(({ to }) => diversion.kind === 'switch' || to === 'function');
  return [...new Set(moving.map(({ domain }) => domain))];
}

/** Returns the waves in which the names of a diversion move; empty = all move at once. */
export function listWaves(diversion: Diversion): readonly Wave[] {
  return diversion.kind === 'switch' ? (diversion.waves ?? []) : [];
}

/** Returns the domain whose traffic a diversion moves, which people type to confirm it. Of several, the first. */
export function movedDomain(diversion: Diversion): string {
  return functionRoutes(diversion)[0]?.route.domain ?? diversion.routes[0]?.domain ?? '';
}
