import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import type { AlertEventKind, AlertSeverity } from '@/lib/alerts/alert';
import type { ChannelKind } from '@/lib/alerts/channel';
import type { FunctionSpec } from '@/lib/cloud/port';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Diversion, DiversionId } from '@/lib/diversion/diversion';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import type { FreezeSpan } from '@/lib/diversion/freeze';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { RampStep, SwitchDiversion, SwitchSide } from '@/lib/diversion/switch';
import type { ClbBody } from '@/lib/function-contract/clb-event';
import type { PlanId } from '@/lib/plan/model/model';
import type { Grants, Limits } from '@/lib/policy/access';
import type { ApprovalRule } from '@/lib/policy/approval-rules';
import type { ConnectionKind } from '@/lib/policy/connection-kinds';
import type { Policy } from '@/lib/policy/policy';
import type { Role } from '@/lib/policy/roles';
import type { TestInvocationPlace } from '@/lib/preflight/function/test-invocation-request';
import type { Result } from '@/lib/result';
import type { RunCommand } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { AlertSubject } from './alert-views';
import type { ActionError } from './views';

/**
 * The server actions as components see them: pages pass them down as props. Arguments come from a browser and are
 * unchecked on arrival, so each action validates them with a schema.
 */
export type Answer<T> = Promise<Result<T, ActionError>>;

export type StartSyncAction = (connectionId: string) => Answer<null>;

/** `isNew`: no function may have the name yet; absent = an existing one gets the code. */
export type DeployFunctionInput = FunctionSpec & {
  readonly connectionId: string;
  readonly isNew?: boolean;
};
export type DeployFunctionAction = (input: DeployFunctionInput) => Answer<{ deploymentId: string }>;

/** Invokes a function once, on the live account, as the load balancer of a route would for a GET or a POST. */
export type StartTestInvocationAction = (input: {
  connectionId: string;
  function: FunctionChoice;
  place: TestInvocationPlace;
  /** Defaults to a GET. */
  request?: { method: 'GET' } | ({ method: 'POST' } & ClbBody);
}) => Answer<{ testInvocationId: string }>;

/**
 * `diversionId`: the diversion that the plan is a revision of; null or absent = it begins one. With the
 * `contentVersion` of the diversion when the editor opened, a later change by others is not replaced.
 */
export type CreatePlanAction = (input: {
  connectionId: string;
  diversion: Diversion;
  diversionId?: DiversionId | null;
  contentVersion?: string | null;
}) => Answer<{ planId: PlanId }>;

/**
 * `hash` is that of the plan that was reviewed; `typedDomain` must be the `confirmationText` of its diversion for a
 * real account; `cutover` null = at once. Field errors of the schedule are below `cutover.`.
 */
export type ApplyPlanAction = (input: {
  planId: PlanId;
  hash: string;
  typedDomain: string | null;
  cutover: Cutover | null;
}) => Answer<{ runId: RunId }>;

/** Approves the plan of this hash, under a typed name. */
export type ApprovePlanAction = (input: {
  planId: PlanId;
  hash: string;
  name: string;
  comment: string;
}) => Answer<null>;
export type WithdrawApprovalAction = (approvalId: number) => Answer<null>;

/**
 * A command that an operator may give the sandbox. `order` of a clock or a fault has the form that the control API
 * takes.
 */
export type SandboxCommand =
  | { readonly kind: 'clock' | 'addFault'; readonly order: Readonly<Record<string, unknown>> }
  | { readonly kind: 'taskTime'; readonly ms: number }
  | { readonly kind: 'reset' | 'clearAllFaults' }
  | { readonly kind: 'seed'; readonly name: string }
  | { readonly kind: 'assume'; readonly values: Readonly<Record<string, string | number>> }
  | { readonly kind: 'clearFault'; readonly id: string };
export type CommandSandboxAction = (command: SandboxCommand) => Answer<null>;

