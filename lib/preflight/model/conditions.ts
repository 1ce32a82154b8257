import type { FunctionChoice } from '@/lib/diversion/route';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import type { RuleRef } from '@/lib/estate/object';
import type { SafetyFacts } from '@/lib/safety/safety-facts';

/**
 * The time in which something is in progress: from its prewarm until the rollback is complete. Instants are ISO 8601 in
 * UTC; `until` null = it stays.
 */
export type Span = { readonly from: string; readonly until: string | null };

/** Another plan of the connection that has not ended: reviewed and not applied yet, or a waiting or active run. */
export type OtherPlan = {
  /** The id of its run, or of the plan where there is no run. */
  readonly id: string;
  readonly name: string;
  readonly state: 'draft' | 'scheduled' | 'active' | 'stopped';
  /** null = unknown: a draft has no schedule, and a stopped run continues on a person's command. */
  readonly span: Span | null;
  /** Keys of the objects that it writes to. */
  readonly objects: readonly string[];
  /** The functions that it binds to rules, for the account of the viewing plan. */
  readonly binds?: readonly FunctionBinding[];
};

/** A function that a plan binds to a rule. */
export type FunctionBinding = { readonly rule: RuleRef; readonly function: FunctionChoice };

/**
 * Returns the other plans that are in effect together at the instant of a period when they are the most.
 * @param count how many a plan counts for
 */
export function findBusiest(
  others: readonly OtherPlan[],
  span: Span | null,
  count: (other: OtherPlan) => number,
): readonly OtherPlan[] {
  const meeting = others.filter((other) => count(other) > 0 && spansMeet(span, other.span));
  // The most are in effect when one of them begins, or the period does.
  const starts = [span, ...meeting.map((other) => other.span)].flatMap((each) => each?.from ?? []);
  const instants = starts.filter((from) => span === null || from >= span.from);
  const sum = (list: readonly OtherPlan[]) => list.reduce((total, other) => total + count(other), 0);
  return [...instants, null]
    .map((at) =>
      meeting.filter(({ span: own }) =>
        own === null || at === null ? own === null : own.from <= at && (own.until === null || at < own.until),
      ),
    )
    .reduce((most, each) => (sum(each) > sum(most) ? each : most));
}

/** The input of the checks besides the estate and the diversion. */
export type Conditions = {
  /** The instant that the findings apply to, ISO 8601 in UTC. */
  readonly now: string;
  /** The plan's own schedule; null = it has none yet. */
  readonly span: Span | null;
  readonly others: readonly OtherPlan[];
  /** The results of test invocations; at least the newest one of each version and alias. */
  readonly testInvocations: readonly TestInvocation[];
  /** Moving more than this share of the estate by one plan causes a warning, in %. */
  readonly maxSharePercent: number;
  /** The keys of tags that mark objects of another tool; absent = none. */
  readonly ownerTags?: readonly string[];
  /** The safety rules and what they depend on; absent where no rule applies. */
  readonly safety?: SafetyConditions;
};

/** The input of the check of safety rules. */
export type SafetyConditions = {
  readonly facts: SafetyFacts;
  /** T0 of the plan's own schedule, as an ISO instant; null = it has none. */
  readonly t0: string | null;
  /** True if the plan starts now: what may be allowed later is then refused, too. */
  readonly isStart: boolean;
};

/** The part of it that is the same for every plan of a connection still in preparation. */
export type PlanContext = Pick<Conditions, 'now' | 'others' | 'maxSharePercent' | 'ownerTags' | 'safety'>;

/** Returns the context of a plan with this name, without earlier drafts of it, which it supersedes. */
export function withoutOwnDrafts(name: string, { others, ...rest }: PlanContext): PlanContext {
  return { ...rest, others: others.filter((other) => other.state !== 'draft' || other.name !== name) };
}

/** The default. */
export const maxSharePercentDefault = 25;

/** Returns whether two spans overlap; an unknown span may be in progress at any time. */
export function spansMeet(a: Span | null, b: Span | null): boolean {
  if (a === null || b === null) return true;
  const endsBefore = (first: Span, second: Span) =>
    first.until !== null && Date.parse(first.until) <= Date.parse(second.from);
  return !endsBefore(a, b) && !endsBefore(b, a);
}

/**
 * Returns the conditions where only an estate is known: as if its plan were the only one, at the time of the sync.
 */
export function noConditions({ takenAt }: { readonly takenAt: string }): Conditions {
  return {
    now: takenAt,
    span: null,
    others: [],
    testInvocations: [],
    maxSharePercent: maxSharePercentDefault,
  };
}
