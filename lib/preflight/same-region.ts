import { findingsOf, sources } from './finding';
import { functionLaneOf } from './lanes';
import type { Check } from './model';

const { pass, block } = findingsOf('same-region', sources.binding);

/** Across VPCs yes, across regions no: function and load balancer share one region. */
export const checkSameRegion: Check = (input) => {
  const lane = functionLaneOf(input);
  if (lane === undefined) return [];
  const { region: functionRegion, name } = input.diversion.laneB.function;
  const { id, region } = lane.loadBalancer;
  const found = {
    field: 'laneB.function',
    objects: [id, name],
    values: { function: name, functionRegion, region, loadBalancer: lane.loadBalancer.name },
  } as const;
  if (functionRegion === region) return [pass({ ...found, why: 'pass' })];
  const near = input.estate.loadBalancers.find(
    (lb) => lb.region === functionRegion && lb.generation === 'clb',
  );
  const fix = near && {
    label: 'useLoadBalancer',
    values: { name: near.name, region: near.region },
    patch: { field: 'laneB.loadBalancerId', value: near.id } as const,
  };
  return [block({ ...found, why: 'differs', fix: fix ?? null })];
};
