import type { Instance } from '@/lib/estate/model';
import { cvmRoutesOf } from './cvm-routes';
import { findingsOf } from './finding';
import type { Check, Finding } from './model';
import { fieldOf, ruleName } from './routes';

const { pass, block } = findingsOf('target-network', 'https://cloud.tencent.com/document/api/214/30676');

/**
 * Targets that the plan adds are in the VPC of their load balancer. One of another VPC needs a load balancer that reaches
 * across (by CCN); that isn't read, so it is taken to be there only where the rule has such a target already.
 */
export const checkTargetNetwork: Check = (input) => {
  const routes = cvmRoutesOf(input).filter(({ added }) => added.length > 0);
  if (routes.length === 0) return [];
  const instances = new Map<string, Instance>(input.estate.instances.map((each) => [each.id, each]));
  return routes.flatMap(({ resolved, bound, added }): Finding[] => {
    const { vpcId: own, name } = resolved.loadBalancer;
    const vpcOf = (id: string) => instances.get(id)?.vpcId;
    const reached = new Set(bound.map(({ instanceId }) => vpcOf(instanceId)));
    const acrossVpcs = bound.some(({ kind }) => kind === 'CCN');
    const field = fieldOf(resolved, 'addTargets');
    const foreign = added.flatMap(({ instanceId }): Finding[] => {
      const instance = instances.get(instanceId);
      // Instances that could not be read, or are elsewhere, are the business of `cvm-targets`; so is the classic network.
      if (instance === undefined || own === null || instance.region !== resolved.loadBalancer.region)
        return [];
      if (instance.vpcId === own || acrossVpcs || reached.has(instance.vpcId)) return [];
      const values = { instance: instance.name, vpc: instance.vpcId ?? '-', name, own };
      return [block({ field, objects: [instanceId], why: 'otherVpc', values })];
    });
    if (foreign.length > 0) return foreign;
    const objects = added.map(({ instanceId }) => instanceId);
    return [pass({ field, objects, why: 'pass', values: { rule: ruleName(resolved), name } })];
  });
};
