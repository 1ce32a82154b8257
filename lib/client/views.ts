import type { CloudErrorData } from '@/lib/cloud/errors';
import type { SyncProgress } from '@/lib/cloud/port';
import type { Cutover } from '@/lib/diversion/cutover';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { FigureIntervals } from '@/lib/diversion/guard-lag';
import type { StoredFreeze } from '@/lib/diversion/stored-freeze';
import type { DatedBinding } from '@/lib/estate/bindings/binding-query';
import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import type { EstateChange } from '@/lib/estate/history/diff-estates';
import type { Estate } from '@/lib/estate/model';
import type { ObjectName } from '@/lib/estate/object-name';
import type { RouteRow } from '@/lib/estate/topology/find-routes';
import type { EstateSummary } from '@/lib/estate/topology/summarize-estate';
import type { Plan, PlanId, Step } from '@/lib/plan/model/model';
import type { Grants, Limits, RightsWithin } from '@/lib/policy/access';
import type { ApprovalCount, BreakGlass } from '@/lib/policy/approval';
import type { ConnectionKind } from '@/lib/policy/connection-kinds';
import type { Policy } from '@/lib/policy/policy';
import type { Role } from '@/lib/policy/roles';
import type { Finding } from '@/lib/preflight/model/model';
import type { FailedProbe } from '@/lib/run/model/failover';
import type { BlockedRollback } from '@/lib/run/model/find-blocked-rollback';
import type { Problem, RunState, RunView } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import type { WorkerProblem } from '@/lib/worker-problem';
import type { OwnAlertsView } from './alert-views';
import type { ApprovalsView } from './approvals/approval-views';

/** An account to choose. */
export type ConnectionChoice = Pick<ConnectionView, 'id' | 'name'>;

/** The data of a connection that the browser may see: never its keys. */
export type ConnectionView = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'sandbox' | 'tencent';
  /** null until the first sync has read it. */
  readonly uin: string | null;
  /** Listener ports below 1024 listen on port + this offset. */
  readonly portOffset: number;
  /**
   * The address at which a sandbox's `VIP:port` is reachable, on a system without an address for each VIP; else absent.
   */
  readonly dial?: Readonly<Record<string, string>>;
  /**
   * The isolation of function code in the sandbox from this machine: none in `weak`, where it runs as the same user; in
   * `user` it can reach every port on loopback, including that of this dashboard. null for a real account.
   */
  readonly isolation: 'jail' | 'user' | 'weak' | null;
};

export type SyncView =
  | { readonly state: 'never' }
  | { readonly state: 'running'; readonly startedAt: string; readonly progress: SyncProgress | null }
  | {
      readonly state: 'done';
      readonly finishedAt: string;
      readonly calls: number;
      readonly durationMs: number;
    }
  | { readonly state: 'failed'; readonly finishedAt: string; readonly error: CloudErrorData };

/** GET /api/connections/[id]/estate: all of it, for an editor. */
export type EstateView = { readonly estate: Estate | null; readonly sync: SyncView };

/** GET /api/connections/[id]/summary: an estate's counts, gaps and times; null before the first sync. */
export type EstateSummaryView = { readonly estate: EstateSummary | null; readonly sync: SyncView };

/** GET /api/connections/[id]/routes: one page of the routes that pass a filter. */
export type RoutesView = {
  readonly rows: readonly RouteRow[];
  readonly found: number;
  readonly total: number;
};

/** The snapshot that every sync from `firstAt` to `lastAt` found; the next sync, at `nextAt`, found something else. */
export type PastEstateView = {
  readonly estate: EstateSummary;
  readonly firstAt: string;
  readonly lastAt: string;
  /** null = it is still current, as far as is known. */
  readonly nextAt: string | null;
};

/**
 * The author of a write: one of Spillway's runs or changes of functions, or an actor named by the cloud's audit trail.
 * `at` is an ISO instant.
 */
export type ActorView = { readonly at: string; readonly action: string } & (
  | { readonly kind: 'run'; readonly runId: RunId; readonly actor: string; readonly requestId: string }
  | {
      readonly kind: 'user';
      readonly user: string;
      readonly sourceIp: string | null;
      readonly requestId: string;
    }
  /** A change of a function that someone made with Spillway. Its requests are those of the audit trail. */
  | { readonly kind: 'function'; readonly id: string; readonly actor: string }
);

