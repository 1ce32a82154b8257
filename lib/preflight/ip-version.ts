import { findingsOf, sources } from './finding';
import { functionLaneOf } from './lanes';
import type { Check } from './model';
import { suggestLoadBalancer } from './suggest';

const { pass, block, unknown } = findingsOf('ip-version', sources.binding);

/** IPv4 and IPv6 NAT64 instances can take functions, full-chain IPv6 ones can't. */
export const checkIpVersion: Check = (input) => {
  const lane = functionLaneOf(input);
  if (lane === undefined) return [];
  const { id, name, addressFamily } = lane.loadBalancer;
  const found = { field: 'laneB.loadBalancerId', objects: [id] } as const;
  if (addressFamily === 'ipv6-full-chain') {
    return [block({ ...found, why: 'fullChain', values: { name }, fix: suggestLoadBalancer(input, id) })];
  }
  if (addressFamily === 'unknown') {
    return [unknown({ ...found, why: 'unknown', values: { name }, fix: suggestLoadBalancer(input, id) })];
  }
  return [
    pass({ ...found, why: 'pass', values: { family: addressFamily === 'ipv4' ? 'IPv4' : 'IPv6 NAT64' } }),
  ];
};
