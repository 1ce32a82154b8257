import type { Rule } from './model';

/** Whether a rule's domain can answer for a host: exact, `*.example.com`, `www.example.*`, or a `~` expression. */
function answersFor(domain: string, host: string): boolean {
  if (domain === host) return true;
  if (domain.startsWith('~')) return true;
  if (domain.startsWith('*.')) return host.endsWith(domain.slice(1));
  if (domain.endsWith('.*')) return host.startsWith(domain.slice(0, -1));
  return false;
}

/**
 * The rules of one listener that answer for a host: exact names first, else wildcards and expressions, else the
 * listener's default domain. Source: https://www.tencentcloud.com/document/product/214/9032
 * Expressions are counted as answering: they are not run here, since estate data may hold a slow one.
 */
export function rulesForHost(rules: readonly Rule[], host: string): readonly Rule[] {
  const exact = rules.filter((rule) => rule.domains.includes(host));
  if (exact.length > 0) return exact;
  const loose = rules.filter((rule) => rule.domains.some((domain) => answersFor(domain, host)));
  if (loose.length > 0) return loose;
  const fallback = rules.find((rule) => rule.isDefault);
  return fallback ? rules.filter((rule) => rule.domains.includes(fallback.domain)) : [];
}
