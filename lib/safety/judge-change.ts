import { findFreeze, listIntervals } from '@/lib/diversion/freeze-times';
import { applyFunctionChange, listChangedUses } from '@/lib/estate/functions/apply-function-change';
import type { FunctionChange, FunctionId } from '@/lib/estate/functions/function-change';
import type { Estate } from '@/lib/estate/model';
import { refName } from '@/lib/estate/ref-name';
import type { StepId } from '@/lib/plan/model/model';
import { countChanges, toCounted } from './count-changes';
import { type Counted, judgeAssertion, judgeAssertionBetween } from './judge-assertion';
import {
  type ChangePlace,
  fitsAny,
  listRegions,
  locateWrite,
  matchesPlace,
  matchesWrite,
} from './matching-writes';
import type { JudgedChange, SafetyFacts, Violation, WriteTime } from './safety-facts';
import type {
  AssertionRule,
  BulkRule,
  GatingRule,
  HoursRule,
  ProtectedRule,
  SafetyRuleKind,
  StoredSafetyRule,
} from './safety-rule';

/** A violation without the rule that it violates. */
type Found = Omit<Violation, 'ruleId' | 'rule' | 'may'> & { readonly may?: Violation['may'] };

/** A change that a rule applies to: where it is, and the display name of its object. */
type Touched = ChangePlace & { readonly name: string };

/** A rule of one kind, and what it is judged on: at least one change that it applies to. */
type Judged<R> = {
  readonly rule: R;
  readonly stored: StoredSafetyRule;
  readonly matching: readonly [Touched, ...Touched[]];
  readonly at: number;
  readonly times: JudgedChange['times'];
  readonly facts: SafetyFacts;
};

/**
 * Returns whether a kind of rule applies to an automatic failover. Thresholds and allowed hours don't: an outage can
 * happen at any time, and a failover moves one name that a person has enabled it for.
 */
function appliesTo({ isFailover }: SafetyFacts, kind: SafetyRuleKind): boolean {
  return !isFailover || (kind !== 'bulk' && kind !== 'hours');
}

function judgeGating({
  rule,
  stored,
  matching,
  at,
  times: given,
  facts,
}: Judged<GatingRule>): readonly Found[] {
  const [first] = matching;
  const found = (why: Found['why'], values: Found['values'] = {}, may?: Found['may']): readonly Found[] => [
    { why, object: first.name, values, isMomentary: true, ...(may === undefined ? {} : { may }) },
  ];
  switch (rule.condition) {
    case 'gate': {
      if (stored.isUnread) return [{ why: 'unread', object: '', values: {}, isMomentary: false }];
      const { gate } = stored;
      if (gate?.isOn) return [];
      return found('gate', { by: gate?.by ?? '', reason: gate?.reason ?? '' }, rule.switchedBy);
    }
    case 'noChangeFreeze': {
      const isMomentary = given === null;
      const times = given ?? [{ from: at, to: at }];
      const freeze = times
        .map(({ from, to }) =>
          findFreeze(facts.freezes, new Date(from).toISOString(), new Date(to).toISOString()),
        )
        .find((each) => each !== null);
      return freeze
        ? found('noChangeFreeze', { freeze: freeze.name }).map((each) => ({ ...each, isMomentary }))
        : [];
    }
    case 'notPaused':
      return facts.isPaused ? found('notPaused') : [];
    case 'noOtherRun': {
      const own = new Set(matching.map(({ connectionId }) => connectionId));
      const other = facts.otherRuns.find(({ connectionIds }) => connectionIds.some((id) => own.has(id)));
      return other === undefined ? [] : found('noOtherRun', { run: other.id });
    }
  }
}

