import type { Cutover } from '@/lib/diversion/cutover';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { FigureIntervals } from '@/lib/diversion/guard-lag';
import type { PlanId, Step } from '@/lib/plan/model/model';
import type { BreakGlass } from '@/lib/policy/approval';
import type { FailedProbe } from '@/lib/run/model/failover';
import type { BlockedRollback } from '@/lib/run/model/find-blocked-rollback';
import type { RunCommand, RunState, RunView } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { Answer } from './answer';

/** The changes that a run has in effect, newest first. */
export type RunBaselineView = {
  readonly runId: RunId;
  readonly state: RunState;
  readonly steps: readonly {
    readonly step: Step;
    /** True if the outcome of a call is still unknown. */
    readonly isUnsure: boolean;
  }[];
};

/** The run that a plan continues. */
export type ReplacedRunView = {
  readonly runId: RunId;
  readonly state: RunState;
  /** The time of its automatic rollback, unless this plan is applied first; null = none. */
  readonly t1: string | null;
  /** The changes that the plan's own rollback does not undo: those of that run, and of the runs that it continued. */
  readonly left: readonly RunBaselineView[];
};

/** The plan that continues a run, or would if it were applied. */
export type SuccessorView =
  | {
      readonly planId: PlanId;
      readonly runId: null;
      readonly state: null;
      readonly hasOutage: false;
      readonly inEffect: null;
    }
  | {
      readonly planId: PlanId;
      readonly runId: RunId;
      readonly state: RunState;
      readonly hasOutage: boolean;
      /** The run that builds on this one and has something in effect, or may still write; null = none. */
      readonly inEffect: RunId | null;
    };

/** `run.get` */
export type RunPageView = RunView & {
  readonly diversionId: DiversionId;
  /** True if it ended before it began: its plan can be scheduled or applied again. */
  readonly isCanceled: boolean;
  /** When details were last removed from its journal, as an ISO instant; null = all of it is there. */
  readonly prunedAt: string | null;
  /** The failed probes that a failover was decided by; null = it is no failover. */
  readonly failoverProbes: readonly FailedProbe[] | null;
  /** The decision that it runs without the approvals that its plan needs; null = no one has decided that. */
  readonly breakGlass: BreakGlass | null;
  readonly replaces: ReplacedRunView | null;
  readonly replacedBy: SuccessorView | null;
  /** The intervals that figures of its guards depend on. */
  readonly figureIntervals: FigureIntervals;
  /** Its rollback that the cloud refuses; null = none. */
  readonly blocked: BlockedRollback | null;
};

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

/** Re-plans a stopped run's diversion from the current snapshot, and abandons the stopped run in favor of the new plan. */
export type ReplanRunAction = (input: { runId: RunId; reason: string }) => Answer<{ planId: PlanId }>;

/**
 * Gives a scheduled run that has not begun other times. `typedDomain` must be the diversion's `confirmationText` on a
 * real account.
 */
export type RescheduleAction = (input: {
  runId: RunId;
  cutover: Cutover;
  reason: string;
  typedDomain: string | null;
}) => Answer<{ runId: RunId }>;

/** Cancels the schedule of a run that has not begun. */
export type CancelScheduleAction = (input: { runId: RunId; reason: string }) => Answer<null>;
