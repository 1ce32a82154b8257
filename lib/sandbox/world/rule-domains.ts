import type { WorldRule } from './clb';

/** Returns all domains of a rule; the first is the one that identifies it. */
export function listRuleDomains(rule: Pick<WorldRule, 'domain' | 'furtherDomains'>): string[] {
  return [rule.domain, ...rule.furtherDomains];
}

/** Returns whether a domain is any of a rule's domains. */
export function hasDomain(rule: Pick<WorldRule, 'domain' | 'furtherDomains'>, domain: string): boolean {
  return rule.domain === domain || rule.furtherDomains.includes(domain);
}
