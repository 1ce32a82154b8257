import { isUnread } from '@/lib/estate/gaps';
import { findingsOf } from './finding';
import { lanesOf, partOf } from './lanes';
import type { Check, Finding } from './model';

const { pass, block, unknown } = findingsOf(
  'load-balancer-state',
  'https://www.tencentcloud.com/document/product/214/33813',
);

/** Both load balancers run, are not isolated (unpaid) and not blocked, and their listeners and rules could be read. */
export const checkLoadBalancerState: Check = (input) =>
  lanesOf(input).flatMap((lane): Finding[] => {
    const { id, name, status, isolated, blocked } = lane.loadBalancer;
    const found = { field: `${lane.prefix}.loadBalancerId`, objects: [id], values: { name } } as const;
    const reasons: Finding[] = [];
    if (status !== 'running') reasons.push(block({ ...found, why: 'creating' }));
    if (isolated) reasons.push(block({ ...found, why: 'isolated' }));
    if (blocked) reasons.push(block({ ...found, why: 'blocked' }));
    if (isUnread(input.estate, partOf(lane))) reasons.push(unknown({ ...found, why: 'unread' }));
    return reasons.length > 0 ? reasons : [pass({ ...found, why: 'pass' })];
  });
