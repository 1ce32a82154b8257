import { isUnread } from '@/lib/estate/gaps';
import type { IngressRule, SecurityGroup } from '@/lib/estate/network-model';
import { targetName } from '@/lib/estate/target';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { listCvmRoutes } from './cvm-routes';

/**
 * The clients that a group allows: all, some addresses, or none; unknown = a template or another group decides.
 */
type Ingress = 'open' | 'partly' | 'closed' | 'unknown';

const everyone = '0.0.0.0/0';

/** Returns whether a rule applies to a TCP port; null = its template decides. */
function isAbout({ protocol, ports }: IngressRule, port: number): boolean | null {
  if (protocol === null) return null;
  if (protocol !== 'ALL' && protocol !== 'TCP') return false;
  return ports.split(',').some((part) => {
    const text = part.trim();
    if (text.toUpperCase() === 'ALL') return true;
    const [from = Number.NaN, to = from] = text.split('-').map(Number);
    return port >= from && port <= to;
  });
}

/**
 * Returns who may reach a TCP port by IPv4 through the security groups of one load balancer or server, in the order in
 * which they are bound. Rules are evaluated from the top, the first match applies, and traffic without a match is
 * refused: https://www.tencentcloud.com/document/product/213/12452. A source that is not everyone counts as some
 * addresses, so the result may be `partly` even if overlapping rules cover all or no addresses.
 */
export function judgeIngress(groups: readonly SecurityGroup[], port: number): Ingress {
  let acceptsSome = false;
  let refusesSome = false;
  let mayAccept = false;
  let mayRefuse = false;
  for (const rule of groups.flatMap(({ ingress }) => ingress)) {
    const about = isAbout(rule, port);
    // IPv6 blocks are about no IPv4 client.
    if (about === false || rule.source?.includes(':')) continue;
    const accepts = rule.action === 'ACCEPT';
    if (about === null || rule.source === null) {
      if (accepts) mayAccept = true;
      else mayRefuse = true;
    } else if (rule.source !== everyone) {
      if (accepts) acceptsSome = true;
      else refusesSome = true;
    } else if (accepts) {
      return mayRefuse ? 'unknown' : refusesSome ? 'partly' : 'open';
    } else break;
  }
  return mayAccept ? 'unknown' : acceptsSome ? 'partly' : 'closed';
}

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
