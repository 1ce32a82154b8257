import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesDomain } from '@/lib/match-domain';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import {
  anyOrder,
  buildPlan,
  oncePerObject,
  sharedSeed,
  situations,
} from '@/testing/plan/planned-situations';
import { readAgain } from '@/testing/plan/test-read-again';
import { walkThere } from '@/testing/plan/test-walk';
import { createStock } from '@/testing/simulation/cloud/stock';
import { generateSituation, type Situation } from '@/testing/simulation/generate-situation';
import { judgeChange } from './judge-change';
import { fitsAny, listWriteDomains } from './matching-writes';
import { domainSides, listHostNames, listServingSides, resultingState } from './resulting-state';
import type { JudgedChange, SafetyFacts } from './safety-facts';
import { type AssertionRule, SafetyRule, type StoredSafetyRule } from './safety-rule';

type Given = Situation & { readonly seed: number };

const situation = situations(generateSituation);
const planOnce = oncePerObject((given: Given): Plan => buildPlan(given));

const property = <Args extends unknown[]>(
  args: { readonly [K in keyof Args]: fc.Arbitrary<Args[K]> },
  holds: (given: Given, ...args: Args) => void,
) =>
  fc.assert(
    fc.property(situation, fc.tuple(...args), (given, chosen) => holds(given, ...(chosen as Args))),
    { numRuns: 200, seed: sharedSeed },
  );

const at = Date.parse('2026-12-11T10:00:00Z');

function changeOf(given: Given): JudgedChange {
  const plan = planOnce(given);
  const writes = plan.steps.filter((step): step is WriteStep => step.kind === 'write');
  const { estate } = anticipate(given.estate, given.diversion);
  return { plan, estate, writes, before: [], at, times: null };
}

function factsOf(rules: readonly StoredSafetyRule[], more: Partial<SafetyFacts> = {}): SafetyFacts {
  const none = {
    freezes: [],
    isPaused: true,
    otherRuns: [],
    approvals: 0,
    pastWrites: [],
    isFailover: false,
  };
  return { ...none, rules, ...more };
}

const patterns = fc.constantFrom(['*'], ['flash.*'], ['shop.*', 'sale.*'], ['elsewhere.example']);
const bulkOf = (unit: string, max: number, domains: readonly string[]) => ({
  kind: 'bulk',
  unit,
  max,
  match: { domains },
});
const anyRule = fc.oneof(
  fc.record({
    kind: fc.constant('assertion'),
    match: patterns.map((domains) => ({ domains })),
    sides: fc.constantFrom('either', 'cvm', 'function'),
    over: fc.constantFrom('eachDomain', 'allDomains'),
    requirement: fc.oneof(
      fc.record({ kind: fc.constantFrom('atLeast', 'atMost'), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constantFrom('all', 'allOrNone') }),
    ),
  }),
  fc.record({
    kind: fc.constant('gating'),
    match: patterns.map((domains) => ({ domains })),
    condition: fc.constantFrom('gate', 'notPaused'),
  }),
  fc
    .tuple(fc.constantFrom('writes', 'domains', 'routesPercent'), fc.integer({ min: 1, max: 20 }), patterns)
    .map((given) => bulkOf(...given)),
  fc.record({
    kind: fc.constant('protected'),
    match: patterns.map((domains) => ({ domains })),
    approvals: fc.constantFrom(null, 1, 2),
  }),
);
const anyRules = fc
  .array(anyRule, { maxLength: 5 })
  .map((rules) =>
    rules.map(
      (rule, id): StoredSafetyRule => ({ id, gate: null, rule: SafetyRule.parse({ name: 'n', ...rule }) }),
    ),
  );

it('property: the order of rules does not matter', () => {
  property([anyRules], (given, rules) => {
    const change = changeOf(given);
    const sorted = (order: readonly StoredSafetyRule[]) =>
      judgeChange(change, factsOf(order)).toSorted((a, b) => a.ruleId - b.ruleId);
    expect(sorted(rules.toReversed())).toEqual(sorted(rules));
  });
});

it('property: a plan is never refused by rules for other domains, connections or regions', () => {
  const elsewhere = fc.constantFrom(
    { domains: ['elsewhere.example'] },
    { domains: ['*'], connectionIds: ['elsewhere'] },
    { domains: ['*'], regions: ['ap-elsewhere'] },
  );
  property([anyRules, elsewhere], (given, rules, match) => {
    const change = changeOf(given);
    // Without an object that has a region, a plan belongs to any.
    fc.pre(match.regions === undefined || change.writes.some(({ object }) => object.kind !== 'recordSet'));
    const others = rules.map(({ rule, ...rest }) => ({
      ...rest,
      rule: SafetyRule.parse({ ...rule, match }),
    }));
    expect(judgeChange(change, factsOf(others))).toEqual([]);
  });
});

