import { domainServing } from './match-rule';
import type { Rule } from './model';

/**
 * Returns the rules of one listener that answer for a host: those of the domain that serves it; if none fits, those
 * whose expressions may match, otherwise those of the default domain.
 * https://www.tencentcloud.com/document/product/214/9032
 */
export function rulesForHost(rules: readonly Rule[], host: string): readonly Rule[] {
  const { domain, isDefault, maybe } = domainServing(rules, host.toLowerCase());
  if (isDefault && maybe.length > 0) return maybe;
  if (domain === null || (isDefault && !rules.some((rule) => rule.isDefault))) return [];
  return rules.filter((rule) => rule.domains.some((each) => each.toLowerCase() === domain));
}
