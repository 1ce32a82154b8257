import type { FunctionRoute } from '@/lib/diversion/route';
import type { ResolvedRoute } from '@/lib/plan/resolve-route';
import type { CheckInput } from './model';

/** The part of the estate that holds a route's listeners and rules. */
export function partOf({ loadBalancer }: Pick<ResolvedRoute, 'loadBalancer'>): `clb/${string}` {
  return `clb/${loadBalancer.region}/${loadBalancer.id}`;
}

function isFunctionRoute(resolved: ResolvedRoute): resolved is ResolvedRoute<FunctionRoute> {
  return resolved.route.to === 'function';
}

/** The routes that a function is bound in. */
export function functionRoutesOf({ routes }: CheckInput): readonly ResolvedRoute<FunctionRoute>[] {
  return routes.filter(isFunctionRoute);
}

/** The field of a route's choice. */
export function fieldOf<C extends string>({ index }: Pick<ResolvedRoute, 'index'>, choice: C) {
  return `routes.${index}.${choice}` as const;
}

/** The routes of each name, in the order in which names first appear. */
export function routesByName({ routes }: CheckInput): readonly (readonly ResolvedRoute[])[] {
  const names = [...new Set(routes.map(({ hostName }) => hostName))];
  return names.map((name) => routes.filter(({ hostName }) => hostName === name));
}

/** A rule as people name it. */
export function ruleName({ ref }: Pick<ResolvedRoute, 'ref'>): string {
  return `${ref.domain}${ref.url}`;
}
