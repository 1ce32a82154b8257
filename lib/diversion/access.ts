import { z } from 'zod';
import { common } from './common';
import { FunctionRoute, repeatedRoutes } from './route';

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
