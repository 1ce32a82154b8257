import { scfBindingSupport } from '@/lib/estate/regions';
import { findingsOf, sources } from './finding';
import { functionLaneOf } from './lanes';
import type { Check } from './model';
import { suggestLoadBalancer } from './suggest';

const { pass, warn, block } = findingsOf('region', sources.binding);

/** The load balancer's region must offer binding functions. */
export const checkRegion: Check = (input) => {
  const lane = functionLaneOf(input);
  if (lane === undefined) return [];
  const { id, name, region } = lane.loadBalancer;
  const found = { field: 'laneB.loadBalancerId', objects: [id], values: { region, name } } as const;
  switch (scfBindingSupport(region)) {
    case 'supported':
      return [pass({ ...found, why: 'pass' })];
    case 'older-docs':
      return [warn({ ...found, why: 'olderDocs', fix: suggestLoadBalancer(input, id) })];
    case 'unsupported':
      return [block({ ...found, why: 'unsupported', fix: suggestLoadBalancer(input, id) })];
  }
};
