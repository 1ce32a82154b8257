import { findFreeze, listIntervals } from '@/lib/diversion/freeze-times';
import { refName } from '@/lib/estate/ref-name';
import type { WriteStep } from '@/lib/plan/model/model';
import { countChanges, toCounted } from './count-changes';
import { judgeAssertion } from './judge-assertion';
import { fitsAny, listRegions, listWriteDomains, matchesWrite } from './matching-writes';
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

/** A rule of one kind, and the judged writes that it applies to: at least one. */
type Judged<R> = {
  readonly rule: R;
  readonly stored: StoredSafetyRule;
  readonly matching: readonly [WriteStep, ...WriteStep[]];
  readonly change: JudgedChange;
  readonly facts: SafetyFacts;
};

/**
 * Returns whether a kind of rule applies to an automatic failover. Thresholds and allowed hours don't: an outage can
 * happen at any time, and a failover moves one name that a person has enabled it for.
 */
function appliesTo({ isFailover }: SafetyFacts, kind: SafetyRuleKind): boolean {
  return !isFailover || (kind !== 'bulk' && kind !== 'hours');
}

function judgeGating({ rule, stored, matching, change, facts }: Judged<GatingRule>): readonly Found[] {
  const [first] = matching;
  const found = (why: Found['why'], values: Found['values'] = {}, may?: Found['may']): readonly Found[] => [
    { why, object: refName(first.object), values, isMomentary: true, ...(may === undefined ? {} : { may }) },
  ];
  switch (rule.condition) {
    case 'gate': {
      if (stored.isUnread) return [{ why: 'unread', object: '', values: {}, isMomentary: false }];
      const { gate } = stored;
      if (gate?.isOn) return [];
      return found('gate', { by: gate?.by ?? '', reason: gate?.reason ?? '' }, rule.switchedBy);
    }
    case 'noChangeFreeze': {
      const isMomentary = change.times === null;
      const times = change.times ?? [{ from: change.at, to: change.at }];
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
      const own = new Set(matching.map(({ object }) => object.connectionId ?? change.plan.connectionId));
      const other = facts.otherRuns.find(({ connectionIds }) => connectionIds.some((id) => own.has(id)));
      return other === undefined ? [] : found('noOtherRun', { run: other.id });
    }
  }
}

/** A threshold counts all writes of the plan, also when one of them is judged: it is a property of the plan. */
function judgeBulk({ rule, change, facts }: Judged<BulkRule>): readonly Found[] {
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

function judgeProtected({ rule, matching, change, facts }: Judged<ProtectedRule>): readonly Found[] {
  const { approvals: needed } = rule;
  if (needed !== null && facts.approvals >= needed) return [];
  const { plan, estate } = change;
  const domains = new Set(matching.flatMap((step) => listWriteDomains(step, plan, estate)));
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

function judgeHours({ rule, matching: [first], change }: Judged<HoursRule>): readonly Found[] {
  const { times, at } = change;
  const outside = (times ?? [{ from: at, to: at }]).find((time) => !isAllowed(rule, time));
  if (outside === undefined) return [];
  const values = { at: `${new Date(outside.from).toISOString().slice(0, 16).replace('T', ' ')} UTC` };
  return [{ why: 'hours', object: refName(first.object), values, isMomentary: times === null }];
}

function judgeAssertions({ rule, change }: Judged<AssertionRule>): readonly Found[] {
  return judgeAssertion(rule, change).map(({ domains, serving, all }) => ({
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

function judge(judged: Judged<StoredSafetyRule['rule']>): readonly Found[] {
  const { rule } = judged;
  switch (rule.kind) {
    case 'assertion':
      return judgeAssertions({ ...judged, rule });
    case 'gating':
      return judgeGating({ ...judged, rule });
    case 'bulk':
      return judgeBulk({ ...judged, rule });
    case 'protected':
      return judgeProtected({ ...judged, rule });
    case 'hours':
      return judgeHours({ ...judged, rule });
  }
}

/**
 * Judges a change by the enabled rules: pure, and independent of their order except for that of the result. A rule that
 * applies to none of the writes is never violated. Rollbacks are not judged at all: a rollback must always be
 * possible (`docs/guide/safety-rules.md`).
 */
export function judgeChange(change: JudgedChange, facts: SafetyFacts): readonly Violation[] {
  const { plan, writes, estate } = change;
  const regions = listRegions(plan.steps.filter((step) => step.kind === 'write'));
  return facts.rules.flatMap((stored) => {
    const { id: ruleId, rule } = stored;
    if (!rule.isEnabled || !appliesTo(facts, rule.kind)) return [];
    const [first, ...rest] = writes.filter((step) => matchesWrite(rule, step, { ...plan, regions }, estate));
    if (first === undefined) return [];
    return judge({ rule, stored, matching: [first, ...rest], change, facts }).map(
      (found): Violation => ({ ruleId, rule: rule.name, may: 'administrator', ...found }),
    );
  });
}
