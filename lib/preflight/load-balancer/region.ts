import { scfBindingSupport } from '@/lib/estate/facts/regions';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { suggestLoadBalancer } from '@/lib/preflight/model/suggest';

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
