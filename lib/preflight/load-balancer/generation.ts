import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { suggestLoadBalancer } from '@/lib/preflight/model/suggest';

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
