import type { CloudErrorData } from '@/lib/cloud/errors';
import type { Cutover } from '@/lib/diversion/cutover';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { OccurrenceProblem } from '@/lib/diversion/recurrence';
import type { PlanId, Step, StepId } from '@/lib/plan/model/model';
import type { Attention } from '@/lib/run/model/diversion-state';
import type { TrafficPoint } from '@/lib/run/model/diverted-traffic';
import type { Direction, Gate, Problem, RunState } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { AlertView, OwnAlertsView } from './alert';
import type { Answer } from './answer';
import type { RequestedApproval } from './approval';
import type { ConnectionView } from './connection';
import type { ScheduledCutover } from './schedule';

/** A part of the page that is read on its own; `code`: the log has under it why the part could not be read. */
export type PartView<T> =
  | { readonly value: T; readonly code: null }
  | { readonly value: null; readonly code: string };

/** Something that waits for a person. Each kind is solved on one page. */
export type NeedView =
  /** No worker runs, or none of the dashboard's version, which is what its runs wait for. */
  | { readonly kind: 'worker'; readonly worker: Exclude<RailView['worker'], 'live'> }
  | { readonly kind: 'alert'; readonly alert: AlertView }
  /** Someone asks the person at the browser, or everyone who may, to approve a plan. */
  | { readonly kind: 'approvalRequest'; readonly request: RequestedApproval }
  /** A waiting plan that would not run at its T0. */
  | {
      readonly kind: 'revalidation';
      readonly runId: RunId;
      readonly name: string;
      readonly t0: string;
      readonly zone: string;
      readonly problems: readonly Problem[];
    }
  /** A run whose call has been failing and retried for a while. */
  | RetryNeed
  /** Two runs that touch one object at the same time. */
  | { readonly kind: 'conflict'; readonly runIds: readonly [RunId, RunId]; readonly object: string }
  /** An occurrence of a series that could not be scheduled. */
  | {
      readonly kind: 'unscheduled';
      readonly diversionId: DiversionId;
      readonly name: string;
      readonly t0: string;
      readonly zone: string;
      readonly problems: readonly OccurrenceProblem[];
    }
  | {
      readonly kind: 'attention';
      readonly attention: Exclude<Attention, 'revalidation' | 'unscheduled'>;
      readonly diversionId: DiversionId;
      readonly name: string;
      /** The plan that it is about. */
      readonly planId: PlanId;
      /** The run that it is about; null = the plan has none. */
      readonly runId: RunId | null;
      readonly number: number;
      readonly blocks: number;
      readonly given: number;
      readonly needed: number;
    }
  | {
      readonly kind: 'drift';
      readonly connectionId: string;
      readonly connectionName: string;
      readonly count: number;
    }
  | {
      readonly kind: 'syncFailed';
      readonly connectionId: string;
      readonly connectionName: string;
      readonly at: string;
      readonly code: string;
      readonly requestId: string | null;
    }
  /** Background tasks of workers that fail. */
  | { readonly kind: 'background'; readonly count: number };

/** A run that waits for a call that keeps failing. */
export type RetryNeed = {
  readonly kind: 'retrying';
  readonly runId: RunId;
  readonly name: string;
  readonly direction: Direction;
  readonly stepId: StepId;
  /** The call that waits, such as `ModifyRecord`; null = a probe. */
  readonly action: string | null;
  /** The cloud's code; null = a probe without a response. */
  readonly code: string | null;
  readonly since: string;
  readonly attempt: number;
  /** When the run stops retrying and is stopped; null = it retries as long as it takes. */
  readonly until: string | null;
};

/** The sources of what waits for a person. */
export type NeedSource =
  | 'requests'
  | 'worker'
  | 'alerts'
  | 'diversions'
  | 'schedule'
  | 'drift'
  | 'health'
  | 'background';

export type NeedsView = {
  /** The most urgent first. */
  readonly items: readonly NeedView[];
  /** The number of all; `items` has the first of them. */
  readonly total: number;
  /** True if something is wrong now; otherwise it can wait. */
  readonly isUrgent: boolean;
  /** Sources that could not be read: what they have is missing. */
  readonly unread: readonly { readonly source: NeedSource; readonly code: string }[];
};

/** The next event of a run that is under way. */
export type NextEventView =
  | { readonly kind: Gate; readonly at: string }
  | { readonly kind: 'wait'; readonly step: Step; readonly at: string }
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'retry'; readonly step: Step | null; readonly since: string }
  /** It waits for a worker, for a decision about a missed T0, or to be resumed. */
  | { readonly kind: 'worker' | 'decision' | 'resume' };

export type RunningView = {
  readonly runId: RunId;
  readonly diversionId: DiversionId;
  readonly name: string;
  readonly domains: readonly string[];
  readonly connectionName: string;
  readonly state: RunState;
  readonly hasOutage: boolean;
  readonly direction: Direction;
  /**
   * The intended share of the function in the moved traffic, in %; null = as before the run, which is not in the plan.
   */
  readonly functionShare: number | null;
  readonly next: NextEventView | null;
  /** Set if its retries need attention. */
  readonly retry: RetryNeed | null;
  /** The time zone of its schedule; null = it was applied at once. */
  readonly zone: string | null;
};

