import type { CloudErrorData } from '@/lib/cloud/errors';
import type { SyncProgress } from '@/lib/cloud/port';
import type { Cutover } from '@/lib/diversion/cutover';
import type { Freeze } from '@/lib/diversion/freeze';
import type { DatedBinding } from '@/lib/estate/binding-query';
import type { EstateChange } from '@/lib/estate/diff-estates';
import type { Estate } from '@/lib/estate/model';
import type { ObjectName } from '@/lib/estate/object-name';
import type { TrafficReading } from '@/lib/estate/serving-listeners';
import type { Plan, Step } from '@/lib/plan/model';
import type { ApprovalCount } from '@/lib/policy/approval';
import type { ConnectionKind, Policy } from '@/lib/policy/policy';
import type { Finding } from '@/lib/preflight/model';
import type { Problem, RunState, RunView } from '@/lib/run/model';
import type { WorkerProblem } from '@/lib/worker-problem';

/** What the browser may know of a connection: never a key. */
export type ConnectionView = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'sandbox' | 'tencent';
  /** null until the first sync has read it. */
  readonly uin: string | null;
  /** Listener ports below 1024 answer at port + this. */
  readonly portOffset: number;
  /** Where a sandbox's `VIP:port` answers, on a system that has no address for each VIP; else absent. */
  readonly dial?: Readonly<Record<string, string>>;
  /**
   * How well the sandbox keeps function code apart from this machine: not at all in `weak`, where it runs as the same
   * user; in `user` it can reach what listens on loopback, this dashboard too. null for a real account.
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

/** GET /api/connections/[id]/estate */
export type EstateView = { readonly estate: Estate | null; readonly sync: SyncView };

/** The estate as it was found by every look from `firstAt` to `lastAt`; the next look, at `nextAt`, found something else. */
export type PastEstateView = {
  readonly estate: Estate;
  readonly firstAt: string;
  readonly lastAt: string;
  /** null = it is so still, as far as is known. */
  readonly nextAt: string | null;
};

/** Who made a write: one of Spillway's runs, or somebody whom the cloud's trail names. `at` is an ISO instant. */
export type ActorView = { readonly at: string; readonly action: string; readonly requestId: string } & (
  | { readonly kind: 'run'; readonly runId: string; readonly actor: string }
  | { readonly kind: 'user'; readonly user: string; readonly sourceIp: string | null }
);

/** Who changed an object, the last one first, and whether the cloud's trail could be asked. */
export type WhoView = {
  readonly actors: readonly ActorView[];
  readonly trail:
    | { readonly state: 'read' | 'partly' | 'notAsked' }
    | { readonly state: 'unreadable'; readonly code: string };
};

/** What changed of one object between two moments, as a whole, and the two looks that its last change lies between. */
export type ObjectChangeView = ObjectName & {
  readonly change: EstateChange;
  /** The last look that did not find it so; null where that is not remembered. */
  readonly after: string | null;
  /** The first look that found it so. */
  readonly by: string;
  /** Nobody made it: the cloud measured something else. */
  readonly measured: boolean;
  readonly who: WhoView;
};

/** A look at a moment: `lastAt` is the last one that found the same, before it or after. */
export type LookView = Omit<PastEstateView, 'estate'> & {
  /** Parts that could not be read then. What is said of them is what was known before. */
  readonly unread: Estate['gaps'];
};

/** GET /api/connections/[id]/changes */
export type EstateChangesView = {
  readonly from: LookView;
  readonly to: LookView;
  readonly changes: readonly ObjectChangeView[];
  /** All that there are; `changes` has the first of them. */
  readonly total: number;
};

/** GET /api/connections/[id]/bindings */
export type BindingsView = {
  readonly takenAt: string;
  readonly regions: readonly string[];
  /** Parts that could not be read: bindings may be missing. */
  readonly gaps: Estate['gaps'];
  readonly bindings: readonly DatedBinding[];
};

/** An approval of a plan; `withdrawnAt` null = it counts. */
export type ApprovalView = {
  readonly id: number;
  readonly name: string;
  readonly comment: string;
  readonly at: string;
  readonly withdrawnAt: string | null;
};

export type ApprovalsView = {
  /** In the order in which they were given. */
  readonly all: readonly ApprovalView[];
  readonly count: ApprovalCount;
  /**
   * Whether they decide anything now: `begun` = the last look before T0 is over, or the plan was applied at once; `over` =
   * the plan's run has ended.
   */
  readonly standing: 'open' | 'begun' | 'over';
};

