import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { suggestLoadBalancer } from '@/lib/preflight/model/suggest';

const { pass, block } = createFindings('network', sources.binding);

/** Checks the network: load balancers on the classic network (outside every VPC) can't take functions. */
export const checkNetwork: Check = (input) =>
  listFunctionRoutes(input).map((route): Finding => {
    const { id, name, vpcId } = route.loadBalancer;
    const found = { field: routeFieldName(route, 'loadBalancerId'), objects: [id] } as const;
    return vpcId !== null
      ? pass({ ...found, why: 'pass', values: { name, vpc: vpcId } })
      : block({ ...found, why: 'classicNetwork', values: { name }, fix: suggestLoadBalancer(input, route) });
  });
