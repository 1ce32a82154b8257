import { isPartlyUnread } from '@/lib/estate/gaps';
import { ruleStateOf } from '@/lib/estate/look-up';
import { bindsFunction } from '@/lib/plan/diff-rule';
import type { ResolvedRoute } from '@/lib/plan/resolve-route';
import { findingsOf, sources } from './finding';
import type { Check, CheckInput, Finding } from './model';
import { fieldOf, partOf, ruleName } from './routes';
import { suggestLoadBalancer, suggestNewRule } from './suggest';

const { pass, block, warn, unknown } = findingsOf('rule-free', sources.binding);

/** Whether the plan binds something to the route's rule: a rule that is only looked at may serve whomever it serves. */
function isWritten({ route, rule }: ResolvedRoute): boolean {
  return route.to === 'cvm' ? route.addTargets.length > 0 : !bindsFunction(ruleStateOf(rule), route.function);
}

/** A rule that the plan creates. */
function newRule({ estate }: CheckInput, route: ResolvedRoute): Finding {
  const field = fieldOf(route, 'rule');
  const found = { field, objects: [], values: { rule: ruleName(route) } };
  return isPartlyUnread(estate, partOf(route))
    ? unknown({ ...found, why: 'unread' })
    : pass({ ...found, why: 'new' });
}

/** What is on a rule that a function is to be bound to; swapped in place, targets give way to it. */
function besideFunction(input: CheckInput, route: ResolvedRoute, targets: number): Finding {
  const objects = route.rule ? [route.rule.id] : [];
  const found = { field: fieldOf(route, 'rule'), objects };
  const values = { rule: ruleName(route), targets };
  if (route.route.rule.kind !== 'swap') {
    const fix = suggestNewRule(input, route) ?? suggestLoadBalancer(input, route);
    return block({ ...found, values, why: 'hasTargets', fix });
  }
  const gapS = Math.ceil(
    input.steps
      .filter((s) => s.kind === 'write' && s.phase === 'divert' && s.object.kind === 'rule')
      .reduce((sum, { forecastMs }) => sum + forecastMs, 0) / 1000,
  );
  const fix = suggestLoadBalancer(input, route) ?? suggestNewRule(input, route);
  return warn({ ...found, values: { ...values, gapS }, why: 'swap', fix });
}

/**
 * The rule can take the route's backend: it isn't a redirect source, uses targets of its own rather than a target group,
 * holds nothing of the other kind, and answers for the route's domain only if something is bound to it. That CVM targets and
 * a function exclude each other is not documented; mixing them is not offered anywhere either, so it is refused. Targets may
 * give way to a function in place: then nothing is bound for the time between two tasks, which is said with a better way
 * beside it.
 */
export const checkRuleFree: Check = (input) =>
  input.routes.flatMap((route): Finding[] => {
    const { rule } = route;
    if (rule === undefined) return [newRule(input, route)];
    const found = { field: fieldOf(route, 'rule'), objects: [rule.id], values: { rule: ruleName(route) } };
    if (isPartlyUnread(input.estate, partOf(route))) return [unknown({ ...found, why: 'unread' })];
    const fix = suggestNewRule(input, route);
    const reasons: Finding[] = [];
    if (rule.redirectsTo !== null) reasons.push(block({ ...found, why: 'redirect', fix }));
    if (rule.targetType !== 'NODE') reasons.push(block({ ...found, why: 'targetGroup', fix }));
    if (rule.domains.length > 1 && isWritten(route))
      reasons.push(block({ ...found, why: 'severalDomains', fix }));
    if (route.route.to === 'function' && rule.targets.length > 0)
      reasons.push(besideFunction(input, route, rule.targets.length));
    if (route.route.to === 'cvm' && rule.functions.length > 0)
      reasons.push(block({ ...found, why: 'hasFunction', fix }));
    return reasons.length > 0 ? reasons : [pass({ ...found, why: 'pass' })];
  });
