import { findingsOf, sources } from './finding';
import { lanesOf } from './lanes';
import type { Check, Finding } from './model';
import { suggestNewRule } from './suggest';

const { pass, block } = findingsOf('rule-free', sources.binding);

/**
 * The rule can take the lane's backend: it isn't a redirect source, uses targets of its own rather than a target group,
 * and holds nothing of the other kind. That CVM targets and a function exclude each other is not documented;
 * mixing them is not offered anywhere either, so it is refused.
 */
export const checkRuleFree: Check = (input) =>
  lanesOf(input).flatMap((lane): Finding[] => {
    const { rule, prefix } = lane;
    const values = { rule: `${lane.ref.domain}${lane.ref.url}` };
    const found = { field: `${prefix}.rule`, objects: rule ? [rule.id] : [], values } as const;
    if (rule === undefined) return [pass({ ...found, why: 'new' })];
    const fix = suggestNewRule(input, lane);
    const reasons: Finding[] = [];
    if (rule.redirectsTo !== null) reasons.push(block({ ...found, why: 'redirect', fix }));
    if (rule.targetType !== 'NODE') reasons.push(block({ ...found, why: 'targetGroup', fix }));
    if (prefix === 'laneB' && rule.targets.length > 0) {
      const withCount = { ...found, values: { ...values, targets: rule.targets.length } };
      reasons.push(block({ ...withCount, why: 'hasTargets', fix }));
    }
    if (prefix === 'laneA' && rule.functions.length > 0)
      reasons.push(block({ ...found, why: 'hasFunction', fix }));
    return reasons.length > 0 ? reasons : [pass({ ...found, why: 'pass' })];
  });
