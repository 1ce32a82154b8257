import { groupBy } from '@/lib/estate/look-up';
import type { Rule } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, ruleName } from '@/lib/preflight/model/routes';

const { pass, warn, block } = createFindings(
  'redirects',
  'https://www.tencentcloud.com/document/product/214/8839',
);

/** The rules of an estate by their redirect target, and by id, indexed once. */
type Redirects = {
  readonly sources: ReadonlyMap<string, readonly Rule[]>;
  readonly byId: ReadonlyMap<string, Rule>;
};

function indexRedirects({ estate }: CheckInput): Redirects {
  const redirecting = estate.rules.filter(({ redirectsTo }) => redirectsTo !== null);
  const sources = groupBy<string, Rule>(redirecting, ({ redirectsTo }) => [redirectsTo ?? '']);
  return { sources, byId: new Map(redirecting.map((rule) => [rule.id, rule])) };
}

/** Returns whether redirects from a rule lead back to it. */
function isLoop(rule: Rule, { byId }: Redirects): boolean {
  const seen = new Set<string>([rule.id]);
  let next = rule.redirectsTo;
  while (next !== null) {
    if (seen.has(next)) return true;
    seen.add(next);
    next = byId.get(next)?.redirectsTo ?? null;
  }
  return false;
}

const describeRule = ({ domain, url }: Rule) => `${domain}${url}`;

function findingsOfRoute(
  input: CheckInput,
  route: ResolvedRoute,
  rule: Rule,
  redirects: Redirects,
): readonly Finding[] {
  const field = routeFieldName(route, 'rule');
  const found = { field, objects: [rule.id], values: { rule: ruleName(route) } };
  if (isLoop(rule, redirects)) return [block({ ...found, why: 'loop' })];
  const sources = redirects.sources.get(rule.id) ?? [];
  if (sources.length === 0 || !isLedTo(input, route)) return [pass({ ...found, why: 'none' })];
  // HTTP that redirects to HTTPS is one site for its visitors: both are meant to move along.
  const isSame = (source: Rule) => describeRule(source) === describeRule(rule);
  const others = sources.filter((source) => !isSame(source));
  const objects = sources.map(({ id }) => id);
  if (others.length === 0) return [pass({ ...found, objects, why: 'sameSite' })];
  const values = { ...found.values, sources: others.map(describeRule).join(', '), count: others.length };
  return [warn({ ...found, objects, why: 'sources', values })];
}

/** Warns about sites that redirect to a route's rule, because they move along with it, and blocks redirect loops. */
export const checkRedirects: Check = (input) => {
  const redirects = indexRedirects(input);
  return input.routes.flatMap((route) =>
    route.rule === undefined ? [] : findingsOfRoute(input, route, route.rule, redirects),
  );
};