/** The actors who changed an object, the latest first, and whether the cloud's audit trail could be queried. */
export type WhoView = {
  readonly actors: readonly ActorView[];
  readonly trail:
    | { readonly state: 'read' | 'partly' | 'notSearched' }
    | { readonly state: 'unreadable'; readonly code: string };
};

/** An object's total change between two instants, and the two syncs between which its last change took place. */
export type ObjectChangeView = ObjectName & {
  readonly change: EstateChange;
  /** The last sync that did not find it in this state; null if that is not stored. */
  readonly after: string | null;
  /** The first sync that found it in this state. */
  readonly by: string;
  /** True if the change has no actor: the cloud measured another value. */
  readonly measured: boolean;
  readonly who: WhoView;
};

/** The sync at an instant: `lastAt` is the last sync that found the same, before it or after. */
export type SnapshotView = Omit<PastEstateView, 'estate'> & {
  /** Parts that could not be read at that time. Their values are the last known ones. */
  readonly unread: Estate['gaps'];
};

/** GET /api/connections/[id]/changes */
export type EstateChangesView = {
  readonly from: SnapshotView;
  readonly to: SnapshotView;
  readonly changes: readonly ObjectChangeView[];
  /** The number of all changes but those of `resets`; `changes` has the first of them. */
  readonly total: number;
  /** Replacements of the sandbox data, newest first, each with the first of the objects that it changed. */
  readonly resets: readonly ResetView[];
};

/** A replacement of the sandbox data, with what it changed. */
export type ResetView = {
  readonly id: number;
  readonly kind: 'reset' | 'seed' | 'import';
  readonly actor: string;
  readonly at: string;
  readonly changes: readonly ObjectChangeView[];
  readonly total: number;
};

/** One page of a list that the server filters and sorts. `takenAt` is the time of the snapshot, ISO. */
export type ListView<Row> = {
  readonly takenAt: string;
  /** The regions that were read. */
  readonly regions: readonly string[];
  /** Parts that could not be read: rows may be missing. */
  readonly gaps: Estate['gaps'];
  readonly rows: readonly Row[];
  /** The number of rows that the filter finds, and that there are. */
  readonly found: number;
  readonly total: number;
};

/** GET /api/connections/[id]/bindings: one page of the bindings that a filter finds, in its order. */
export type BindingsView = ListView<DatedBinding>;

/** GET /api/plans/[id]/checks: the findings that a schedule adds to the review, worst first. */
export type ClockChecksView = { readonly findings: readonly Finding[] };

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

/** GET /api/runs/[id] */
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

export type FreezeView = StoredFreeze;

/** An address at which calendar programs read the schedule. Times are ISO instants; `lastReadAt` null = never. */
export type CalendarFeedView = {
  readonly id: number;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastReadAt: string | null;
};

/** The policy for all plans on connections of a kind; `set` null = not set: Spillway's default applies. */
export type PolicyView = {
  readonly kind: ConnectionKind;
  readonly policy: Policy;
  /** The fields whose stored values are invalid, as after a manual change: Spillway's defaults apply to them. */
  readonly unread?: readonly (keyof Policy)[];
  readonly set: { readonly by: string; readonly at: string } | null;
};

/** The actor who has paused all changes, and since when. */
export type EmergencyStopView = { readonly actor: string; readonly reason: string; readonly at: string };

/** One emergency stop, or its end. */
export type StopLogEntry = EmergencyStopView & { readonly id: number; readonly action: 'pause' | 'resume' };

/** GET /api/emergency-stop: `stop` null = changes are not paused; `log` newest first. */
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
  /** The time when its run ended or was held; null = it is still running. */
  readonly endedAt: string | null;
  readonly writes: number;
  readonly actor: string;
  readonly latenessMs: number | null;
  readonly approvals: ApprovalCount;
  /** Problems that the last re-validation of the waiting plan found, as problems of `run.problem`. */
  readonly problems: readonly Problem[];
};

