import { findingsOf, sources } from './finding';
import { functionLaneOf } from './lanes';
import type { Check } from './model';
import { suggestLoadBalancer } from './suggest';

const { pass, block } = findingsOf('network', sources.binding);

/** Load balancers on the classic network (outside every VPC) can't take functions. */
export const checkNetwork: Check = (input) => {
  const lane = functionLaneOf(input);
  if (lane === undefined) return [];
  const { id, name, vpcId } = lane.loadBalancer;
  const found = { field: 'laneB.loadBalancerId', objects: [id] } as const;
  return vpcId !== null
    ? [pass({ ...found, why: 'pass', values: { name, vpc: vpcId } })]
    : [block({ ...found, why: 'classicNetwork', values: { name }, fix: suggestLoadBalancer(input, id) })];
};