/** GET /api/plans/[id]/checks: what a clock has the checks say beside the review, worst first. */
export type ClockChecksView = { readonly findings: readonly Finding[] };

/** What a run has in effect, newest first. */
export type RunLeftView = {
  readonly runId: string;
  readonly state: RunState;
  readonly steps: readonly {
    readonly step: Step;
    /** A call whose outcome nobody knows yet. */
    readonly isUnsure: boolean;
  }[];
};

/** The run that a plan goes on from. */
export type ReplacedRunView = {
  readonly runId: string;
  readonly state: RunState;
  /** When it goes back by itself, unless this plan is applied before; null = it does not. */
  readonly t1: string | null;
  /** What the plan's own way back does not take back: of that run, and of those that it went on from. */
  readonly left: readonly RunLeftView[];
};

/** What goes on from a run, or would if it were applied. */
export type SuccessorView = {
  readonly planId: string;
  readonly runId: string | null;
  readonly state: RunState | null;
  /** The run that was built on this one and has something in effect, or may still write; null = none. */
  readonly inEffect: string | null;
};

/** GET /api/runs/[id] */
export type RunPageView = RunView & {
  /** When details were last removed from its journal, as an ISO instant; null = all of it is there. */
  readonly prunedAt: string | null;
  readonly replaces: ReplacedRunView | null;
  readonly replacedBy: SuccessorView | null;
};

export type PlanView = {
  readonly id: string;
  readonly hash: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly connection: ConnectionView;
  readonly plan: Plan;
  /** Whether what is stored is what its hash was made of: else it may not run. */
  readonly isIntact: boolean;
  readonly findings: readonly Finding[];
  readonly runId: string | null;
  /** What is settled for plans on its kind of connection. */
  readonly policy: Policy;
  readonly approvals: ApprovalsView;
  readonly replaces: ReplacedRunView | null;
  /** What its names were asked when it was made; null = the worker has not measured it yet. */
  readonly traffic: TrafficView | null;
};

export type TrafficView = {
  readonly at: string;
  readonly readings: readonly TrafficReading[];
  /** How many listeners that serve the names are not among the readings. */
  readonly unmeasured: number;
  /** Why not, where it was not for their number: the first reason, or why nothing at all could be measured. */
  readonly error: CloudErrorData | null;
};

export type RunSummary = {
  readonly id: string;
  readonly planId: string;
  readonly name: string;
  readonly connectionName: string;
  readonly state: RunState;
  /** What it retries now: the call, or the address that a probe asks; null when it retries nothing. */
  readonly retrying: { readonly what: string; readonly since: string; readonly everyMs: number } | null;
  readonly createdAt: string;
  readonly actor: string;
  /** null = it ran at once. */
  readonly cutover: Cutover | null;
};

/** A freeze window as it is stored. */
export type FreezeView = Freeze & { readonly id: number };

/** What is settled for all plans on connections of a kind; `set` null = nobody has, and it is Spillway's own default. */
export type PolicyView = {
  readonly kind: ConnectionKind;
  readonly policy: Policy;
  readonly set: { readonly by: string; readonly at: string } | null;
};

/** Who has paused all changes, and since when. */
export type LineStopView = { readonly actor: string; readonly reason: string; readonly at: string };

/** One emergency stop, or its end. */
export type StopLogEntry = LineStopView & { readonly id: number; readonly action: 'pause' | 'resume' };

/** GET /api/line: `stop` null = nobody has paused all changes; `log` newest first. */
export type LineView = { readonly stop: LineStopView | null; readonly log: readonly StopLogEntry[] };

/** A cutover on the schedule. Times are ISO instants; `divertedAt` and `backAt` are by the plan's forecast. */
export type ScheduledCutover = {
  readonly runId: string;
  readonly planId: string;
  readonly name: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly connectionKind: 'sandbox' | 'tencent';
  readonly state: RunState;
  readonly cutover: Cutover;
  readonly prewarmAt: string;
  readonly divertedAt: string;
  /** When the way back has ended by forecast; null = the diversion stays. */
  readonly backAt: string | null;
  /** When its run has ended, or was held; null = it goes on. */
  readonly endedAt: string | null;
  readonly writes: number;
  readonly actor: string;
  readonly latenessMs: number | null;
  readonly approvals: ApprovalCount;
  /** What the last look at the waiting plan found, as problems of `run.problem`. */
  readonly problems: readonly Problem[];
};

