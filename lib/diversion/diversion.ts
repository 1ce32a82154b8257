import { z } from 'zod';
import { AccessDiversion } from './access';
import type { FunctionRoute, Route, RouteField } from './route';
import { SplitDiversion } from './split';
import { SwitchDiversion } from './switch';

/** What an operator wants, of any kind. */
export const Diversion = z.discriminatedUnion('kind', [AccessDiversion, SplitDiversion, SwitchDiversion]);
export type Diversion = z.infer<typeof Diversion>;

export const diversionKinds = ['access', 'switch', 'split'] as const satisfies readonly Diversion['kind'][];

/** Field paths of a diversion, so that a check can point at the control that mends it. */
export type DiversionField =
  | 'name'
  | 'lowerTtlS'
  | 'expectedPeakRps'
  | 'ramp'
  | 'routes'
  | `creates.${string}`
  | RouteField;

/** A route with its place in the list, which its fields are named by. */
export type Placed<R extends Route = Route> = { readonly index: number; readonly route: R };

/** The routes of a diversion that lead to functions. */
export function functionRoutes(diversion: Pick<Diversion, 'routes'>): readonly Placed<FunctionRoute>[] {
  return diversion.routes.flatMap((route, index) => (route.to === 'function' ? [{ index, route }] : []));
}
