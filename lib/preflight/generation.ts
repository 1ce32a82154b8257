import { findingsOf, sources } from './finding';
import { functionLaneOf } from './lanes';
import type { Check } from './model';
import { suggestLoadBalancer } from './suggest';

const { pass, block } = findingsOf('generation', sources.binding);

/** Classic load balancers can't take functions. */
export const checkGeneration: Check = (input) => {
  const lane = functionLaneOf(input);
  if (lane === undefined) return [];
  const { id, name, generation } = lane.loadBalancer;
  const found = { field: 'laneB.loadBalancerId', objects: [id], values: { name, id } } as const;
  return generation === 'clb'
    ? [pass({ ...found, why: 'pass' })]
    : [block({ ...found, why: 'classic', fix: suggestLoadBalancer(input, id) })];
};
