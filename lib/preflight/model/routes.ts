import type { FunctionRoute } from '@/lib/diversion/route';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import type { CheckInput } from './model';

/** Returns the part of the estate that contains a route's listeners and rules. */
export function clbPart({ loadBalancer }: Pick<ResolvedRoute, 'loadBalancer'>): `clb/${string}` {
  return `clb/${loadBalancer.region}/${loadBalancer.id}`;
}

function isFunctionRoute(resolved: ResolvedRoute): resolved is ResolvedRoute<FunctionRoute> {
  return resolved.route.to === 'function';
}

/** Returns the routes that bind a function. */
export function listFunctionRoutes({ routes }: CheckInput): readonly ResolvedRoute<FunctionRoute>[] {
  return routes.filter(isFunctionRoute);
}

/** Returns the field of a route's choice. */
export function routeFieldName<C extends string>({ index }: Pick<ResolvedRoute, 'index'>, choice: C) {
  return `routes.${index}.${choice}` as const;
}

/** Returns the routes of each name, in the order in which names first appear. */
export function routesByName({ routes }: CheckInput): readonly (readonly ResolvedRoute[])[] {
  const names = [...new Set(routes.map(({ hostName }) => hostName))];
  return names.map((name) => routes.filter(({ hostName }) => hostName === name));
}

/** Returns the display name of a rule. */
export function ruleName({ ref }: Pick<ResolvedRoute, 'ref'>): string {
  return `${ref.domain}${ref.url}`;
}
