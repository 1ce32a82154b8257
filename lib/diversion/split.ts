import { z } from 'zod';
import { common } from './common';
import { Route, repeatedRoutes } from './route';

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
