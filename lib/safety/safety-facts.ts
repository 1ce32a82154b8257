import type { Diversion } from '@/lib/diversion/diversion';
import type { Freeze } from '@/lib/diversion/freeze-times';
import type { Estate } from '@/lib/estate/model';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { StoredSafetyRule } from './safety-rule';

/** A completed write of an apply: for thresholds over a time. */
export type PastWrite = {
  /** An ISO instant. */
  readonly at: string;
  readonly connectionId: string;
  readonly diversion: Pick<Diversion, 'routes'>;
  readonly step: WriteStep;
};

/** The input of the rules besides the estate and the plan. */
export type SafetyFacts = {
  readonly rules: readonly StoredSafetyRule[];
  readonly freezes: readonly Freeze[];
  /** True while all changes are paused. */
  readonly isPaused: boolean;
  /** The ids of other runs that are changing something, with their connections. */
  readonly otherRuns: readonly { readonly id: string; readonly connectionIds: readonly string[] }[];
  /** The approvals that the plan has; a plan that is not stored yet has none. */
  readonly approvals: number;
  /** At least those in the longest time of a threshold. */
  readonly pastWrites: readonly PastWrite[];
  /** True for an automatic failover: see `isLeftOut`. */
  readonly isFailover: boolean;
};

export type SafetyPlan = Pick<Plan, 'connectionId' | 'diversion' | 'steps'>;

/** A time in which a plan writes, in epoch ms. */
export type WriteTime = { readonly from: number; readonly to: number };

/**
 * A change to judge: all writes of a plan, or one of them.
 *
 * `writes`: those judged. `before`: those of the plan that are already in effect. `at`: the current time, in epoch ms.
 * `times`: when the plan will write; null = at a time that is not known yet.
 */
export type JudgedChange = {
  readonly plan: SafetyPlan;
  /** With the objects that the plan creates: see `anticipate`. */
  readonly estate: Estate;
  readonly writes: readonly WriteStep[];
  readonly before: readonly WriteStep[];
  readonly at: number;
  readonly times: readonly WriteTime[] | null;
};

/** The reasons of a violation: a key of the message that names the rule, and who may change it. */
const violationWhys = [
  'atLeast',
  'atMost',
  'all',
  'allOrNone',
  'gate',
  'noChangeFreeze',
  'notPaused',
  'noOtherRun',
  'writes',
  'domains',
  'routesPercent',
  'never',
  'approvals',
  'hours',
  'unread',
] as const;

/** A rule that a change violates. */
export type Violation = {
  readonly ruleId: number;
  /** The name of the rule. */
  readonly rule: string;
  readonly why: (typeof violationWhys)[number];
  /** The domain or object that the violation is about. */
  readonly object: string;
  /** Further values of the message, such as the count and its limit. */
  readonly values: Readonly<Record<string, string | number>>;
  /** The role that can make the change possible, by changing the rule or switching its gate. */
  readonly may: 'operator' | 'administrator';
  /**
   * True if the same plan may be allowed when it starts: its gate may be on by then. Such a violation doesn't refuse a
   * plan or an approval, but the start of a run and each write.
   */
  readonly isMomentary: boolean;
};

/** Returns the values of the message about a violation: the reason is one of them, and says which of the others it uses. */
export function violationValues({
  rule,
  why,
  object,
  may,
  values,
}: Pick<Violation, 'rule' | 'why' | 'object' | 'may' | 'values'>): Readonly<Record<string, string | number>> {
  return { ...values, rule, why, object, may };
}
