import { targetName } from '@/lib/estate/target';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { listCvmRoutes } from './cvm-routes';

const { pass, warn, unknown } = createFindings(
  'target-health',
  'https://www.tencentcloud.com/document/product/214/6097',
);

/**
 * Checks the health of the targets that get requests, those with a weight, by the load balancer's own checks. If all
 * fail them, it sends requests to all of them, so misconfigured checks do no harm, while broken servers do. Only a
 * request can distinguish the two, and the run probes the route before anything moves. A failover has probed it too,
 * and must not be blocked.
 */
export const checkTargetHealth: Check = (input) =>
  listCvmRoutes(input).flatMap(({ resolved, bound }): Finding[] => {
    const targets = bound.filter(({ weight }) => weight > 0);
    if (targets.length === 0) return [];
    const which = (health: (typeof targets)[number]['health']) =>
      targets.filter((target) => target.health === health);
    const [dead, pending, unread] = [which('dead'), which('unknown'), which(null)];
    const field = routeFieldName(resolved, 'addTargets');
    const found = (of: typeof targets) => ({
      field,
      objects: of.map(targetName),
      values: { rule: ruleName(resolved), count: of.length, all: targets.length },
    });
    if (dead.length === targets.length) return [warn({ ...found(dead), why: 'dead' })];
    const reasons: Finding[] = [];
    if (dead.length > 0) reasons.push(warn({ ...found(dead), why: 'someDead' }));
    if (pending.length > 0) reasons.push(unknown({ ...found(pending), why: 'pending' }));
    if (unread.length > 0) reasons.push(unknown({ ...found(unread), why: 'unread' }));
    if (reasons.length > 0) return reasons;
    const alive = which('alive');
    return [
      alive.length === 0
        ? pass({ ...found(targets), why: 'unchecked' })
        : pass({ ...found(alive), why: 'pass' }),
    ];
  });