it('property: a higher threshold, and more approvals, never refuse more', () => {
  const limit = fc.integer({ min: 1, max: 30 });
  const unit = fc.constantFrom('writes', 'domains', 'routesPercent');
  property([unit, limit, limit, patterns], (given, of, one, other, domains) => {
    const change = changeOf(given);
    const count = (max: number) => {
      const rule = SafetyRule.parse({ name: 'n', ...bulkOf(of, max, domains) });
      return judgeChange(change, factsOf([{ id: 1, gate: null, rule }])).length;
    };
    expect(count(Math.max(one, other))).toBeLessThanOrEqual(count(Math.min(one, other)));
    const rule = SafetyRule.parse({
      kind: 'protected',
      name: 'n',
      match: { domains },
      approvals: 2,
    });
    const stored = [{ id: 1, gate: null, rule }];
    const refused = [0, 1, 2].map((approvals) => judgeChange(change, factsOf(stored, { approvals })).length);
    expect(refused).toEqual(refused.toSorted((a, b) => b - a));
    expect(refused.at(-1)).toBe(0);
  });
});

it('property: a plan that no rule refuses is refused at none of its writes', () => {
  property([anyRules], (given, rules) => {
    const change = changeOf(given);
    const facts = factsOf(rules);
    const isRefused = judgeChange(change, facts).length > 0;
    const refusedWrites = change.writes.filter(
      (step, index) =>
        judgeChange({ ...change, writes: [step], before: change.writes.slice(0, index) }, facts).length > 0,
    );
    expect(refusedWrites.length > 0).toBe(isRefused);
  });
});

/** Counts the sides of all names after every write, and returns the names that a rule counts together, with their count. */
function judgePlainly(rule: AssertionRule, { estate, plan, writes, before }: JudgedChange) {
  const { match, over, requirement } = rule;
  const sides = rule.sides === 'either' ? domainSides : [rule.sides];
  const isAlways = requirement.kind === 'atLeast' || requirement.kind === 'all';
  const all = plan.steps.filter((step): step is WriteStep => step.kind === 'write');
  const states = isAlways ? writes.map((_, n) => [...before, ...writes.slice(0, n + 1)]) : [all];
  const known = [...listHostNames(estate), ...plan.diversion.routes.map(({ domain }) => domain)];
  const names = known.filter((name) => match.domains.some((pattern) => matchesDomain(pattern, name)));
  const named = match.domains.filter((pattern) => !pattern.includes('*'));
  const domains = [...new Set([...names, ...named])].toSorted();
  return (over === 'allDomains' ? [domains] : domains.map((domain) => [domain])).flatMap((group) => {
    const isTouched = writes.some((step) =>
      listWriteDomains(step, plan, estate).some((touched) =>
        group.some((name) => matchesDomain(touched, name)),
      ),
    );
    const counts = [isAlways ? before : [], ...states].map((steps) => {
      const state = resultingState(estate, steps);
      return group
        .flatMap((name) => [...listServingSides(state, name)])
        .filter((side) => sides.includes(side)).length;
    });
    const missed = counts.map((serving) => {
      const others = group.length * sides.length - serving;
      if (requirement.kind === 'atMost') return Math.max(0, serving - requirement.count);
      if (requirement.kind === 'atLeast') return Math.max(0, requirement.count - serving);
      return requirement.kind === 'all' ? others : Math.min(serving, others);
    });
    const worse = missed.findIndex((each, n) => each > (missed[n - 1] ?? each));
    return isTouched && worse > 0 ? [{ object: group.join(', '), serving: counts[worse] }] : [];
  });
}

it('property: an assertion judges what counting all names after every write finds', () => {
  property([anyRules, fc.nat()], (given, rules, begun) => {
    const all = changeOf(given);
    const from = begun % (all.writes.length + 1);
    const change = { ...all, before: all.writes.slice(0, from), writes: all.writes.slice(from) };
    for (const stored of rules) {
      if (stored.rule.kind !== 'assertion') continue;
      const found = judgeChange(change, factsOf([stored]));
      expect(found.map(({ object, values }) => ({ object, serving: values.serving }))).toEqual(
        judgePlainly(stored.rule, change),
      );
    }
  });
});

it('property: the resulting state is what the next sync reads', () => {
  property([], (given) => {
    const { estate, writes } = changeOf(given);
    // Objects that the plan creates have other ids once they exist.
    fc.pre(given.diversion.creates.loadBalancers.length + given.diversion.creates.listeners.length === 0);
    const { stock } = walkThere(createStock(given.estate), planOnce(given), anyOrder(given.seed));
    const after = readAgain(given.estate, stock);
    for (const { domain } of given.diversion.routes)
      expect([...listServingSides(resultingState(estate, writes), domain)].toSorted()).toEqual(
        [...listServingSides(resultingState(after, []), domain)].toSorted(),
      );
  });
});

it('property: a wildcard fits a pattern if some name fits both', () => {
  // Both patterns have three characters at most, so that six suffice for a name that fits both.
  const names = Array.from({ length: 6 }).reduce<readonly string[]>(
    (shorter) => ['', ...shorter.flatMap((name) => [`${name}a`, `${name}b`])],
    [''],
  );
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(pattern, pattern, (domain, given) => {
      const hasCommon = names.some((name) => matchesDomain(domain, name) && matchesDomain(given, name));
      expect(fitsAny([given])(domain)).toBe(hasCommon);
    }),
    { numRuns: 1000 },
  );
});
