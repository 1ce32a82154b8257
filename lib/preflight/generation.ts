import { createFindings, sources } from './finding';
import type { Check, Finding } from './model';
import { listFunctionRoutes, routeFieldName } from './routes';
import { suggestLoadBalancer } from './suggest';

const { pass, block } = createFindings('generation', sources.binding);

/** Checks the generation: classic load balancers can't take functions. */
export const checkGeneration: Check = (input) =>
  listFunctionRoutes(input).map((route): Finding => {
    const { id, name, generation } = route.loadBalancer;
    const found = {
      field: routeFieldName(route, 'loadBalancerId'),
      objects: [id],
      values: { name, id },
    } as const;
    return generation === 'clb'
      ? pass({ ...found, why: 'pass' })
      : block({ ...found, why: 'classic', fix: suggestLoadBalancer(input, route) });
  });