/**
 * Two open runs that touch one object at the same time: this cannot be scheduled, but a held or late run may cause it.
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

/** GET /api/schedule */
export type ScheduleView = {
  readonly now: string;
  readonly cutovers: readonly ScheduledCutover[];
  /** The occurrences that recurrences will add, the next one first. */
  readonly upcoming: readonly UpcomingOccurrence[];
  readonly conflicts: readonly ScheduleConflict[];
  readonly freezes: readonly FreezeView[];
  readonly stop: EmergencyStopView | null;
};

export type SandboxFault = {
  readonly id: string;
  /** The fault as injected: its kind, and the calls or objects that it affects. */
  readonly spec: { readonly kind: string } & Readonly<Record<string, unknown>>;
  /** The number of further calls that it hits; null = no end, 0 = it is used up. */
  readonly remaining: number | null;
  readonly hits: number;
  readonly lastHits: readonly { readonly action: string; readonly requestId: string }[];
  readonly outcome: string | null;
};

export type SandboxAssumption = {
  readonly name: string;
  readonly about: string;
  readonly current: string | number;
  readonly choices?: readonly string[] | undefined;
  readonly unit?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
};

/** GET /api/sandbox: the sandbox as its control API shows it. Times are epoch milliseconds unless marked ISO. */
/** An object by its name in the control API, with its display name; '' = none. */
export type SandboxObject = { readonly value: string; readonly hint: string };

export type SandboxObjects = {
  /** By UIN. */
  readonly accounts: readonly SandboxObject[];
  readonly instances: readonly SandboxObject[];
  /** As `region/namespace/name`. */
  readonly functions: readonly SandboxObject[];
  /** Load balancers, and the domains that they and DNS serve. */
  readonly callObjects: readonly SandboxObject[];
  readonly regions: readonly string[];
};

export type SandboxView = {
  /** ISO. */
  readonly readAt: string;
  readonly seed: string;
  readonly seeds: readonly string[];
  /** `rate`: how many times as fast as real time; 0 = the clock is stopped. */
  readonly clock: { readonly mode: 'real' | 'virtual'; readonly now: number; readonly rate: number };
  readonly taskMs: number;
  readonly tasksRunning: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly runtimes: {
    /** Versions of the interpreters; null = none starts. */
    readonly python: string | null;
    /** True if that is Pyodide, because there is no python3. */
    readonly pyodide: boolean;
    readonly node: string | null;
    readonly isolation: 'jail' | 'user' | 'weak';
    /** The reason why the isolation is not the strongest; null if it is. */
    readonly weakerBecause: string | null;
    /** If true, functions that cannot be jailed do not run. */
    readonly jailOnly: boolean;
    /** `filtered`: system calls that functions do not need are denied. */
    readonly systemCalls: 'filtered' | 'open';
    /** The limiter of the total memory of a function's processes: the kernel, the sandbox, or nothing. */
    readonly totalMemory: 'cgroup' | 'watched' | 'each';
  } | null;
  readonly faults: readonly SandboxFault[];
  readonly assumptions: readonly SandboxAssumption[];
  /** The objects that a fault may be about, as the newest syncs of sandbox accounts found them. */
  readonly objects: SandboxObjects;
  /** Writes that took effect. */
  readonly effects: readonly { readonly action: string; readonly object: string; readonly count: number }[];
  readonly log: readonly {
    readonly number: number;
    readonly level: 'debug' | 'info' | 'warn' | 'error';
    readonly at: string;
    readonly text: string;
    readonly action: string | null;
    readonly requestId: string | null;
    readonly code: string | null;
  }[];
};

/** GET /api/rail: what waits for a person behind the navigation entries. */
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

/** The response of `/api/health`, for the page that shows it. */
export type HealthView = {
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly reason?: string }[];
  readonly problems: readonly (WorkerProblem & { readonly worker: string })[];
  /** The processes of this dashboard's launcher; none where no launcher has started it. */
  readonly parts: readonly {
    readonly name: string;
    readonly state: 'starting' | 'up' | 'failing' | 'stopped';
    /** ISO instant. */
    readonly since: string;
    /** The reason that it is failing. */
    readonly reason: string | null;
  }[];
  /** The disks that data and database are on. */
  readonly disks: readonly {
    readonly folder: string;
    readonly freeBytes: number;
    readonly sizeBytes: number;
    readonly state: 'ok' | 'low' | 'full';
  }[];
  /** Lines of the log file that could not be written since the launcher started. */
  readonly logLinesLost: number;
};

