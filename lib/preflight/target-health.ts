import { cvmRoutesOf } from './cvm-routes';
import { findingsOf } from './finding';
import { isLedTo } from './led-to';
import type { Check, Finding } from './model';
import { fieldOf, ruleName } from './routes';

const { pass, warn, block, unknown } = findingsOf(
  'target-health',
  'https://cloud.tencent.com/document/api/214/30694#TargetHealth',
);

/**
 * What the load balancer's own checks hold of the targets that get requests, those with a weight: some must be alive where
 * the plan leads requests to them. Targets that the plan adds are not checked yet; the run asks the route before anything moves.
 */
export const checkTargetHealth: Check = (input) =>
  cvmRoutesOf(input).flatMap(({ resolved, bound, added }): Finding[] => {
    const targets = bound.filter(({ weight }) => weight > 0);
    if (targets.length === 0) return [];
    const which = (health: (typeof targets)[number]['health']) =>
      targets.filter((target) => target.health === health);
    const [dead, pending, unread] = [which('dead'), which('unknown'), which(null)];
    const field = fieldOf(resolved, 'addTargets');
    const found = (of: typeof targets) => ({
      ...{ field, objects: of.map(({ instanceId }) => instanceId) },
      values: { rule: ruleName(resolved), count: of.length, all: targets.length },
    });
    if (dead.length === targets.length) {
      const stop = added.length === 0 && isLedTo(input, resolved) ? block : warn;
      return [stop({ ...found(dead), why: 'dead' })];
    }
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
