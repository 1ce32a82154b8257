import { isUnread } from '@/lib/estate/gaps';
import { judgeIngress } from '@/lib/estate/security-group';
import { targetName } from '@/lib/estate/target';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { listCvmRoutes } from './cvm-routes';

const { pass, warn, block, unknown, outage } = createFindings(
  'target-access',
  'https://www.tencentcloud.com/document/product/214/14733',
);

type ControlApiAddress = Pick<Finding, 'field' | 'objects' | 'values'> & {
  readonly region: string;
  readonly groups: readonly string[];
  readonly port: number;
};

/** Judges whether traffic through the load balancer passes its security groups or those of one of its targets. */
function judge(
  input: CheckInput,
  resolved: ResolvedRoute,
  { region, groups, port, ...found }: ControlApiAddress,
): Finding {
  const { estate } = input;
  const isLed = isLedTo(input, resolved);
  const values = { ...found.values, groups: groups.join(', '), port };
  const known = groups.map((id) =>
    estate.securityGroups.find((each) => each.id === id && each.region === region),
  );
  const isRead = groups.every((id) => !isUnread(estate, `security-groups/${region}/${id}`));
  const rules = known.filter((group) => group !== undefined);
  if (!isRead || rules.length < groups.length) return unknown({ ...found, why: 'rulesUnread', values });
  switch (judgeIngress(rules, port)) {
    case 'open':
      return pass({ ...found, why: 'open', values });
    case 'partly':
      return isLed
        ? outage({
            ...found,
            why: 'partly',
            values,
            domain: resolved.hostName,
            loss: `${values.groups} ${found.objects.join()} ${port}`,
          })
        : warn({ ...found, why: 'partly', values });
    case 'closed':
      return isLed ? block({ ...found, why: 'closed', values }) : warn({ ...found, why: 'closed', values });
    case 'unknown':
      return unknown({ ...found, why: 'template', values });
  }
}

/**
 * Each target that the plan adds gets what comes through the load balancer: the security groups of the load balancer
 * let clients in, and so do those of the target unless the load balancer passes traffic by them.
 */
export const checkTargetAccess: Check = (input) =>
  listCvmRoutes(input).flatMap(({ resolved, added }): readonly Finding[] => {
    if (added.length === 0) return [];
    const { loadBalancer, listener } = resolved;
    const { name, region, passToTarget, securityGroups } = loadBalancer;
    const objects = added.map(targetName);
    const values = { name, rule: ruleName(resolved), holder: name, own: 'yes' };
    const found = { field: routeFieldName(resolved, 'addTargets'), objects, values };
    if (passToTarget === null || securityGroups === null) return [unknown({ ...found, why: 'unread' })];
    const ofBalancer =
      securityGroups.length === 0
        ? []
        : [judge(input, resolved, { ...found, region, groups: securityGroups, port: listener.port })];
    if (passToTarget) return ofBalancer.length > 0 ? ofBalancer : [pass({ ...found, why: 'pass' })];
    const ofTargets = added.flatMap(({ instanceId, eniIp, port }): readonly Finding[] => {
      if (eniIp !== undefined) {
        const address = { name, address: eniIp, port };
        return [unknown({ ...found, objects: [eniIp], why: 'addressGroups', values: address })];
      }
      const instance = input.estate.instances.find(({ id }) => id === instanceId);
      // `cvm-targets` reports one that is missing or in another region.
      if (instance === undefined) return [];
      const { securityGroups: groups } = instance;
      const about = {
        ...found,
        objects: [instance.id],
        values: { ...values, holder: instance.name, own: 'no' },
      };
      if (groups === null) return [unknown({ ...about, why: 'unread' })];
      if (groups.length === 0) return [pass({ ...about, why: 'noGroups' })];
      return [judge(input, resolved, { ...about, region: instance.region, groups, port })];
    });
    return [...ofBalancer, ...ofTargets];
  });