/**
 * `typedDomain` must be the `confirmationText` of the diversion to retry an apply on a real account; `reason` is stored
 * in the journal.
 */
export type CommandRunAction = (input: {
  runId: RunId;
  command: Exclude<RunCommand, 'replan'>;
  reason: string;
  typedDomain: string | null;
}) => Answer<null>;

/** Re-plans a held run's diversion from the current snapshot, and abandons the held run in favor of the new plan. */
export type ReplanRunAction = (input: { runId: RunId; reason: string }) => Answer<{ planId: PlanId }>;

/**
 * Accepts drift: the found state of these objects becomes the baseline. `mark` is that of the state that was reviewed.
 */
export type AcceptDriftAction = (input: {
  connectionId: string;
  objects: readonly { readonly key: string; readonly mark: string }[];
  reason: string;
}) => Answer<null>;
/** Plans the changes that restore drifted objects of one applied plan, for review. */
export type RestoreDriftAction = (input: {
  connectionId: string;
  keys: readonly string[];
}) => Answer<{ planId: PlanId }>;

/** Adds or removes a change freeze. */
export type AddFreezeAction = (input: { name: string; span: FreezeSpan }) => Answer<null>;
export type RemoveFreezeAction = (id: number) => Answer<null>;

/**
 * Sets the policy for all plans on connections of a kind. `readAt` is when the policy that was edited had been set,
 * null = never: the change is refused if someone else has set the policy since. Field errors are keyed by the policy's
 * fields.
 */
export type SetPolicyAction = (
  input: Policy & { kind: ConnectionKind; readAt: string | null },
) => Answer<null>;

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

/** Pauses every run that goes forward at its next safe point, or resumes the runs that only this has paused. */
export type SetEmergencyStopAction = (input: { reason: string }) => Answer<{ paused: number }>;
export type ClearEmergencyStopAction = (input: { reason: string }) => Answer<{ resumed: number }>;

/** Records that a route of the estate was opened, by one of its nodes. */
export type NoteRouteAction = (input: { connectionId: string; node: string }) => Answer<null>;
/** Takes the first steps off the start page, or shows them again. */
export type ShowChecklistAction = (input: { isShown: boolean }) => Answer<null>;

/** Acknowledges an alert: it leaves the banner and the title, for everyone. */
export type AcknowledgeAlertAction = (input: {
  subject: AlertSubject;
  occurrence: string;
  reason: string;
}) => Answer<null>;

/** Withdraws an acknowledgement: the alert is open again. */
export type ReopenAlertAction = (input: { subject: AlertSubject; occurrence: string }) => Answer<null>;

/** Creates an address at which calendar programs read the schedule. Only this answer has it, and its token. */
export type CreateCalendarFeedAction = (input: { name: string }) => Answer<{ token: string; url: string }>;
export type RevokeCalendarFeedAction = (id: number) => Answer<null>;

/** Adds a name with its two sides to the switchboard. */
export type AddSwitchAction = (input: {
  connectionId: string;
  diversion: SwitchDiversion;
  policy: FailoverPolicy;
}) => Answer<{ switchId: string }>;
export type RemoveSwitchAction = (switchId: string) => Answer<null>;
export type EnableFailoverAction = (input: { switchId: string; policy: FailoverPolicy }) => Answer<null>;
export type DisableFailoverAction = (switchId: string) => Answer<null>;
/**
 * Moves a Switch at once; on a real account `typedDomain` must be its domain. `runId` null = nothing moves before the
 * plan is approved and applied on its page.
 */
export type MoveSwitchAction = (input: {
  switchId: string;
  toward: SwitchSide;
  ramp: readonly RampStep[];
  typedDomain: string | null;
}) => Answer<{ planId: PlanId; runId: RunId | null }>;

/** The Set-Cookie headers that start or end a session: they go to the browser in a response alone. */
export type SessionCookies = { readonly cookies: readonly string[] };

