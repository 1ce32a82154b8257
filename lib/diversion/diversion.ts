import { z } from 'zod';
import { AccessDiversion } from './access';
import type { FunctionRoute, Route, RouteField } from './route';
import { SplitDiversion } from './split';
import { SwitchDiversion } from './switch';

/** An operator's intent, of any kind. */
export const Diversion = z.discriminatedUnion('kind', [AccessDiversion, SplitDiversion, SwitchDiversion]);
export type Diversion = z.infer<typeof Diversion>;

export const diversionKinds = ['access', 'switch', 'split'] as const satisfies readonly Diversion['kind'][];

/** Field paths of a diversion, so that a check can point at the control that fixes it. */
export type DiversionField =
  | 'name'
  | 'lowerTtlS'
  | 'expectedPeakRps'
  | 'ramp'
  | 'routes'
  | `creates.${string}`
  | RouteField;

/** A route with its index in the list, which names its fields. */
export type Placed<R extends Route = Route> = { readonly index: number; readonly route: R };

/** Returns the routes of a diversion that lead to functions. */
export function functionRoutes(diversion: Pick<Diversion, 'routes'>): readonly Placed<FunctionRoute>[] {
  return diversion.routes.flatMap((route, index) => (route.to === 'function' ? [{ index, route }] : []));
}
