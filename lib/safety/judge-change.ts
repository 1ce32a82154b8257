import { findFreeze, listIntervals } from '@/lib/diversion/freeze-times';
import { applyFunctionChange, listChangedUses } from '@/lib/estate/functions/apply-function-change';
import type { FunctionChange, FunctionId } from '@/lib/estate/functions/function-change';
import type { Estate } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { StepId, WriteStep } from '@/lib/plan/model/model';
import { inTurns } from '@/lib/timing/in-turns';
import { countChanges } from './count-changes';
import { type Counted, judgeAssertion, listChangesBetween, listSideChanges } from './judge-assertion';
import {
  type ChangePlace,
  fitsAny,
  type LocatedWrite,
  listRegions,
  listWriteDomains,
  locateWrite,
  placeMatcher,
} from './matching-writes';
import type { JudgedChange, SafetyFacts, SafetyPlan, Violation, WriteTime } from './safety-facts';
import type {
  AssertionRule,
  BulkRule,
  GatingRule,
  HoursRule,
  ProtectedRule,
  StoredSafetyRule,
} from './safety-rule';

/** A violation without the rule that it violates. */
type Found = Omit<Violation, 'ruleId' | 'rule' | 'may'> & { readonly may?: Violation['may'] };

/** A rule of one kind, and what it is judged on: at least one change that it applies to. */
type Judged<R> = {
  readonly rule: R;
  readonly stored: StoredSafetyRule;
  readonly matching: readonly [ChangePlace, ...ChangePlace[]];
  readonly at: number;
  readonly times: JudgedChange['times'];
  readonly facts: SafetyFacts;
};

/**
 * Returns whether a kind of rule does not apply to an automatic failover. Thresholds and allowed hours don't: an outage can
 * happen at any time, and a failover moves one name that a person has enabled it for.
 */
const isLeftOut = ({ kind }: StoredSafetyRule['rule']) => kind === 'bulk' || kind === 'hours';

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

/** Locates the writes of other plans where those wrote, with their domains as a threshold counts them. */
function locatePast({ pastWrites }: SafetyFacts, estate: Estate) {
  return pastWrites.map((past) => {
    const place = locateWrite(past.step, { ...past, regions: listRegions([past.step]) }, null);
    const write = { ...place, domains: listWriteDomains(past.step, past, estate) };
    return { at: Date.parse(past.at), place, write };
  });
}

/** A threshold counts all writes of the plan, also when one of them is judged: it is a property of the plan. */
function judgeBulk(
  rule: BulkRule,
  { estate, at }: Pick<JudgedChange, 'estate' | 'at'>,
  all: readonly LocatedWrite[],
  listPast: () => ReturnType<typeof locatePast>,
): readonly Found[] {
  const { unit, max, windowMinutes } = rule;
  const matches = placeMatcher(rule);
  const own = all.filter(matches);
  // Those of this plan that are in effect already are among its own.
  const others =
    windowMinutes === null
      ? []
      : listPast().filter((past) => past.at > at - windowMinutes * 60_000 && matches(past.place));
  const alone = countChanges(unit, own, estate);
  const changes = alone.map(({ object }) => object);
  return countChanges(unit, [...others.map(({ write }) => write), ...own], estate)
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
    .filter(fitsAny(rule.match.domains))
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

/** Creates a function that makes a value when it is first needed. */
function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * Judges a change by the enabled rules: pure, and independent of their order except for that of the result. A rule that
 * applies to none of the writes is never violated. Rollbacks are not judged at all: a rollback must always be
 * possible (`docs/guide/safety-rules.md`).
 */
export function judgeChange(change: JudgedChange, facts: SafetyFacts): readonly Violation[] {
  return [...judgeEachRule(change, facts)].flat();
}

/** Judges a change as `judgeChange` does. Other work of the process continues between rules. */
export async function judgeInTurns(change: JudgedChange, facts: SafetyFacts): Promise<readonly Violation[]> {
  return (await inTurns(judgeEachRule(change, facts))).flat();
}

/** Judges all writes of a plan in the same way, on a snapshot. */
export function judgePlan(
  {
    plan,
    ...when
  }: { readonly plan: SafetyPlan; readonly estate: Estate } & Pick<JudgedChange, 'at' | 'times'>,
  facts: SafetyFacts,
): Promise<readonly Violation[]> {
  const { estate } = anticipate(when.estate, plan.diversion);
  const writes = plan.steps.filter((step) => step.kind === 'write');
  return judgeInTurns({ ...when, plan, estate, writes, before: [] }, facts);
}

/** Judges a change by rule and domain, so that other work can continue between them. */
export function* judgeEachRule(change: JudgedChange, facts: SafetyFacts): Generator<readonly Violation[]> {
  const { plan, estate, at, times } = change;
  const all = plan.steps.filter((step) => step.kind === 'write');
  const regions = listRegions(all);
  const locate = (step: WriteStep) => locateWrite(step, { ...plan, regions }, estate);
  const places = change.writes.map(locate);
  const listAll = lazily(() => all.map(locate));
  const listPast = lazily(() => locatePast(facts, estate));
  const names = plan.diversion.routes.map(({ domain }) => domain);
  const listSides = lazily(() =>
    listSideChanges(estate, names, { judged: places, before: change.before.map(locate), all: listAll() }),
  );
  for (const stored of facts.rules) {
    yield [];
    const { rule } = stored;
    if (!rule.isEnabled || (facts.isFailover && isLeftOut(rule))) continue;
    const [first, ...rest] = places.filter(placeMatcher(rule));
    if (first === undefined) continue;
    if (rule.kind === 'assertion')
      for (const broken of judgeAssertion(rule, listSides()))
        yield violations(stored, describeBroken(rule, broken));
    else if (rule.kind === 'bulk') yield violations(stored, judgeBulk(rule, change, listAll(), listPast));
    else
      yield violations(stored, judgeByPlace({ rule, stored, matching: [first, ...rest], at, times, facts }));
  }
}

/** The next write of a run. */
type NextWrite = Pick<JudgedChange, 'plan' | 'estate' | 'at'> & {
  readonly stepId: StepId;
  /** The steps of the plan that are in effect, or may be. */
  readonly begun: ReadonlySet<StepId>;
};

/** Returns the change that the next write of a run is, on the state that its writes so far have left. It is sent at once. */
export function nextChange({ plan, estate, at, stepId, begun }: NextWrite): JudgedChange {
  const steps = plan.steps.filter((step) => step.kind === 'write');
  const writes = steps.filter(({ id }) => id === stepId);
  const before = steps.filter(({ id }) => id !== stepId && begun.has(id));
  return { plan, estate, at, writes, before, times: [{ from: at, to: at }] };
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
  const touched: ChangePlace = { connectionId, regions: [id.region], domains, name };
  const after = estate && applyFunctionChange(estate, id, change);
  const listSides = lazily(() => estate && after && listChangesBetween(estate, after, domains));
  return facts.rules.flatMap((stored) => {
    const { rule } = stored;
    if (!rule.isEnabled || rule.kind === 'bulk' || !placeMatcher(rule)(touched)) return [];
    if (rule.kind === 'assertion') {
      const sides = listSides();
      const broken = sides === null ? [] : [...judgeAssertion(rule, sides)].flat();
      return violations(stored, describeBroken(rule, broken));
    }
    const times = [{ from: at, to: at }];
    return violations(stored, judgeByPlace({ rule, stored, matching: [touched], at, times, facts }));
  });
}
