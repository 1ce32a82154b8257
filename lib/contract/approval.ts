import type { DiversionId } from '@/lib/diversion/diversion';
import type { PlanId } from '@/lib/plan/model/model';
import type { ApprovalCount } from '@/lib/policy/approval';
import type { ApprovalRequirement, ApprovalRule } from '@/lib/policy/approval-rules';
import type { JudgedApproval } from '@/lib/policy/judge-approvals';
import type { RunId } from '@/lib/run/model/run-id';
import type { Answer } from './answer';

/** The approval rules, in order; `set` null = never set. */
export type ApprovalRulesView = {
  readonly rules: readonly ApprovalRule[];
  /** The places of rules whose stored content is invalid: they ask for all approvals of everything. */
  readonly unread: readonly number[];
  readonly set: { readonly by: string; readonly at: string } | null;
};

/** An approval of a plan. */
export type ApprovalView = JudgedApproval & {
  readonly name: string;
  readonly comment: string;
  readonly at: string;
  readonly withdrawnAt: string | null;
};

/** A request to approve a plan. `void`: an edit has made a newer revision. */
export type ApprovalRequestView = {
  readonly id: number;
  readonly actor: string;
  /** null = everyone who may approve. */
  readonly approvers: readonly string[] | null;
  readonly message: string;
  readonly at: string;
  readonly state: 'open' | 'canceled' | 'void' | 'approved';
  /** Those of the approvers whose approval can't count any more. */
  readonly gone: readonly string[];
};

/** A comment on a plan, or a refusal to approve it. */
export type PlanCommentView = {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  readonly at: string;
  /** Of a refusal to approve it: whether it still stands; null = a comment. */
  readonly stands: boolean | null;
};

/** An open request, with those who can still answer it. */
export type RequestedApproval = {
  readonly id: number;
  readonly planId: PlanId;
  readonly diversionId: DiversionId;
  /** Of the diversion. */
  readonly name: string;
  readonly actor: string;
  readonly message: string;
  readonly at: string;
  /** The people who are asked and have not approved; empty without sign-in. */
  readonly asked: readonly string[];
  readonly isForEveryone: boolean;
  readonly given: number;
  readonly needed: number;
};

export type ApprovalsView = {
  /** In the order in which they were given. */
  readonly all: readonly ApprovalView[];
  readonly count: ApprovalCount;
  /** The approvals that the rules ask for, and why. */
  readonly requirement: ApprovalRequirement;
  /** Everyone who wrote what the plan contains. */
  readonly authors: readonly string[];
  /** The people whose approval can count; empty without sign-in. */
  readonly approvers: readonly string[];
  readonly requests: readonly ApprovalRequestView[];
  /** The requests for earlier revisions that an edit made void. */
  readonly voidRequests: number;
  /** In order. */
  readonly comments: readonly PlanCommentView[];
  /** True if the estate has changed so that planning again gives another plan: no approval counts. */
  readonly isOutdated: boolean;
  /**
   * The state of the decision: `begun` = the last check before T0 is over, or the plan was applied at once; `over` =
   * the plan's run has ended, so approvals no longer decide anything.
   */
  readonly state: 'open' | 'begun' | 'over';
};

/** Approves the plan of this hash, under a typed name. */
export type ApprovePlanAction = (input: {
  planId: PlanId;
  hash: string;
  name: string;
  comment: string;
}) => Answer<null>;

export type WithdrawApprovalAction = (approvalId: number) => Answer<null>;

type Reviewed = { planId: PlanId; hash: string };

/** Asks people to approve a plan; `approvers` null = everyone who may. */
export type RequestApprovalAction = (
  input: Reviewed & { approvers: readonly string[] | null; message: string },
) => Answer<null>;

/** Cancels a request. */
export type CancelRequestAction = (input: { planId: PlanId; requestId: number }) => Answer<null>;

/** Declines to approve a plan. */
export type DeclinePlanAction = (input: Reviewed & { name: string; reason: string }) => Answer<null>;

/** Adds a comment to a plan. */
export type CommentPlanAction = (input: Reviewed & { name: string; text: string }) => Answer<null>;

/** Applies a plan without the approvals that it needs. */
export type BreakGlassAction = (
  input: Reviewed & { reason: string; typedDomain: string | null },
) => Answer<{ runId: RunId }>;

/** Sets the approval rules; refused if someone else has set them since `readAt`. */
export type SetApprovalPolicyAction = (input: {
  rules: readonly ApprovalRule[];
  readAt: string | null;
}) => Answer<null>;