export type UpcomingView = Pick<
  ScheduledCutover,
  'runId' | 'planId' | 'name' | 'connectionName' | 'state' | 'approvals' | 'prewarmAt'
> & {
  readonly cutover: Pick<Cutover, 't0' | 't1' | 'zone'>;
  readonly problems: number;
};

/**
 * Targets by the result of the load balancers' health checks: `unchecked` have no check, `unread` could not be read.
 */
export type TargetCounts = Readonly<Record<'alive' | 'dead' | 'unknown' | 'unchecked' | 'unread', number>>;

export type ConnectionHealthView = {
  readonly connection: Pick<ConnectionView, 'id' | 'name' | 'kind'>;
  /** The time of the newest health data; null = it has not been synced. */
  readonly readAt: string | null;
  readonly targets: TargetCounts;
  /** Rules and listeners with targets that fail their check, the worst first. */
  readonly failing: readonly {
    /** Its id on the map, such as `ru:loc-1`. */
    readonly node: string;
    readonly name: string;
    readonly dead: number;
    readonly all: number;
  }[];
  readonly failingTotal: number;
  readonly functions: { readonly ready: number; readonly notReady: readonly string[] };
  /** Load balancers that serve nothing: stopped, blocked or isolated. */
  readonly balancersDown: readonly string[];
  /** The last sync, if it failed. */
  readonly failedSync: {
    readonly at: string;
    readonly code: string;
    readonly requestId: string | null;
  } | null;
};

/** The probes of a Switch: rounds continue whether failover is enabled or not. */
export type SwitchProbesView = {
  readonly switchId: string;
  readonly domain: string;
  /** Vantage points that see the serving side fail, of all. */
  readonly failing: number;
  readonly vantages: number;
  /** null = no round of probes yet. */
  readonly at: string | null;
};

export type HealthOverview = {
  readonly connections: readonly ConnectionHealthView[];
  readonly switches: readonly SwitchProbesView[];
};

/** The traffic of a diversion's names, as the worker measures it. */
export type TrafficRowView = {
  readonly diversionId: DiversionId;
  readonly runId: RunId;
  readonly name: string;
  readonly connectionName: string;
  readonly state: RunState;
  readonly domains: readonly string[];
  /** Oldest first. */
  readonly points: readonly TrafficPoint[];
  /** The reason why there is no newer point: switched off, not measured yet, or the cloud refused. */
  readonly why: 'off' | 'notYet' | 'error' | null;
  readonly error: Pick<CloudErrorData, 'code' | 'message' | 'requestId'> | null;
};

export const checklistSteps = ['sync', 'route', 'split', 'rollback'] as const;
export type ChecklistStep = (typeof checklistSteps)[number];

/** The first steps with Spillway. */
export type ChecklistView = {
  /** The account to take them on, the sandbox's first; null = none. */
  readonly connectionId: string | null;
  /** A node of a route there; null = it has none, or was not synced. */
  readonly routeNode: string | null;
  /** The last Split that was applied in the sandbox. */
  readonly splitRunId: RunId | null;
  /** By what is stored of each. */
  readonly done: Readonly<Record<ChecklistStep, boolean>>;
  readonly dismissed: { readonly by: string; readonly at: string } | null;
};

/** `overview.get`: all connections on one page. */
export type OverviewView = {
  readonly now: string;
  readonly needs: NeedsView;
  readonly running: PartView<readonly RunningView[]>;
  readonly upcoming: PartView<{ readonly cutovers: readonly UpcomingView[]; readonly total: number }>;
  readonly traffic: PartView<readonly TrafficRowView[]>;
  readonly health: PartView<HealthOverview>;
  readonly checklist: PartView<ChecklistView>;
  /** True if there is no diversion at all; null = unknown. */
  readonly isFresh: boolean | null;
};

/** `navigation.count`: what waits for a person behind the navigation entries. */
export type RailView = {
  /** Scheduled plans that wait for approval. */
  readonly unapproved: number;
  /** The runs and Switches that need a person. */
  readonly alerts: OwnAlertsView;
  /** Switches with failover enabled. */
  readonly failoverEnabled: number;
  /** Objects that have drifted from the state that the last applied plan left, by connection. */
  readonly drifted: Readonly<Record<string, number>>;
  /** Objects that live workers cannot process in the background. */
  readonly problems: number;
  /** `otherVersion`: what is applied here waits for a worker of the dashboard's own version. */
  readonly worker: 'live' | 'none' | 'otherVersion';
};

/** Records that a route of the estate was opened, by one of its nodes. */
export type NoteRouteAction = (input: { connectionId: string; node: string }) => Answer<null>;

/** Takes the first steps off the start page, or shows them again. */
export type ShowChecklistAction = (input: { isShown: boolean }) => Answer<null>;
