import { z } from 'zod';
import { common } from './common';
import { FunctionRoute, Route, type RouteField, repeatedRoutes } from './route';
import { SwitchDiversion } from './switch';

/** Split: some domains stay with their CVM targets, others go to functions. */
export const SplitDiversion = z
  .object({ kind: z.literal('split'), ...common, routes: z.array(Route).max(40, 'routes.tooMany') })
  .superRefine(({ routes }, context) => {
    for (const to of ['cvm', 'function'] as const)
      if (!routes.some((route) => route.to === to))
        context.addIssue({ code: 'custom', message: `routes.${to}Missing`, path: ['routes'] });
    for (const index of repeatedRoutes(routes))
      context.addIssue({ code: 'custom', message: 'routes.twice', path: ['routes', index, 'rule'] });
  });
export type SplitDiversion = z.infer<typeof SplitDiversion>;

/** Access: a function is published on a domain and path. */
export const AccessDiversion = z
  .object({
    kind: z.literal('access'),
    ...common,
    routes: z.array(FunctionRoute).min(1, 'routes.functionMissing').max(40, 'routes.tooMany'),
  })
  .superRefine(({ routes }, context) => {
    for (const index of repeatedRoutes(routes))
      context.addIssue({ code: 'custom', message: 'routes.twice', path: ['routes', index, 'rule'] });
  });
export type AccessDiversion = z.infer<typeof AccessDiversion>;

/** An operator's intent, of any kind. */
export const Diversion = z.discriminatedUnion('kind', [AccessDiversion, SplitDiversion, SwitchDiversion]);
export type Diversion = z.infer<typeof Diversion>;

/** Identifies a stored diversion: `D-0001`, `D-0002`, … */
export const DiversionId = z.string().min(1).brand<'DiversionId'>();
export type DiversionId = z.infer<typeof DiversionId>;

/** Field paths of a diversion, so that a check can point at the control that fixes it. */
export type DiversionField =
  | 'name'
  | 'lowerTtlS'
  | 'expectedPeakRps'
  | 'prewarmS'
  | 'ramp'
  | 'routes'
  | 'waves'
  | `creates.${string}`
  | RouteField;
