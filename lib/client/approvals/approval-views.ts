import type { ApprovalCount } from '@/lib/policy/approval';
import type { ApprovalRequirement, ApprovalRule } from '@/lib/policy/approval-rules';
import type { JudgedApproval } from '@/lib/policy/judge-approvals';

/** The approval rules, in order; `set` null = never set. */
export type ApprovalRulesView = {
  readonly rules: readonly ApprovalRule[];
  readonly set: { readonly by: string; readonly at: string } | null;
};

/** An approval of a plan. */
export type ApprovalView = JudgedApproval & {
  readonly name: string;
  readonly comment: string;
  readonly at: string;
  readonly withdrawnAt: string | null;
};

export type ApprovalsView = {
  /** In the order in which they were given. */
  readonly all: readonly ApprovalView[];
  readonly count: ApprovalCount;
  /** The approvals that the rules ask for, and why. */
  readonly requirement: ApprovalRequirement;
  /** Everyone who wrote what the plan contains. */
  readonly authors: readonly string[];
  /**
   * The state of the decision: `begun` = the last check before T0 is over, or the plan was applied at once; `over` =
   * the plan's run has ended, so approvals no longer decide anything.
   */
  readonly state: 'open' | 'begun' | 'over';
};