/** Two open runs that touch one object at one time: it can't be scheduled so, but a held or late run may come to it. */
export type ScheduleConflict = { readonly runIds: readonly [string, string]; readonly object: string };

/** GET /api/schedule */
export type ScheduleView = {
  readonly now: string;
  readonly cutovers: readonly ScheduledCutover[];
  readonly conflicts: readonly ScheduleConflict[];
  readonly freezes: readonly FreezeView[];
  readonly stop: LineStopView | null;
};

export type PlanSummary = {
  readonly id: string;
  readonly name: string;
  readonly connectionName: string;
  readonly createdAt: string;
  readonly steps: number;
  readonly blocks: number;
  readonly runId: string | null;
  readonly approvals: ApprovalCount;
};

export type SandboxFault = {
  readonly id: string;
  /** As it was ordered: its kind, and which calls or objects it concerns. */
  readonly order: { readonly kind: string } & Readonly<Record<string, unknown>>;
  /** How many more calls it hits; null = no end, 0 = it is spent. */
  readonly left: number | null;
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

/** GET /api/sandbox: the sandbox as its control door shows it. Times are epoch milliseconds where not ISO. */
export type SandboxView = {
  /** ISO. */
  readonly readAt: string;
  readonly seed: string;
  readonly seeds: readonly string[];
  /** `rate`: how many times as fast as real time; 0 = it stands still. */
  readonly clock: { readonly mode: 'real' | 'virtual'; readonly now: number; readonly rate: number };
  readonly taskMs: number;
  readonly tasksRunning: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly runtimes: {
    /** Versions of the interpreters; null: there is none that starts. */
    readonly python: string | null;
    /** Whether that is Pyodide, for want of a python3. */
    readonly pyodide: boolean;
    readonly node: string | null;
    readonly isolation: 'jail' | 'user' | 'weak';
    /** Why the isolation is not the strongest; null where it is. */
    readonly weakerBecause: string | null;
    /** Functions that can't be jailed do not run. */
    readonly jailOnly: boolean;
    /** Whether the system calls that functions have no use for are denied. */
    readonly systemCalls: 'filtered' | 'open';
    /** What holds all processes of a function to its memory: the kernel, the sandbox, or nothing. */
    readonly totalMemory: 'cgroup' | 'watched' | 'each';
  } | null;
  readonly faults: readonly SandboxFault[];
  readonly assumptions: readonly SandboxAssumption[];
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

/** GET /api/rail: what waits for a person behind the entries of the navigation. */
export type RailView = {
  /** Plans with a cutover on the clock that wait for approval. */
  readonly unapproved: number;
  /** Switches that have failed over, and wait for somebody to look at them. */
  readonly failedOver: number;
  /** Switches that would fail over by themselves. */
  readonly armed: number;
  /** Objects that are not as the last applied plan left them, by connection. */
  readonly drifted: Readonly<Record<string, number>>;
  /** Objects that living workers can't work on in the background. */
  readonly problems: number;
};

/** What `/api/health` says, for the page that shows it. */
export type HealthView = {
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly reason?: string }[];
  readonly problems: readonly (WorkerProblem & { readonly worker: string })[];
  /** The processes of this dashboard's launcher; none where no launcher has started it. */
  readonly parts: readonly {
    readonly name: string;
    readonly state: 'starting' | 'up' | 'failing' | 'stopped';
    /** ISO instant. */
    readonly since: string;
    /** Why it is failing. */
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
 * GET /api/changes: one message of the stream, saying what to read again. `plan` concerns a plan's approvals, `round` the
 * probes of a Switch, `switches` the board, `schedule` freezes and the stopped line; `anything` says that changes may have
 * been missed.
 */
export type Change =
  | {
      readonly kind: 'run' | 'estate' | 'deployment' | 'trials' | 'plan' | 'round' | 'drift';
      readonly id: string;
    }
  | { readonly kind: 'schedule' | 'policy' | 'switches' | 'anything' };

/** What every server action answers: field errors are message keys by field path, `form` concerns the whole. */
export type ActionError = {
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly form: {
    readonly message: string;
    readonly values?: Readonly<Record<string, string | number>>;
  } | null;
};
