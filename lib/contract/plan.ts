import type { CloudErrorData } from '@/lib/cloud/errors';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Diversion, DiversionId } from '@/lib/diversion/diversion';
import type { FigureIntervals } from '@/lib/diversion/guard-lag';
import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import type { Plan, PlanId } from '@/lib/plan/model/model';
import type { Policy } from '@/lib/policy/policy';
import type { Finding } from '@/lib/preflight/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { Answer } from './answer';
import type { ApprovalsView } from './approval';
import type { ConnectionView } from './connection';
import type { ReplacedRunView } from './run';

/** `plan.check`: the findings that a schedule adds to the review, worst first. */
export type ClockChecksView = { readonly findings: readonly Finding[] };

export type PlanView = {
  readonly id: PlanId;
  readonly diversionId: DiversionId;
  readonly hash: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly connection: ConnectionView;
  readonly plan: Plan;
  /** True if the stored plan matches its hash; otherwise it must not run. */
  readonly isIntact: boolean;
  readonly findings: readonly Finding[];
  /** null = it can be applied: it has no run, or one whose schedule was canceled before it began. */
  readonly runId: RunId | null;
  /** Its accounts that are not connected, as `name (id)`: it can't run without them. */
  readonly disconnected: readonly string[];
  /** The schedule of its run, while that can still be changed. */
  readonly reschedulable: Cutover | null;
  /** The policy for plans on its kind of connection. */
  readonly policy: Policy;
  readonly approvals: ApprovalsView;
  readonly replaces: ReplacedRunView | null;
  /** The traffic of its names when the plan was created; null = the worker has not measured it yet. */
  readonly traffic: TrafficView | null;
  /** The intervals that figures of guards depend on. */
  readonly figureIntervals: FigureIntervals;
};

export type TrafficView = {
  readonly at: string;
  readonly readings: readonly TrafficReading[];
  /** The lag of the figures of the plan's functions, in ms; null = they had none. */
  readonly functionLagMs: number | null;
  /** The number of listeners that serve the names but were not measured. */
  readonly unmeasured: number;
  /**
   * The reason why they were not measured, unless it was their number: the first error, or why nothing at all could be
   * measured.
   */
  readonly error: CloudErrorData | null;
};

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
