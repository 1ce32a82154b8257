import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';

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
    const near = input.estate.loadBalancers.find(
      (lb) => lb.region === functionRegion && lb.generation === 'clb',
    );
    const fix = near && {
      label: 'useLoadBalancer',
      values: { name: near.name, region: near.region },
      patch: { field: routeFieldName(resolved, 'loadBalancerId'), value: near.id },
    };
    return block({ ...found, why: 'differs', fix: fix ?? null });
  });
