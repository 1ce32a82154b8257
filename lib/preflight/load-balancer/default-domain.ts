import type { FunctionRoute } from '@/lib/diversion/route';
import { leadsTo } from '@/lib/estate/dns-target';
import { addressRecordTypes, getHostName, getRuleState } from '@/lib/estate/look-up';
import { domainServing, getDefaultDomain } from '@/lib/estate/match-rule';
import { bindsFunction } from '@/lib/plan/model/function-choice';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { type ListenerRules, rulesOfListeners } from './listener-rules';

const { pass, warn } = createFindings('default-domain', sources.domainRules);

/** The number of names listed; the rest are counted. */
const shown = 3;

/**
 * Returns names whose records point at a load balancer without a matching domain on the listener: its default domain
 * takes them.
 */
function strays(input: CheckInput, { loadBalancer }: ResolvedRoute, rules: ListenerRules): readonly string[] {
  const names = new Set<string>();
  for (const record of input.before.records) {
    if (!record.enabled || !addressRecordTypes.includes(record.type) || !leadsTo(record, loadBalancer))
      continue;
    names.add(getHostName(record));
  }
  return [...names].filter((name) => domainServing(rules.planned, name).isDefault).sort();
}

function defaultDomainFinding(
  input: CheckInput,
  route: ResolvedRoute<FunctionRoute>,
  rules: ListenerRules,
): Finding | null {
  const { rule, listener, hostName } = route;
  if (rule !== undefined && bindsFunction(getRuleState(rule), route.route.function)) return null;
  const found = { field: routeFieldName(route, 'rule'), objects: rule === undefined ? [] : [rule.id] };
  const values = {
    rule: ruleName(route),
    domain: hostName,
    listener: `${listener.protocol}:${listener.port}`,
  };
  const isFirst = rules.there.length === 0;
  const fallback = getDefaultDomain(isFirst ? rules.planned : rules.there);
  const isDefault = (rule?.domains ?? [hostName]).some((domain) => domain.toLowerCase() === fallback);
  if (!isDefault) return pass({ ...found, why: 'pass', values });
  const names = strays(input, route, rules);
  if (names.length === 0) return pass({ ...found, why: 'alone', values });
  const others = {
    ...values,
    names: names.slice(0, shown).join(', '),
    more: Math.max(0, names.length - shown),
  };
  return isFirst
    ? warn({ ...found, why: 'becomes', values: others })
    : warn({ ...found, why: 'takes', values: others });
}

/**
 * Warns where a function is bound to the default domain of a listener: it also gets the requests of all names that
 * point there and have no rule. The first domain of a listener is its default one.
 */
export const checkDefaultDomain: Check = (input) => {
  const listeners = rulesOfListeners(input);
  return listFunctionRoutes(input).flatMap((route) => {
    const rules = listeners.get(route.listener.id);
    return rules === undefined ? [] : (defaultDomainFinding(input, route, rules) ?? []);
  });
};
