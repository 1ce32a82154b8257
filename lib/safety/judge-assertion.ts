import type { Estate } from '@/lib/estate/model';
import { domainMatcher, matchesDomain } from '@/lib/match-domain';
import { type LocatedWrite, once } from './matching-writes';
import {
  type DomainSide,
  domainSides,
  listHostNames,
  listServingSides,
  originalState,
  resultingState,
  type SidesBehind,
  withWrite,
} from './resulting-state';
import type { AssertionRule, Requirement } from './safety-rule';

/** A group of domains that are counted together, and the number of their sides that would serve. */
export type Counted = { readonly domains: readonly string[]; readonly serving: number; readonly all: number };

/** The sides of a domain that serve: before a change (-1), or after the write with this index. */
type Moment = { readonly at: number; readonly serving: ReadonlySet<DomainSide> };

/** The effect of a change on the sides of domains. Each domain is looked up once, for all rules. */
export type SideChanges = {
  /** All known domains. */
  readonly known: readonly string[];
  /** Those of them that the change concerns. */
  readonly touched: readonly string[];
  readonly isTouched: (domain: string) => boolean;
  /** Returns the sides of a domain before the change, and after each write that may change them. */
  readonly listMoments: (domain: string) => readonly Moment[];
  /** Returns the sides of a domain before the whole plan, and after it. */
  readonly listEnds: (domain: string) => readonly Moment[];
};

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

/**
 * Returns the groups of domains that a rule counts together: the domains that it names, and those that are known and
 * fit its patterns. Of thousands that are counted on their own, the change concerns few.
 */
function listGroups({ match, over }: AssertionRule, changes: SideChanges): readonly (readonly string[])[] {
  const named = match.domains.filter((pattern) => !pattern.includes('*'));
  const fitting = changes[over === 'eachDomain' ? 'touched' : 'known'].filter(domainMatcher(match.domains));
  const domains = [...new Set([...named, ...fitting])].toSorted();
  return over === 'allDomains' ? [domains] : domains.map((domain) => [domain]);
}

/**
 * Judges an assertion on the states that result from a change. A change that leaves a violated assertion as it is, or
 * makes it better, is allowed: otherwise nothing could repair it.
 * @returns the groups of domains for which the change violates it, or makes it worse; [] between two domains
 */
export function* judgeAssertion(rule: AssertionRule, changes: SideChanges): Generator<readonly Counted[]> {
  const sides = rule.sides === 'either' ? domainSides : [rule.sides];
  const listMoments = holdsAlways(rule.requirement) ? changes.listMoments : changes.listEnds;
  for (const domains of listGroups(rule, changes)) {
    if (!domains.some(changes.isTouched)) continue;
    const differences = new Map<number, number>();
    for (const domain of domains) {
      let last = 0;
      for (const { at, serving } of listMoments(domain)) {
        const count = sides.filter((side) => serving.has(side)).length;
        differences.set(at, (differences.get(at) ?? 0) + count - last);
        last = count;
      }
      yield [];
    }
    let counted: Counted = { domains, serving: 0, all: domains.length * sides.length };
    let best = Number.POSITIVE_INFINITY;
    for (const [, difference] of [...differences].toSorted(([a], [b]) => a - b)) {
      counted = { ...counted, serving: counted.serving + difference };
      const missed = missedBy(rule.requirement, counted);
      if (missed > best) {
        yield [counted];
        break;
      }
      best = missed;
    }
  }
}

/** A write, with its index among those that are judged. */
type IndexedWrite = LocatedWrite & { readonly at: number };

/**
 * Returns a look-up of the writes that concern a domain, in their order. One of a rule with an expression, which is not
 * run, concerns all domains.
 */
function indexWrites(writes: readonly LocatedWrite[]): (domain: string) => readonly IndexedWrite[] {
  const byDomain = new Map<string, IndexedWrite[]>();
  writes.forEach((write, at) => {
    for (const domain of write.domains) {
      const found = byDomain.get(domain) ?? [];
      found.push({ ...write, at });
      byDomain.set(domain, found);
    }
  });
  const patterns = [...byDomain].filter(([domain]) => /[*~]/.test(domain));
  return (given) => {
    const domain = given.toLowerCase();
    const own = byDomain.get(domain) ?? [];
    const fitting = patterns.flatMap(([pattern, found]) =>
      pattern.startsWith('~') || matchesDomain(pattern, domain) ? found : [],
    );
    if (fitting.length === 0) return own;
    const found = new Map([...own, ...fitting].map((write) => [write.at, write]));
    return [...found.values()].toSorted((a, b) => a.at - b.at);
  };
}

/** Returns what writes of a plan do to the sides of domains: those judged, those in effect before, and all of the plan. */
export function listSideChanges(
  estate: Estate,
  named: readonly string[],
  writes: Readonly<Record<'judged' | 'before' | 'all', readonly LocatedWrite[]>>,
): SideChanges {
  const known = [...new Set([...listHostNames(estate), ...named])];
  const judged = indexWrites(writes.judged);
  const before = indexWrites(writes.before);
  const all = indexWrites(writes.all);
  const isTouched = (domain: string) => judged(domain).length > 0;
  const listMoments = once((domain): readonly Moment[] => {
    const earlier = before(domain).map(({ step }) => step);
    let state = resultingState(estate, earlier);
    const behind: SidesBehind = new Map();
    const moments = [{ at: -1, serving: listServingSides(state, domain, behind) }];
    for (const { at, step } of judged(domain)) {
      const { kind } = step.object;
      if (kind === 'rule') behind.clear();
      else if (kind !== 'recordSet') continue;
      state = withWrite(state, step);
      moments.push({ at, serving: listServingSides(state, domain, behind) });
    }
    return moments;
  });
  const listEnds = once((domain): readonly Moment[] => {
    const steps = all(domain).map(({ step }) => step);
    return [
      { at: -1, serving: listServingSides(originalState(estate, steps), domain) },
      { at: 0, serving: listServingSides(resultingState(estate, steps), domain) },
    ];
  });
  return { known, touched: known.filter(isTouched), isTouched, listMoments, listEnds };
}

/** Returns what a change does that is no write of a plan, such as that of a function: those of the given domains. */
export function listChangesBetween(before: Estate, after: Estate, patterns: readonly string[]): SideChanges {
  const known = [...listHostNames(before)];
  const isTouched = domainMatcher(patterns);
  const listMoments = once((domain): readonly Moment[] =>
    [before, after].map((estate, at) => ({
      at,
      serving: listServingSides(resultingState(estate, []), domain),
    })),
  );
  return { known, touched: known.filter(isTouched), isTouched, listMoments, listEnds: listMoments };
}
