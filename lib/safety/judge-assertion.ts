import type { Estate } from '@/lib/estate/model';
import { matchesAnyDomain, matchesDomain } from '@/lib/match-domain';
import type { WriteStep } from '@/lib/plan/model/model';
import { listWriteDomains } from './matching-writes';
import {
  type DomainSide,
  domainSides,
  listHostNames,
  listServingSides,
  originalState,
  type ResultingState,
  resultingState,
  withWrite,
} from './resulting-state';
import type { JudgedChange } from './safety-facts';
import type { AssertionRule, Requirement } from './safety-rule';

/** A group of sides that are counted together: those of one domain, or of all. */
export type Counted = { readonly domains: readonly string[]; readonly serving: number; readonly all: number };

/** A violated assertion: the domains, and the number of their sides that would serve. */
export type BrokenAssertion = Counted & { readonly step: WriteStep | null };

/** Returns by how many sides a count misses a requirement; 0 = it is met. */
function missedBy(requirement: Requirement, { serving, all }: Counted): number {
  switch (requirement.kind) {
    case 'atLeast':
      return Math.max(0, requirement.count - serving);
    case 'atMost':
      return Math.max(0, serving - requirement.count);
    case 'all':
      return all - serving;
    case 'allOrNone':
      return Math.min(serving, all - serving);
  }
}

/** Requirements of what must keep serving hold after every write; the others once all writes are in effect. */
function holdsAlways({ kind }: Requirement): boolean {
  return kind === 'atLeast' || kind === 'all';
}

function countedSides({ sides }: AssertionRule): readonly DomainSide[] {
  return sides === 'either' ? domainSides : [sides];
}

function countSides(rule: AssertionRule, state: ResultingState, domains: readonly string[]): Counted {
  const sides = countedSides(rule);
  const serving = domains
    .map((domain) => listServingSides(state, domain))
    .reduce((sum, found) => sum + sides.filter((side) => found.has(side)).length, 0);
  return { domains, serving, all: domains.length * sides.length };
}

/**
 * Returns the groups of domains that a rule counts together: the domains that it names, and those that are known and
 * fit its patterns.
 */
function listGroups(
  { match, over }: AssertionRule,
  known: readonly string[],
): readonly (readonly string[])[] {
  const named = match.domains.filter((pattern) => !pattern.includes('*'));
  const fitting = known.filter((domain) => matchesAnyDomain(match.domains, domain));
  const domains = [...new Set([...named, ...fitting])].toSorted();
  return over === 'allDomains' ? [domains] : domains.map((domain) => [domain]);
}

/**
 * Judges an assertion on the states before and after a change that is no write of a plan, such as that of a function.
 * @param domains those that it concerns
 * @returns the groups of domains for which the change violates it, or makes it worse
 */
export function judgeAssertionBetween(
  rule: AssertionRule,
  { before, after, domains }: { before: Estate; after: Estate; domains: readonly string[] },
): readonly Counted[] {
  return listGroups(rule, [...listHostNames(before)])
    .filter((group) => domains.some((touched) => group.some((domain) => matchesDomain(touched, domain))))
    .flatMap((group) => {
      const first = countSides(rule, resultingState(before, []), group);
      const last = countSides(rule, resultingState(after, []), group);
      return missedBy(rule.requirement, last) > missedBy(rule.requirement, first) ? [last] : [];
    });
}

/**
 * Judges an assertion on the state that results from a change. A change that leaves a violated assertion as it is, or
 * makes it better, is allowed: otherwise nothing could repair it.
 * @returns the groups of domains for which the change violates it, or makes it worse
 */
export function judgeAssertion(rule: AssertionRule, change: JudgedChange): readonly BrokenAssertion[] {
  const { estate, writes, before, plan } = change;
  const byDomain = new Map<string, Set<WriteStep>>();
  for (const step of writes)
    for (const domain of listWriteDomains(step, plan, estate))
      byDomain.set(domain, (byDomain.get(domain) ?? new Set()).add(step));
  const wildcards = [...byDomain].filter(([domain]) => domain.includes('*'));
  const listTouching = (group: readonly string[]) => {
    const found = new Set(
      group.flatMap((domain) => [
        ...(byDomain.get(domain.toLowerCase()) ?? []),
        ...wildcards.flatMap(([pattern, steps]) => (matchesDomain(pattern, domain) ? [...steps] : [])),
      ]),
    );
    return found.size === 0 ? [] : writes.filter((step) => found.has(step));
  };
  const known = [...listHostNames(estate), ...plan.diversion.routes.map(({ domain }) => domain)];
  // Thousands of names that no write touches: each is a group that nothing changes, but in a common one they count.
  const counted =
    rule.over === 'eachDomain' ? known.filter((domain) => listTouching([domain]).length > 0) : known;
  const start = resultingState(estate, before);
  return listGroups(rule, counted).flatMap((group): readonly BrokenAssertion[] => {
    const touching = listTouching(group);
    if (touching.length === 0) return [];
    const miss = (counted: Counted) => missedBy(rule.requirement, counted);
    if (!holdsAlways(rule.requirement)) {
      const all = plan.steps.filter((step) => step.kind === 'write');
      const first = countSides(rule, originalState(estate, all), group);
      const last = countSides(rule, resultingState(estate, all), group);
      return miss(last) > miss(first) ? [{ ...last, step: null }] : [];
    }
    let state = start;
    let best = miss(countSides(rule, start, group));
    for (const step of touching) {
      state = withWrite(state, step);
      const next = countSides(rule, state, group);
      if (miss(next) > best) return [{ ...next, step }];
      best = miss(next);
    }
    return [];
  });
}
