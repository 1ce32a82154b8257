import type { CvmRoute } from '@/lib/diversion/route';
import { findInstance } from '@/lib/estate/look-up';
import type { ResolvedRoute } from '@/lib/plan/resolve-route';
import { findingsOf } from './finding';
import type { Check, CheckInput, Finding } from './model';
import { fieldOf, ruleName } from './routes';

const { pass, warn, block, unknown } = findingsOf(
  'cvm-targets',
  'https://www.tencentcloud.com/document/product/214/33847',
);

function findingsOfRoute({ estate }: CheckInput, resolved: ResolvedRoute<CvmRoute>): readonly Finding[] {
  const rule = ruleName(resolved);
  const ids = [...(resolved.rule?.targets ?? []), ...resolved.route.addTargets].map((t) => t.instanceId);
  const found = { field: fieldOf(resolved, 'addTargets'), objects: ids, values: { rule } };
  if (ids.length === 0) return [block({ ...found, why: 'none' })];

  const reasons = ids.flatMap((id): Finding[] => {
    const instance = findInstance(estate, id);
    const about = { ...found, objects: [id], values: { instance: id } };
    if (instance === undefined) return [unknown({ ...about, why: 'unread' })];
    const { name, state, region } = instance;
    const named = { ...about, values: { instance: name, state, region } };
    if (region !== resolved.loadBalancer.region) return [block({ ...named, why: 'otherRegion' })];
    return state === 'RUNNING' ? [] : [warn({ ...named, why: 'notRunning' })];
  });
  return reasons.length > 0
    ? reasons
    : [pass({ ...found, why: 'pass', values: { rule, targets: ids.length } })];
}

/** Each CVM route reaches running instances: some are bound or added, all of them of the load balancer's region. */
export const checkCvmTargets: Check = (input) =>
  input.routes.flatMap((resolved) => {
    const { route } = resolved;
    return route.to === 'cvm' ? findingsOfRoute(input, { ...resolved, route }) : [];
  });
