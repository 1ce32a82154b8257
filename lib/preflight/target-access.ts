import { targetName } from '@/lib/estate/target';
import { cvmRoutesOf } from './cvm-routes';
import { findingsOf } from './finding';
import type { Check, Finding } from './model';
import { fieldOf, ruleName } from './routes';

const { pass, warn, unknown } = findingsOf(
  'target-access',
  'https://www.tencentcloud.com/document/product/214/14733',
);

/**
 * Says which security groups stand before the targets that the plan adds: those of the load balancer alone where it passes
 * traffic to its targets, those of each target, too, where it does not. What their rules allow is not read, so groups in the way
 * are a warning, and the probes of the run decide.
 */
export const checkTargetAccess: Check = (input) =>
  cvmRoutesOf(input).flatMap(({ resolved, added }): readonly Finding[] => {
    if (added.length === 0) return [];
    const { loadBalancer, listener } = resolved;
    const { name, passToTarget, securityGroups } = loadBalancer;
    const objects = added.map(targetName);
    const values = { name, rule: ruleName(resolved), port: listener.port };
    const found = { field: fieldOf(resolved, 'addTargets'), objects, values };
    if (passToTarget === null || securityGroups === null) return [unknown({ ...found, why: 'unread' })];
    const own =
      securityGroups.length === 0
        ? []
        : [warn({ ...found, why: 'ownGroups', values: { ...values, groups: securityGroups.join(', ') } })];
    if (passToTarget) return own.length > 0 ? own : [pass({ ...found, why: 'pass' })];
    const ofTargets = added.flatMap(({ instanceId, eniIp, port }): readonly Finding[] => {
      if (eniIp !== undefined)
        return [
          unknown({
            ...found,
            objects: [eniIp],
            why: 'addressGroups',
            values: { name, address: eniIp, port },
          }),
        ];
      const instance = input.estate.instances.find(({ id }) => id === instanceId);
      // One that is gone or of another region is the business of `cvm-targets`.
      if (instance === undefined) return [];
      const about = { ...found, objects: [instanceId] };
      if (instance.securityGroups === null) return [unknown({ ...about, why: 'unread' })];
      const groups = instance.securityGroups.join(', ') || '-';
      return [
        warn({ ...about, why: 'targetGroups', values: { name, instance: instance.name, groups, port } }),
      ];
    });
    return [...own, ...ofTargets];
  });
