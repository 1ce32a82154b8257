import { isUnread } from '@/lib/estate/gaps';
import { findingsOf } from './finding';
import type { Check, Finding } from './model';
import { fieldOf, partOf } from './routes';

const { pass, block, unknown } = findingsOf(
  'load-balancer-state',
  'https://www.tencentcloud.com/document/product/214/33813',
);

/**
 * All load balancers run, are not stopped, not isolated (unpaid) and not blocked, and their listeners and rules could be
 * read. One that is protected from deletion serves like any other.
 */
export const checkLoadBalancerState: Check = (input) => {
  const seen = new Set<string>();
  return input.routes.flatMap((route): Finding[] => {
    const { id, name, status, isolated, blocked, stopped } = route.loadBalancer;
    if (seen.has(id)) return [];
    seen.add(id);
    const found = { field: fieldOf(route, 'loadBalancerId'), objects: [id], values: { name } };
    const reasons: Finding[] = [];
    if (status !== 'running') reasons.push(block({ ...found, why: 'creating' }));
    if (stopped) reasons.push(block({ ...found, why: 'stopped' }));
    if (isolated) reasons.push(block({ ...found, why: 'isolated' }));
    if (blocked) reasons.push(block({ ...found, why: 'blocked' }));
    if (isUnread(input.estate, partOf(route))) reasons.push(unknown({ ...found, why: 'unread' }));
    return reasons.length > 0 ? reasons : [pass({ ...found, why: 'pass' })];
  });
};
