import { isUnread } from '@/lib/estate/gaps';
import { ruleStateOf } from '@/lib/estate/look-up';
import { bindsFunction } from '@/lib/plan/diff-rule';
import { findingsOf, sources } from './finding';
import { type CheckedLane, lanesOf, partOf } from './lanes';
import type { Check, Finding, PreflightInput } from './model';
import { suggestNewRule } from './suggest';

const { pass, block, unknown } = findingsOf('rule-free', sources.binding);

/** Whether the plan binds something to the lane's rule: a rule that is only looked at may serve whomever it serves. */
function isWritten({ diversion }: PreflightInput, lane: CheckedLane): boolean {
  return lane.prefix === 'laneA'
    ? diversion.laneA.addTargets.length > 0
    : !bindsFunction(ruleStateOf(lane.rule), diversion.laneB.function);
}

/** A rule that the plan creates. */
function newRule({ estate }: PreflightInput, lane: CheckedLane): Finding {
  const values = { rule: `${lane.ref.domain}${lane.ref.url}` };
  const found = { field: `${lane.prefix}.rule`, objects: [], values } as const;
  return isUnread(estate, partOf(lane))
    ? unknown({ ...found, why: 'unread' })
    : pass({ ...found, why: 'new' });
}

/**
 * The rule can take the lane's backend: it isn't a redirect source, uses targets of its own rather than a target group,
 * holds nothing of the other kind, and answers for the lane's domain only if something is bound to it. That CVM targets and a function exclude each other is not documented;
 * mixing them is not offered anywhere either, so it is refused.
 */
export const checkRuleFree: Check = (input) =>
  lanesOf(input).flatMap((lane): Finding[] => {
    const { rule, prefix } = lane;
    const values = { rule: `${lane.ref.domain}${lane.ref.url}` };
    if (rule === undefined) return [newRule(input, lane)];
    const found = { field: `${prefix}.rule`, objects: [rule.id], values } as const;
    if (isUnread(input.estate, partOf(lane))) return [unknown({ ...found, why: 'unread' })];
    const fix = suggestNewRule(input, lane);
    const reasons: Finding[] = [];
    if (rule.redirectsTo !== null) reasons.push(block({ ...found, why: 'redirect', fix }));
    if (rule.targetType !== 'NODE') reasons.push(block({ ...found, why: 'targetGroup', fix }));
    if (rule.domains.length > 1 && isWritten(input, lane))
      reasons.push(block({ ...found, why: 'severalDomains', fix }));
    if (prefix === 'laneB' && rule.targets.length > 0) {
      const withCount = { ...found, values: { ...values, targets: rule.targets.length } };
      reasons.push(block({ ...withCount, why: 'hasTargets', fix }));
    }
    if (prefix === 'laneA' && rule.functions.length > 0)
      reasons.push(block({ ...found, why: 'hasFunction', fix }));
    return reasons.length > 0 ? reasons : [pass({ ...found, why: 'pass' })];
  });
