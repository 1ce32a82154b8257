import type { WorldRule } from './clb';

/** All domains of a rule; the first is the one that it is called by. */
export function domainsOf(rule: Pick<WorldRule, 'domain' | 'furtherDomains'>): string[] {
  return [rule.domain, ...rule.furtherDomains];
}

/** Whether a rule answers for a domain, as any of its domains. */
export function hasDomain(rule: Pick<WorldRule, 'domain' | 'furtherDomains'>, domain: string): boolean {
  return rule.domain === domain || rule.furtherDomains.includes(domain);
}
