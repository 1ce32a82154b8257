import { leadsTo } from '@/lib/estate/dns-target';
import { listAddressRecords } from '@/lib/estate/look-up';
import { domainServing, parseUrl, ruleServing } from '@/lib/estate/match-rule';
import type { Rule } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { getProbePath } from '@/lib/plan/model/route-probe';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { suggestNewRule } from '@/lib/preflight/model/suggest';
import { domainTakes } from './domain-match';
import { type ListenerRules, type PlannedRule, rulesOfListeners } from './listener-rules';

const { pass, warn, block, outage } = createFindings('rule-shadow', sources.domainRules);

const describeRule = ({ domain, url }: Pick<PlannedRule, 'domain' | 'url'>) => `${domain}${url}`;

/** Returns whether a rule serves requests, so that a rule that takes them over affects clients. */
function serves({ targets, functions, redirectsTo, targetType }: Rule): boolean {
  return targets.length + functions.length > 0 || redirectsTo !== null || targetType !== 'NODE';
}

/** A route with its rule and the other rules of the listener. */
type Beside = {
  readonly route: ResolvedRoute;
  readonly own: PlannedRule;
  readonly rules: ListenerRules;
  readonly found: Pick<Finding, 'field' | 'objects'>;
};

/** Returns the rules that take, or may take, the requests meant for the route's rule. */
function takenFrom(input: CheckInput, { route, own, rules, found }: Beside): readonly Finding[] {
  const { hostName } = route;
  const stop = isLedTo(input, route) ? block : warn;
  const values = { rule: describeRule(own), domain: hostName };
  const { domain, maybe } = domainServing(rules.planned, hostName);
  const isOwn = own.domains.some((each) => each.toLowerCase() === domain);
  if (domain === null || (!isOwn && !maybe.includes(own))) {
    const fix = suggestNewRule(input, route);
    const taken = { ...found, values: { ...values, other: domain ?? '' }, fix };
    // `domain-match` reports a rule that doesn't take the domain at all.
    return own.domains.some((each) => domainTakes(each, hostName))
      ? [stop({ ...taken, why: 'otherDomain' })]
      : [];
  }
  const before = maybe.filter((rule) => rule !== own);
  if (!isOwn && before[0] !== undefined)
    return [warn({ ...found, why: 'expression', values: { ...values, other: describeRule(before[0]) } })];
  if (!isOwn || parseUrl(own.url).form.startsWith('~')) return [];
  const served = ruleServing(rules.planned, domain, getProbePath(own.url));
  if (served.rule !== own && served.rule !== null) {
    const taken = {
      ...found,
      values: { ...values, path: getProbePath(own.url), other: describeRule(served.rule) },
    };
    return [stop(isExactly(served.rule) ? { ...taken, why: 'exactly' } : { ...taken, why: 'same' })];
  }
  const [first] = served.maybe;
  if (first === undefined) return [];
  return [warn({ ...found, why: 'expression', values: { ...values, other: describeRule(first) } })];
}

function isExactly({ url }: PlannedRule): boolean {
  return parseUrl(url).form === '=';
}

/** Returns the rules whose requests a new rule takes as soon as it is created, though nothing has moved yet. */
function takesOver({ before }: CheckInput, { route, own, rules, found }: Beside): readonly Finding[] {
  const { hostName, loadBalancer } = route;
  if (route.rule !== undefined) return [];
  const { domain, isDefault } = domainServing(rules.there, hostName);
  const other = domain === null ? null : ruleServing(rules.there, domain, getProbePath(own.url)).rule;
  if (domain === null || other === null || !serves(other)) return [];
  const records = listAddressRecords(before, hostName).filter(({ enabled }) => enabled);
  const isLed = records.some((record) => leadsTo(record, loadBalancer));
  if (!isLed) return [];
  const values = {
    rule: describeRule(own),
    domain: hostName,
    name: loadBalancer.name,
    other: describeRule(other),
  };
  const isNewDomain = isDefault || domain !== hostName;
  const hasRest = ruleServing(rules.planned, hostName, '/').rule !== null;
  const taken = { ...found, values, domain: hostName, loss: `${values.rule} ${values.other} ${values.name}` };
  return [
    isNewDomain && !hasRest
      ? outage({ ...taken, why: 'takesDomain' })
      : outage({ ...taken, why: 'takesOver' }),
  ];
}

/**
 * Checks that requests for a route's domain and path reach its rule: no exact domain precedes a wildcard, no rule of
 * the same path precedes it. Also, a new rule for a name that already points here receives its requests at once, not
 * when the plan moves.
 */
export const checkRuleShadow: Check = (input) => {
  const listeners = rulesOfListeners(input);
  return input.routes.flatMap((route): Finding[] => {
    const rules = listeners.get(route.listener.id);
    const own = rules?.of(route);
    if (rules === undefined || own === undefined) return [];
    const found = { field: routeFieldName(route, 'rule'), objects: own.id === null ? [] : [own.id] };
    const beside = { route, own, rules, found };
    const reasons = [...takenFrom(input, beside), ...takesOver(input, beside)];
    return reasons.length > 0
      ? reasons
      : [pass({ ...found, why: 'pass', values: { rule: ruleName(route) } })];
  });
};
