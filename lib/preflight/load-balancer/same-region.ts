import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { suggestLoadBalancer } from '@/lib/preflight/model/suggest';

const { pass, block } = createFindings('same-region', sources.binding);

/**
 * Checks that function and load balancer are in the same region: different VPCs are supported, different regions are
 * not.
 */
export const checkSameRegion: Check = (input) =>
  listFunctionRoutes(input).map((resolved): Finding => {
    const { region: functionRegion, name } = resolved.route.function;
    const { id, region } = resolved.loadBalancer;
    const found = {
      field: routeFieldName(resolved, 'function'),
      objects: [id, name],
      values: { function: name, functionRegion, region, loadBalancer: resolved.loadBalancer.name },
    };
    if (functionRegion === region) return pass({ ...found, why: 'pass' });
    // One of yet another region would be blocked in the same way.
    const near = suggestLoadBalancer(input, resolved);
    const fix = near?.values.region === functionRegion ? near : null;
    return block({ ...found, why: 'differs', fix });
  });
