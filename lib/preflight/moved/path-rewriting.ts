import { parseUrl } from '@/lib/estate/match-rule';
import { configOfRoute } from '@/lib/preflight/function/route-config';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';
import { describeMoved, listMovedRules, type MovedFrom } from './moved-rules';

const { pass, warn, unknown } = createFindings('path-rewriting', sources.domainRules);

/** Returns whether the load balancer adds the slash to a path, and after the move does not. */
function losesSlash({ rule, to }: MovedFrom): boolean {
  const { form, text } = parseUrl(rule.url);
  return form === '' && text !== '/' && text.endsWith('/') && to.ref.url !== rule.url;
}

/**
 * Finds names whose paths the load balancer rewrites for the servers and not for the function: a rule `/abc/` redirects
 * `/abc`, and `proxy_redirect` rewrites the targets of redirects.
 */
export const checkPathRewriting: Check = (input) => {
  const moved = listMovedRules(input).map((each) => ({
    ...each,
    old: configOfRoute(input.before, { ...each, hostName: each.domain }),
    next: configOfRoute(input.estate, each.to),
  }));
  if (moved.length === 0) return [];
  const slash = moved.filter(losesSlash);
  const redirect = moved.filter(
    ({ old, next }) =>
      old?.directives.includes('proxy_redirect') === true &&
      next?.directives.includes('proxy_redirect') === false,
  );
  const unread = moved.filter(({ old, next }) => old === null || next === null);
  const { values, ...found } = describeMoved(slash);
  const paths = [...new Set(slash.map(({ rule }) => rule.url))].sort().join(', ');
  const findings = [
    ...(slash.length === 0 ? [] : [warn({ ...found, why: 'slash', values: { ...values, paths } })]),
    ...(redirect.length === 0 ? [] : [warn({ ...describeMoved(redirect), why: 'redirect' })]),
    ...(unread.length === 0 ? [] : [unknown({ ...describeMoved(unread), why: 'unread' })]),
  ];
  return findings.length > 0 ? findings : [pass({ ...describeMoved(moved), why: 'pass' })];
};
