import { isPartlyUnread } from '@/lib/estate/gaps';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { clbPart, routeFieldName } from '@/lib/preflight/model/routes';

const { pass, block, unknown } = createFindings(
  'load-balancer-state',
  'https://www.tencentcloud.com/document/product/214/33813',
);

/**
 * Returns findings on protected objects that the plan or its rollback would delete: the cloud rejects that, and the run
 * would be stopped there.
 */
function protectedOnes({ before, steps, rollback }: CheckInput): readonly Finding[] {
  const deleted = [...steps, ...rollback].flatMap((step) =>
    step.kind === 'write' && step.call.action === 'DeleteLoadBalancer' && step.object.kind === 'loadBalancer'
      ? [step.object]
      : [],
  );
  return before.loadBalancers
    .filter(({ deleteProtected }) => deleteProtected === true)
    .filter(({ name, region, connectionId }) =>
      deleted.some(
        (each) => each.name === name && each.region === region && each.connectionId === connectionId,
      ),
    )
    .map(({ id, name }) => block({ field: null, objects: [id], why: 'protected', values: { name } }));
}

/**
 * Checks that all load balancers run, are not stopped, not isolated (unpaid) and not blocked, and that their listeners
 * and rules could be read. A deletion-protected one serves traffic, but the plan can't delete it.
 */
export const checkLoadBalancerState: Check = (input) => {
  const seen = new Set<string>();
  const states = input.routes.flatMap((route): Finding[] => {
    const { id, name, status, isolated, blocked, stopped } = route.loadBalancer;
    if (seen.has(id)) return [];
    seen.add(id);
    const found = { field: routeFieldName(route, 'loadBalancerId'), objects: [id], values: { name } };
    const reasons: Finding[] = [];
    if (status !== 'running') reasons.push(block({ ...found, why: 'creating' }));
    if (stopped) reasons.push(block({ ...found, why: 'stopped' }));
    if (isolated) reasons.push(block({ ...found, why: 'isolated' }));
    if (blocked) reasons.push(block({ ...found, why: 'blocked' }));
    if (isPartlyUnread(input.estate, clbPart(route))) reasons.push(unknown({ ...found, why: 'unread' }));
    return reasons.length > 0 ? reasons : [pass({ ...found, why: 'pass' })];
  });
  return [...states, ...protectedOnes(input)];
};
