import { findingsOf } from './finding';
import { lanesOf } from './lanes';
import type { Check, Finding } from './model';

const { pass, block } = findingsOf(
  'load-balancer-state',
  'https://www.tencentcloud.com/document/product/214/33813',
);

/** Both load balancers run, are not isolated (unpaid) and not blocked. */
export const checkLoadBalancerState: Check = (input) =>
  lanesOf(input).flatMap((lane): Finding[] => {
    const { id, name, status, isolated, blocked } = lane.loadBalancer;
    const found = { field: `${lane.prefix}.loadBalancerId`, objects: [id], values: { name } } as const;
    const reasons: Finding[] = [];
    if (status !== 'running') reasons.push(block({ ...found, why: 'creating' }));
    if (isolated) reasons.push(block({ ...found, why: 'isolated' }));
    if (blocked) reasons.push(block({ ...found, why: 'blocked' }));
    return reasons.length > 0 ? reasons : [pass({ ...found, why: 'pass' })];
  });
