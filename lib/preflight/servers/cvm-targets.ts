import type { CvmRoute } from '@/lib/diversion/route';
import { findInstance } from '@/lib/estate/look-up';
import type { Estate, Instance } from '@/lib/estate/model';
import { type TargetKey, targetName } from '@/lib/estate/target';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, ruleName } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown } = createFindings(
  'cvm-targets',
  'https://www.tencentcloud.com/document/product/214/33847',
);

/**
 * The server that a target is, or whose address is bound: VPCs may have the same addresses, so only the load balancer's
 * counts.
 */
function serverOf(
  estate: Estate,
  { loadBalancer: { region, vpcId } }: ResolvedRoute<CvmRoute>,
  { instanceId, eniIp }: TargetKey,
): Instance | undefined {
  if (eniIp === undefined) return findInstance(estate, instanceId);
  return estate.instances.find(
    (each) => each.region === region && each.vpcId === vpcId && each.privateIps.includes(eniIp),
  );
}

function findingsOfRoute({ estate }: CheckInput, resolved: ResolvedRoute<CvmRoute>): readonly Finding[] {
  const rule = ruleName(resolved);
  const targets = [...(resolved.rule?.targets ?? []), ...resolved.route.addTargets];
  const found = {
    field: routeFieldName(resolved, 'addTargets'),
    objects: targets.map(targetName),
    values: { rule },
  };
  if (targets.length === 0) return [block({ ...found, why: 'none' })];

  const reasons = targets.flatMap((target): Finding[] => {
    const id = targetName(target);
    const about = { ...found, objects: [id], values: { instance: id } };
    const instance = serverOf(estate, resolved, target);
    // An address may be of a pod or of another network: it need not be of a known server, and the load balancer's
    // checks cover it.
    if (instance === undefined)
      return target.eniIp === undefined ? [unknown({ ...about, why: 'unread' })] : [];
    const { name, state, region, privateIps } = instance;
    const named = { ...about, values: { instance: name, state, region } };
    if (resolved.route.addTargets.some((added) => added === target) && privateIps[0] === target.eniIp)
      return [block({ ...about, why: 'primaryAddress', values: { instance: name, address: id } })];
    if (region !== resolved.loadBalancer.region) return [block({ ...named, why: 'otherRegion' })];
    return state === 'RUNNING' ? [] : [warn({ ...named, why: 'notRunning' })];
  });
  return reasons.length > 0
    ? reasons
    : [pass({ ...found, why: 'pass', values: { rule, targets: targets.length } })];
}

/**
 * Checks that each CVM route reaches something: targets are bound or added, servers among them run in the load
 * balancer's region, and a server is not added by its primary address, which the cloud may list as the server itself.
 */
export const checkCvmTargets: Check = (input) =>
  input.routes.flatMap((resolved) => {
    const { route } = resolved;
    return route.to === 'cvm' ? findingsOfRoute(input, { ...resolved, route }) : [];
  });