/**
 * GET /api/changes: one message of the stream, which names what to read again. `plan` concerns a plan's approvals,
 * `round` the probes of a Switch, `probes` the charts of a run, `switches` the switchboard, `schedule` freezes and the
 * emergency stop; `anything` means that changes may have been missed.
 */
export type Change =
  | { readonly kind: 'run' | 'probes'; readonly id: RunId }
  | {
      readonly kind:
        | 'connection'
        | 'estate'
        | 'deployment'
        | 'testInvocations'
        | 'functions'
        | 'diversion'
        | 'plan'
        | 'round'
        | 'drift'
        | 'traffic';
      readonly id: string;
    }
  | { readonly kind: 'schedule' | 'policy' | 'switches' | 'alerts' | 'checklist' | 'anything' };

/** The error of every server action: field errors are message keys by field path, `form` concerns the whole. */
export type ActionError = {
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Of a field that doesn't exist: the one with the most similar name. */
  readonly nearest?: Readonly<Record<string, string>>;
  readonly form: {
    readonly message: string;
    readonly values?: Readonly<Record<string, string | number>>;
  } | null;
};

/** The person who uses this page. `off`: any user of this machine; `missing`: the browser has no session. */
export type SessionView =
  | { readonly signIn: 'off' | 'missing' | 'secondFactor' }
  | {
      readonly signIn: 'done';
      readonly name: string;
      readonly role: Role;
      readonly rights: readonly RightsWithin[];
    };

/** A person who may sign in. */
export type UserView = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly grants: Grants;
  /** True for the person who asks. */
  readonly isSelf: boolean;
  readonly hasSecondFactor: boolean;
  readonly hasPasskey: boolean;
  /** The last use of any of their sessions; null = none is left. */
  readonly usedAt: string | null;
};

export type UsersView = {
  /** True if everyone who signs in here needs a second factor. */
  readonly isSecondFactorRequired: boolean;
  readonly users: readonly UserView[];
  /** Unused set-up links; `email` null = for any address. */
  readonly links: readonly {
    readonly id: string;
    readonly email: string | null;
    readonly grants: Grants;
    readonly expiresAt: string;
  }[];
};

/** The ways in which a person proves who they are. */
export type SecurityView = {
  /** The name of the provider at which they sign in, and nowhere else; null = they sign in here. */
  readonly provider: string | null;
  /** Null = they have none. */
  readonly secondFactor: { readonly since: string; readonly codesLeft: number } | null;
  readonly passkeys: readonly PasskeyView[];
  /** The address at which browsers may use passkeys, as an origin. */
  readonly passkeyOrigin: string;
};

/** A passkey of the person who asks. */
export type PasskeyView = {
  readonly id: string;
  readonly name: string;
  /** True if a password manager may copy it to other devices. */
  readonly isSynced: boolean;
  /** The host that it signs in at, if that isn't the dashboard's any more; else null. */
  readonly otherHost: string | null;
  readonly since: string;
  /** Null = it has not signed in yet. */
  readonly usedAt: string | null;
};

/** The ways in which someone may sign in besides a password. */
export type SignInWaysView = {
  /** The address at which passkeys sign in, as an origin; null = no one has one. */
  readonly passkeyOrigin: string | null;
  /** The provider of single sign-on; null = there is none. `isOnly`: only administrators use a password. */
  readonly sso: { readonly name: string; readonly isOnly: boolean } | null;
};

/** A browser in which a person is signed in. */
export type UserSessionView = {
  readonly id: string;
  /** The session of the browser that asks. */
  readonly isCurrent: boolean;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly since: string;
  readonly usedAt: string;
};

/** A token of a program, without its value. */
export type TokenView = {
  readonly id: number;
  readonly name: string;
  /** The e-mail address of the person for whom it acts; `local` without sign-in. */
  readonly owner: string;
  readonly role: Role;
  /** In addition to those of its owner; null = none. */
  readonly limits: Limits | null;
  /** The beginning of its value. */
  readonly prefix: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly isExpired: boolean;
  readonly lastUsedAt: string | null;
};