/** The options with which a browser lets a passkey sign: https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialrequestoptionsjson */
export type PasskeyChallenge = { readonly options: PublicKeyCredentialRequestOptionsJSON };
/** The options with which a browser makes a passkey: https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson */
export type BeginPasskeyAction = (
  input: object,
) => Answer<{ options: PublicKeyCredentialCreationOptionsJSON }>;
export type AddPasskeyAction = (input: {
  name: string;
  credential: RegistrationResponseJSON;
}) => Answer<null>;
export type RemovePasskeyAction = (input: { id: string }) => Answer<null>;
export type RenamePasskeyAction = (input: { id: string; name: string }) => Answer<null>;

/** Creates a link with which another person creates their account. `token` is part of it, and is shown once. */
export type InviteUserAction = (input: {
  email: string;
  grants: Grants;
  /** True = a new account may have the address of a removed one. */
  reuse?: boolean;
}) => Answer<{ token: string }>;
export type SetUserGrantsAction = (input: { id: string; grants: Grants }) => Answer<null>;
export type RemoveUserAction = (id: string) => Answer<null>;
/** `key`: the secret in base32; `address`: the same as an address that apps read from a QR code. Both are shown once. */
export type BeginSecondFactorAction = (input: object) => Answer<{ key: string; address: string }>;
/** The recovery codes are shown once. */
export type ConfirmSecondFactorAction = (input: { code: string }) => Answer<{ codes: readonly string[] }>;
export type RenewRecoveryCodesAction = (input: object) => Answer<{ codes: readonly string[] }>;
export type RemoveSecondFactorAction = (input: object) => Answer<null>;
export type ResetSecondFactorAction = (userId: string) => Answer<null>;
/** Ends one session of the person who asks. */
export type RevokeSessionAction = (input: { id: string }) => Answer<null>;
/** Sets whether everyone who signs in here needs a second factor. */
export type SetSignInPolicyAction = (input: { isSecondFactorRequired: boolean }) => Answer<null>;
/** Ends all sessions of a person. */
export type EndSessionsAction = (userId: string) => Answer<null>;
export type RevokeOtherSessionsAction = (input: object) => Answer<null>;

/** Creates a token with which a program acts for the person who asks. Only this answer has it. `days`: until it expires. */
export type CreateTokenAction = (input: {
  name: string;
  role: Role;
  limits?: Limits | null;
  days: number;
}) => Answer<{ id: number; token: string; expiresAt: string }>;
export type RevokeTokenAction = (input: { id: number }) => Answer<null>;

type AlertRouteInput = {
  name: string;
  events: readonly AlertEventKind[];
  minSeverity?: AlertSeverity;
  /** null = all. */
  connectionId: string | null;
  /** Empty = all. */
  regions?: readonly string[];
  domains?: readonly string[];
  leadMinutes?: readonly number[];
};

/** The target of a channel. A field that its kind doesn't have is null. */
export type AlertTargetInput = {
  url: string;
  secret: string | null;
  conversation: string | null;
  mail: { user: string | null; from: string; to: readonly string[] } | null;
};

/** Adds a channel of alerts. Only this answer has the signing secret that Spillway makes for a webhook. */
export type AddAlertChannelAction = (
  input: AlertRouteInput & AlertTargetInput & { kind: ChannelKind },
) => Answer<{ id: string; secret: string | null }>;
/** Changes a channel; without a target, it keeps its own. Only this answer has the new signing secret of a webhook. */
export type ChangeAlertChannelAction = (
  input: AlertRouteInput & { id: string; target: AlertTargetInput | null },
) => Answer<{ secret: string | null }>;
/** Does what a link of an alert says, once, with the rights of the person who asks. */
export type UseAlertLinkAction = (input: { token: string; reason: string }) => Answer<null>;
export type RemoveAlertChannelAction = (input: { id: string }) => Answer<null>;
export type TestAlertChannelAction = (input: { id: string }) => Answer<null>;
