import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { targetName } from '@/lib/estate/target';
import type { RouteDraft } from './draft';
import { findInstanceProblem } from './find-ineligible';
import { listBoundTargets } from './rule-draft';

/** The cloud's default weight of a target. https://www.tencentcloud.com/document/api/214/33829 */
const targetWeightDefault = 10;

const portDefault = 80;

/**
 * Returns the route with one more target: the first server of its region that can serve and that it has not, otherwise
 * any other one, otherwise an address to type.
 */
export function addTarget(estate: Estate, route: RouteDraft): RouteDraft {
  if (route.to !== 'cvm') return route;
  const bound = listBoundTargets(estate, route.rule);
  const names = bound.map(targetName);
  const region = findLoadBalancer(estate, route.loadBalancerId)?.region;
  const others = estate.instances
    .filter(({ id }) => !route.addTargets.some(({ instanceId }) => instanceId === id))
    .filter((instance) => instance.region === region)
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const unused = others.find((instance) => findInstanceProblem(instance, names) === null) ?? others[0];
  const name = unused === undefined ? { eniIp: '' } : { instanceId: unused.id };
  const port = bound[0]?.port ?? portDefault;
  return { ...route, addTargets: [...route.addTargets, { ...name, port, weight: targetWeightDefault }] };
}
