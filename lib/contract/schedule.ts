import type { Cutover } from '@/lib/diversion/cutover';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { FreezeSpan } from '@/lib/diversion/freeze';
import type { StoredFreeze } from '@/lib/diversion/stored-freeze';
import type { PlanId } from '@/lib/plan/model/model';
import type { ApprovalCount } from '@/lib/policy/approval';
import type { Problem, RunState } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { Answer } from './answer';

export type FreezeView = StoredFreeze;

/** An address at which calendar programs read the schedule. Times are ISO instants; `lastReadAt` null = never. */
export type CalendarFeedView = {
  readonly id: number;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastReadAt: string | null;
};

/** The actor who has paused all changes, and since when. */
export type EmergencyStopView = { readonly actor: string; readonly reason: string; readonly at: string };

/** One emergency stop, or its end. */
export type StopLogEntry = EmergencyStopView & { readonly id: number; readonly action: 'pause' | 'resume' };

/** `emergencyStop.get`: `stop` null = changes are not paused; `log` newest first. */
export type EmergencyStopStatusView = {
  readonly stop: EmergencyStopView | null;
  readonly log: readonly StopLogEntry[];
};

/** A cutover on the schedule. Times are ISO instants; `divertedAt` and `backAt` are by the plan's forecast. */
export type ScheduledCutover = {
  readonly runId: RunId;
  readonly planId: PlanId;
  readonly name: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly connectionKind: 'sandbox' | 'tencent';
  readonly state: RunState;
  readonly hasOutage: boolean;
  readonly cutover: Cutover;
  readonly prewarmAt: string;
  readonly divertedAt: string;
  /** The end of the rollback by the forecast; null = the diversion stays. */
  readonly backAt: string | null;
  /** The time when its run ended or was stopped; null = it is still running. */
  readonly endedAt: string | null;
  readonly writes: number;
  readonly actor: string;
  readonly latenessMs: number | null;
  readonly approvals: ApprovalCount;
  /** Problems that the last re-validation of the waiting plan found, as problems of `run.problem`. */
  readonly problems: readonly Problem[];
};

/**
 * Two open runs that touch one object at the same time: this cannot be scheduled, but a stopped or late run may cause it.
 */
export type ScheduleConflict = { readonly runIds: readonly [RunId, RunId]; readonly object: string };

/** An occurrence of a series that is not created yet. Times are ISO instants. */
export type UpcomingOccurrence = {
  readonly seriesId: DiversionId;
  readonly name: string;
  readonly connectionName: string;
  readonly date: string;
  readonly t0: string;
  readonly t1: string;
};

/** `schedule.get` */
export type ScheduleView = {
  readonly now: string;
  readonly cutovers: readonly ScheduledCutover[];
  /** The occurrences that recurrences will add, the next one first. */
  readonly upcoming: readonly UpcomingOccurrence[];
  readonly conflicts: readonly ScheduleConflict[];
  readonly freezes: readonly FreezeView[];
  readonly stop: EmergencyStopView | null;
};

/** Adds or removes a change freeze. */
export type AddFreezeAction = (input: { name: string; span: FreezeSpan }) => Answer<null>;

export type RemoveFreezeAction = (id: number) => Answer<null>;

/** Pauses every run that goes forward at its next safe point, or resumes the runs that only this has paused. */
export type SetEmergencyStopAction = (input: { reason: string }) => Answer<{ paused: number }>;

export type ClearEmergencyStopAction = (input: { reason: string }) => Answer<{ resumed: number }>;

/** Creates an address at which calendar programs read the schedule. Only this answer has it, and its token. */
export type CreateCalendarFeedAction = (input: { name: string }) => Answer<{ token: string; url: string }>;

export type RevokeCalendarFeedAction = (id: number) => Answer<null>;
