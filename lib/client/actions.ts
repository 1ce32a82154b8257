import type { FunctionSpec } from '@/lib/cloud/port';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Diversion } from '@/lib/diversion/diversion';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import type { FreezeSpan } from '@/lib/diversion/freeze';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { RampStep, SwitchDiversion, SwitchSide } from '@/lib/diversion/switch';
import type { ConnectionKind, Policy } from '@/lib/policy/policy';
import type { TrialPlace } from '@/lib/preflight/trial-request';
import type { Result } from '@/lib/result';
import type { RunCommand } from '@/lib/run/model';
import type { ActionError } from './views';

/**
 * The server actions as components see them: pages pass them down as props.
 * Arguments are what a browser sends, hence unchecked on arrival; each action validates with a schema.
 */
export type Answer<T> = Promise<Result<T, ActionError>>;

export type StartSyncAction = (connectionId: string) => Answer<null>;

export type DeployFunctionInput = FunctionSpec & { readonly connectionId: string };
export type DeployFunctionAction = (input: DeployFunctionInput) => Answer<{ deploymentId: string }>;

/** Has a function called once, on the live account, as the load balancer of a route would. */
export type TryFunctionAction = (input: {
  connectionId: string;
  function: FunctionChoice;
  place: TrialPlace;
}) => Answer<{ trialId: string }>;

export type CreatePlanAction = (connectionId: string, diversion: Diversion) => Answer<{ planId: string }>;

/**
 * `hash` is that of the plan that was reviewed; `typedDomain` must be domain B for a real account; `cutover` null = at
 * once. Field errors of the clock are below `cutover.`.
 */
export type ApplyPlanAction = (input: {
  planId: string;
  hash: string;
  typedDomain: string | null;
  cutover: Cutover | null;
}) => Answer<{ runId: string }>;

/** Approves the plan of this hash, under a name that was typed. */
export type ApprovePlanAction = (input: {
  planId: string;
  hash: string;
  name: string;
  comment: string;
}) => Answer<null>;
export type WithdrawApprovalAction = (approvalId: number) => Answer<null>;

/** What a person may order of the sandbox. `order` of a clock or a fault is as its control door takes it. */
export type SandboxCommand =
  | { readonly kind: 'clock' | 'addFault'; readonly order: Readonly<Record<string, unknown>> }
  | { readonly kind: 'taskTime'; readonly ms: number }
  | { readonly kind: 'reset' | 'liftAllFaults' }
  | { readonly kind: 'seed'; readonly name: string }
  | { readonly kind: 'assume'; readonly values: Readonly<Record<string, string | number>> }
  | { readonly kind: 'liftFault'; readonly id: string };
export type CommandSandboxAction = (command: SandboxCommand) => Answer<null>;

/** `typedDomain` must be domain B for the retry of an apply on a real account; `reason` is what the journal says of it. */
export type CommandRunAction = (input: {
  runId: string;
  command: Exclude<RunCommand, 'replan'>;
  reason: string;
  typedDomain: string | null;
}) => Answer<null>;

/** Plans a held run's diversion anew over the estate as it is, and gives the held run up for it. */
export type ReplanRunAction = (input: { runId: string; reason: string }) => Answer<{ planId: string }>;

/** Takes what was found of objects for right, from now on; `mark` is that of the state that was looked at. */
export type AdoptDriftAction = (input: {
  connectionId: string;
  objects: readonly { readonly key: string; readonly mark: string }[];
  reason: string;
}) => Answer<null>;
/** Plans what brings drifted objects of one applied plan back, for review. */
export type RestoreDriftAction = (input: {
  connectionId: string;
  keys: readonly string[];
}) => Answer<{ planId: string }>;

/** Adds a freeze window, or takes one away. */
export type AddFreezeAction = (input: { name: string; span: FreezeSpan }) => Answer<null>;
export type RemoveFreezeAction = (id: number) => Answer<null>;

/**
 * Settles what holds for all plans on connections of a kind. `readAt` is when the policy that was changed had been set,
 * null = never: it is refused where somebody else has set it since. Field errors stand at the fields of the policy.
 */
export type SetPolicyAction = (
  input: Policy & { kind: ConnectionKind; readAt: string | null },
) => Answer<null>;

/** Pauses all that goes forward at its next safe place, or resumes what that alone has paused. */
export type StopLineAction = (input: { reason: string }) => Answer<{ paused: number }>;
export type ReleaseLineAction = (input: { reason: string }) => Answer<{ resumed: number }>;

/** Puts a name with its two sides on the switchboard. */
export type AddSwitchAction = (input: {
  connectionId: string;
  diversion: SwitchDiversion;
  policy: FailoverPolicy;
}) => Answer<{ switchId: string }>;
export type RemoveSwitchAction = (switchId: string) => Answer<null>;
export type ArmSwitchAction = (input: { switchId: string; policy: FailoverPolicy }) => Answer<null>;
export type DisarmSwitchAction = (switchId: string) => Answer<null>;
/**
 * Moves a Switch at once; on a real account `typedDomain` must be its domain. `runId` null = nothing moves before the plan
 * is approved and applied on its page.
 */
export type MoveSwitchAction = (input: {
  switchId: string;
  toward: SwitchSide;
  ramp: readonly RampStep[];
  typedDomain: string | null;
}) => Answer<{ planId: string; runId: string | null }>;
