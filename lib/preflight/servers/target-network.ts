import { isNetwork, isWithinNetwork } from '@/lib/estate/address';
import type { Instance } from '@/lib/estate/model';
import { targetName } from '@/lib/estate/target';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { listCvmRoutes } from './cvm-routes';

const { pass, block, unknown } = createFindings(
  'target-network',
  'https://cloud.tencent.com/document/api/214/30676',
);

/** The blocks of a VPC and its subnets, which may be of further blocks of it; none where it could not be read. */
function blocksOf({ estate }: CheckInput, vpcId: string): readonly string[] {
  const vpc = estate.vpcs.filter(({ id }) => id === vpcId);
  const subnets = estate.subnets.filter((subnet) => subnet.vpcId === vpcId);
  return [...vpc, ...subnets].map(({ cidr }) => cidr).filter(isNetwork);
}

/**
 * Checks that targets that the plan adds are in the VPC of their load balancer. One of another VPC needs a load
 * balancer that reaches across (by CCN); that isn't read, so it is taken to be there only where the rule has such a
 * target already. An address belongs to the VPC whose block or subnets hold it.
 */
export const checkTargetNetwork: Check = (input) => {
  const routes = listCvmRoutes(input).filter(({ added }) => added.length > 0);
  if (routes.length === 0) return [];
  const instances = new Map<string, Instance>(input.estate.instances.map((each) => [each.id, each]));
  return routes.flatMap(({ resolved, bound, added }): Finding[] => {
    const { vpcId: own, name } = resolved.loadBalancer;
    const findVpc = (id: string | undefined) => (id === undefined ? undefined : instances.get(id)?.vpcId);
    const reached = new Set(bound.flatMap(({ instanceId }) => findVpc(instanceId) ?? []));
    const acrossVpcs = bound.some(({ kind }) => kind === 'CCN');
    const field = routeFieldName(resolved, 'addTargets');
    const foreign = added.flatMap(({ instanceId, eniIp }): Finding[] => {
      if (eniIp !== undefined) {
        if (own === null || acrossVpcs) return [];
        const found = { field, objects: [eniIp], values: { address: eniIp, name, own } };
        const blocks = blocksOf(input, own);
        // IPv6 blocks of a VPC are not read.
        if (blocks.length === 0 || eniIp.includes(':')) return [unknown({ ...found, why: 'addressUnread' })];
        const isInside = blocks.some((cidr) => isWithinNetwork(eniIp, cidr));
        return isInside ? [] : [block({ ...found, why: 'addressOutside' })];
      }
      const instance = instances.get(instanceId);
      // `cvm-targets` reports instances that could not be read, or are elsewhere, as well as the classic network.
      if (instance === undefined || own === null || instance.region !== resolved.loadBalancer.region)
        return [];
      if (instance.vpcId === own || acrossVpcs || reached.has(instance.vpcId ?? '')) return [];
      const values = { instance: instance.name, vpc: instance.vpcId ?? '-', name, own };
      return [block({ field, objects: [instanceId], why: 'otherVpc', values })];
    });
    if (foreign.length > 0) return foreign;
    const objects = added.map(targetName);
    return [pass({ field, objects, why: 'pass', values: { rule: ruleName(resolved), name } })];
  });
};
