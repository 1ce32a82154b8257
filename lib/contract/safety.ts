import type { DiversionId } from '@/lib/diversion/diversion';
import type { PlanId } from '@/lib/plan/model/model';
import type { SafetyRule, StoredSafetyRule } from '@/lib/safety/safety-rule';
import type { Answer } from './answer';

/** A safety rule, and who changed it last. */
export type SafetyRuleView = StoredSafetyRule & {
  readonly changedBy: string;
  /** An ISO instant. */
  readonly changedAt: string;
};

/** `safetyRule.list`. */
export type SafetyRulesView = { readonly rules: readonly SafetyRuleView[] };

/** A current diversion that a rule refuses: its newest plan, and the values of `ui.refusal.plan.safetyRule`. */
export type RefusedDiversion = {
  readonly diversionId: DiversionId;
  readonly planId: PlanId;
  readonly name: string;
  /** True if its plan may be allowed when it starts. */
  readonly isMomentary: boolean;
  readonly values: Readonly<Record<string, string | number>>;
};

/** The current diversions that a rule refuses, of all that were judged. */
export type SafetyRulePreview = {
  readonly refused: readonly RefusedDiversion[];
  readonly judged: number;
};

export type AddSafetyRuleAction = (input: { rule: SafetyRule }) => Answer<{ id: number }>;
export type ChangeSafetyRuleAction = (input: { id: number; rule: SafetyRule }) => Answer<null>;
export type RemoveSafetyRuleAction = (input: { id: number }) => Answer<null>;
export type SetSafetyGateAction = (input: { id: number; isOn: boolean; reason: string }) => Answer<null>;
