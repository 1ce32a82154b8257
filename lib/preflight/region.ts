import { scfBindingSupport } from '@/lib/estate/regions';
import { createFindings, sources } from './finding';
import type { Check, Finding } from './model';
import { listFunctionRoutes, routeFieldName } from './routes';
import { suggestLoadBalancer } from './suggest';

const { pass, warn, block } = createFindings('region', sources.binding);

/** Checks that the load balancer's region supports binding functions. */
export const checkRegion: Check = (input) =>
  listFunctionRoutes(input).map((route): Finding => {
    const { id, name, region } = route.loadBalancer;
    const found = {
      field: routeFieldName(route, 'loadBalancerId'),
      objects: [id],
      values: { region, name },
    } as const;
    const support = scfBindingSupport(region);
    if (support === 'supported') return pass({ ...found, why: 'pass' });
    const fix = suggestLoadBalancer(input, route);
    return support === 'older-docs'
      ? warn({ ...found, why: 'olderDocs', fix })
      : block({ ...found, why: 'unsupported', fix });
  });
