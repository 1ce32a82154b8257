import { isPartlyUnread } from '@/lib/estate/gaps';
import { getRuleState } from '@/lib/estate/look-up';
import { bindsFunction } from '@/lib/plan/model/function-choice';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { clbPart, routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { suggestLoadBalancer, suggestNewRule } from '@/lib/preflight/model/suggest';

const { pass, block, outage, unknown } = createFindings('rule-free', sources.binding);

/**
 * Returns whether the plan binds something to the route's rule: a rule that is only checked may serve other backends.
 */
function isWritten({ route, rule }: ResolvedRoute): boolean {
  return route.to === 'cvm'
    ? route.addTargets.length > 0
    : !bindsFunction(getRuleState(rule), route.function);
}

/** Returns the finding for a rule that the plan creates. */
function newRule({ estate }: CheckInput, route: ResolvedRoute): Finding {
  const field = routeFieldName(route, 'rule');
  const found = { field, objects: [], values: { rule: ruleName(route) } };
  return isPartlyUnread(estate, clbPart(route))
    ? unknown({ ...found, why: 'unread' })
    : pass({ ...found, why: 'new' });
}

/**
 * Returns the finding for what is already on a rule that a function will be bound to; in a swap, the function replaces
 * the targets.
 */
function besideFunction(input: CheckInput, route: ResolvedRoute, targets: number): Finding {
  const objects = route.rule ? [route.rule.id] : [];
  const found = { field: routeFieldName(route, 'rule'), objects };
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
  const lost = { domain: route.hostName, loss: `${values.rule} ${route.loadBalancer.name}` };
  return outage({ ...found, ...lost, values: { ...values, gapS }, why: 'swap', fix });
}

/**
 * Checks that the rule can take the route's backend: it isn't a redirect source, uses its own targets rather than a
 * target group, has nothing of the other kind bound, and answers for only the route's domain if something is bound to
 * it. It is not documented that CVM targets and a function exclude each other; no tool offers mixing them either, so it
 * is rejected. A function may replace targets in place: then nothing is bound between the two tasks, which is reported
 * along with a better alternative.
 */
export const checkRuleFree: Check = (input) =>
  input.routes.flatMap((route): Finding[] => {
    const { rule } = route;
    if (rule === undefined) return [newRule(input, route)];
    const found = {
      field: routeFieldName(route, 'rule'),
      objects: [rule.id],
      values: { rule: ruleName(route) },
    };
    if (isPartlyUnread(input.estate, clbPart(route))) return [unknown({ ...found, why: 'unread' })];
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