/** A threshold counts all writes of the plan, also when one of them is judged: it is a property of the plan. */
function judgeBulk(rule: BulkRule, change: JudgedChange, facts: SafetyFacts): readonly Found[] {
  const { plan, estate, at } = change;
  const all = plan.steps.filter((step) => step.kind === 'write');
  const regions = listRegions(all);
  const own = toCounted(
    plan,
    all.filter((step) => matchesWrite(rule, step, { ...plan, regions }, estate)),
  );
  const { unit, max, windowMinutes } = rule;
  const since = at - (windowMinutes ?? 0) * 60_000;
  // Those of this plan that are in effect already are among its own.
  const others =
    windowMinutes === null
      ? []
      : facts.pastWrites.filter(
          (past) =>
            Date.parse(past.at) > since &&
            matchesWrite(rule, past.step, { ...past, regions: listRegions([past.step]) }, null),
        );
  const alone = countChanges(unit, own, estate);
  const changes = alone.map(({ object }) => object);
  return countChanges(unit, [...others, ...own], estate)
    .filter(({ object, count }) => count > max && changes.includes(object))
    .map(({ object, count }) => ({
      why: unit,
      object,
      values: { count, max, minutes: windowMinutes ?? 0 },
      isMomentary: !alone.some((each) => each.object === object && each.count > max),
    }));
}

function judgeProtected({ rule, matching, facts }: Judged<ProtectedRule>): readonly Found[] {
  const { approvals: needed } = rule;
  if (needed !== null && facts.approvals >= needed) return [];
  const domains = new Set(matching.flatMap((each) => each.domains));
  return [...domains]
    .filter((domain) => fitsAny(rule.match.domains, domain))
    .map((object) =>
      needed === null
        ? { why: 'never', object, values: {}, isMomentary: false }
        : { why: 'approvals', object, values: { given: facts.approvals, needed }, isMomentary: true },
    );
}

function isAllowed({ windows }: HoursRule, { from, to }: WriteTime): boolean {
  const end = Math.max(to, from + 1);
  const open = windows.flatMap((span) => listIntervals(span, from, end)).toSorted((a, b) => a.from - b.from);
  let covered = from;
  for (const interval of open) if (interval.from <= covered) covered = Math.max(covered, interval.to);
  return covered >= end;
}

function judgeHours({ rule, matching: [first], times, at }: Judged<HoursRule>): readonly Found[] {
  const outside = (times ?? [{ from: at, to: at }]).find((time) => !isAllowed(rule, time));
  if (outside === undefined) return [];
  const values = { at: `${new Date(outside.from).toISOString().slice(0, 16).replace('T', ' ')} UTC` };
  return [{ why: 'hours', object: first.name, values, isMomentary: times === null }];
}

/** Describes the groups of domains for which an assertion is violated. */
function describeBroken(rule: AssertionRule, broken: readonly Counted[]): readonly Found[] {
  return broken.map(({ domains, serving, all }) => ({
    why: rule.requirement.kind,
    object: domains.join(', '),
    values: {
      serving,
      all,
      count: 'count' in rule.requirement ? rule.requirement.count : all,
      sides: rule.sides,
    },
    isMomentary: false,
  }));
}

type ByPlace = Exclude<StoredSafetyRule['rule'], AssertionRule | BulkRule>;

/** Judges a rule that only depends on where and when something changes. */
function judgeByPlace(judged: Judged<ByPlace>): readonly Found[] {
  const { rule } = judged;
  switch (rule.kind) {
    case 'gating':
      return judgeGating({ ...judged, rule });
    case 'protected':
      return judgeProtected({ ...judged, rule });
    case 'hours':
      return judgeHours({ ...judged, rule });
  }
}

const violations = ({ id: ruleId, rule }: StoredSafetyRule, found: readonly Found[]): readonly Violation[] =>
  found.map((each) => ({ ruleId, rule: rule.name, may: 'administrator', ...each }));

/**
 * Judges a change by the enabled rules: pure, and independent of their order except for that of the result. A rule that
 * applies to none of the writes is never violated. Rollbacks are not judged at all: a rollback must always be
 * possible (`docs/guide/safety-rules.md`).
 */
