import { findingsOf } from './finding';
import { functionLaneOf } from './lanes';
import type { Check } from './model';

const { pass, warn } = findingsOf('reachability', null);

/** Whether the run can ask the new route before DNS moves. A route that can't be asked holds the run at its probe. */
export const checkReachability: Check = (input) => {
  const lane = functionLaneOf(input);
  if (lane === undefined) return [];
  const { id, name, network } = lane.loadBalancer;
  const found = { objects: [id], values: { name, port: lane.listener.port } };
  if (network === 'INTERNAL') return [warn({ ...found, field: 'laneB.loadBalancerId', why: 'internal' })];
  if (lane.listener.protocol === 'HTTPS')
    return [warn({ ...found, field: 'laneB.listenerId', why: 'https' })];
  return [pass({ ...found, field: 'laneB.loadBalancerId', why: 'pass' })];
};