export function judgeChange(change: JudgedChange, facts: SafetyFacts): readonly Violation[] {
  const { plan, writes, estate, at, times } = change;
  const regions = listRegions(plan.steps.filter((step) => step.kind === 'write'));
  const places = writes.map(
    (step): Touched => ({ ...locateWrite(step, { ...plan, regions }, estate), name: refName(step.object) }),
  );
  return facts.rules.flatMap((stored) => {
    const { rule } = stored;
    if (!rule.isEnabled || !appliesTo(facts, rule.kind)) return [];
    const [first, ...rest] = places.filter((place) => matchesPlace(rule, place));
    if (first === undefined) return [];
    switch (rule.kind) {
      case 'assertion':
        return violations(stored, describeBroken(rule, judgeAssertion(rule, change)));
      case 'bulk':
        return violations(stored, judgeBulk(rule, change, facts));
      default:
        return violations(
          stored,
          judgeByPlace({ rule, stored, matching: [first, ...rest], at, times, facts }),
        );
    }
  });
}

/** The next write of a run. */
type NextWrite = Pick<JudgedChange, 'plan' | 'estate' | 'at'> & {
  readonly stepId: StepId;
  /** The steps of the plan that are in effect, or may be. */
  readonly begun: ReadonlySet<StepId>;
};

/** Judges the next write of a run on the state that its writes so far have left. It is sent at once. */
export function judgeNextWrite(
  { plan, estate, at, stepId, begun }: NextWrite,
  facts: SafetyFacts,
): readonly Violation[] {
  const writes = plan.steps.filter((step) => step.kind === 'write');
  return judgeChange(
    {
      plan,
      estate,
      at,
      writes: writes.filter(({ id }) => id === stepId),
      before: writes.filter(({ id }) => id !== stepId && begun.has(id)),
      times: [{ from: at, to: at }],
    },
    facts,
  );
}

/** A change of a function outside of plans. */
export type JudgedFunctionChange = {
  readonly connectionId: string;
  readonly id: FunctionId;
  /** null = a deployment. */
  readonly change: FunctionChange | null;
  /** The newest snapshot of the connection; null before the first sync. */
  readonly estate: Estate | null;
  /** The current time, in epoch ms: it is sent at once. */
  readonly at: number;
};

/**
 * Judges a change of a function by the enabled rules, except for thresholds, which count the writes of plans. It concerns
 * the domains whose calls it affects; one that affects none is judged by the rules that apply to all domains. It has no
 * approvals.
 */
export function judgeFunctionChange(
  { connectionId, id, change, estate, at }: JudgedFunctionChange,
  facts: SafetyFacts,
): readonly Violation[] {
  const uses = estate === null ? [] : listChangedUses(estate, id, change);
  const ruleIds = new Set(uses.map(({ ruleId }) => ruleId));
  const rules = estate?.rules.filter(({ id: ruleId }) => ruleIds.has(ruleId)) ?? [];
  const domains = [...new Set(rules.flatMap((rule) => rule.domains.map((domain) => domain.toLowerCase())))];
  const name = `${id.namespace}/${id.name} (${id.region})`;
  const touched: Touched = { connectionId, regions: [id.region], domains, name };
  return facts.rules.flatMap((stored) => {
    const { rule } = stored;
    if (!rule.isEnabled || rule.kind === 'bulk' || !matchesPlace(rule, touched)) return [];
    if (rule.kind === 'assertion') {
      if (estate === null) return [];
      const after = applyFunctionChange(estate, id, change);
      return violations(
        stored,
        describeBroken(rule, judgeAssertionBetween(rule, { before: estate, after, domains })),
      );
    }
    const times = [{ from: at, to: at }];
    return violations(stored, judgeByPlace({ rule, stored, matching: [touched], at, times, facts }));
  });
}
