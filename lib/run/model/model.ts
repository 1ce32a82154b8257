import type { CloudErrorData } from '@/lib/cloud/errors';
import type { Cutover, Guard, GuardMeasure } from '@/lib/diversion/cutover';
import type { KnownIds } from '@/lib/estate/call';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import type { ProbeAnswer } from '@/lib/estate/probe';
import type { KeptWeight } from '@/lib/estate/record-shares';
import type { Plan, PlanId, Step, StepId } from '@/lib/plan/model/model';
import type { RunId } from './run-id';

/** Apply along `plan.steps`, or roll back along `plan.rollback`. */
export type Direction = 'apply' | 'rollback';

/** The reason why a run is stopped. */
export type StopReason =
  /** A foreign change: the object's state is neither `before` nor `after`. */
  | {
      readonly kind: 'drift';
      readonly object: ObjectRef;
      readonly expected: ObjectState;
      readonly found: ObjectState;
    }
  | {
      readonly kind: 'cloudError';
      readonly error: CloudErrorData;
      /** True if the object was read after the failure and is as before the step; false = its state is unknown. */
      readonly settled: boolean;
    }
  /** The cloud reported success, but the object differs from the step's `after`. */
  | {
      readonly kind: 'notEffective';
      readonly object: ObjectRef;
      readonly expected: ObjectState;
      readonly found: ObjectState;
    }
  | { readonly kind: 'probeFailed'; readonly answer: ProbeAnswer }
  /** An internal error; the message names the failed part, and the log has the details. */
  | { readonly kind: 'internal'; readonly message: string }
  /** A guard whose policy is to stop. */
  | { readonly kind: 'guard'; readonly breach: Breach }
  /** The reviewed plan may not run now. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/** A guard whose limit was exceeded for its full duration. */
export type Breach = { readonly guard: Guard; readonly value: number; readonly since: string };

/** The reason why a reviewed plan may not run: a message key below `run.problem`, with its values. */
export type Problem = {
  readonly kind: string;
  readonly values: Readonly<Record<string, string | number>>;
};

/** A transient failure, which is retried. */
export type RetryCause =
  | { readonly kind: 'cloudError'; readonly error: CloudErrorData }
  /** A probe without a response. */
  | { readonly kind: 'noAnswer'; readonly answer: ProbeAnswer };

/** The reason why a run switches from apply to rollback. */
export type RollbackReason =
  | { readonly kind: 'T1' }
  | { readonly kind: 'command'; readonly actor: string; readonly reason: string }
  | { readonly kind: 'guard'; readonly breach: Breach }
  | {
      readonly kind: 'missedT0';
      readonly lateMs: number;
      /** Set if that is because requested instances were not ready: how many were. */
      readonly notReady?: string;
    };

/** The actor that has paused a run: an operator, or the emergency stop, whose end resumes the run. */
export type PausedBy = 'emergencyStop' | undefined;

/** The instants that a scheduled run waits for. */
export type Gate = 'prewarm' | 'T0' | 'T1';

/** One round of measures while traffic is moved; null = could not be read, which counts as neither good nor bad. */
export type Sample = {
  readonly at: string;
  readonly measures: Readonly<Partial<Record<GuardMeasure, number | null>>>;
  /** The lag of a measure's figures, in ms, where the cloud has them; absent = live. */
  readonly lagMs?: Readonly<Partial<Record<GuardMeasure, number>>>;
  readonly probes: readonly {
    readonly stepId: StepId;
    readonly passed: boolean;
    readonly latencyMs: number;
    readonly status: string | null;
    readonly failure: string | null;
  }[];
};

/** The gap in a bake's measurements: it had no guards, or these measures of its guards never had a value. */
export type BakeGap =
  | { readonly kind: 'unguarded' }
  | { readonly kind: 'unread'; readonly measures: readonly GuardMeasure[] };

/** The recorded events of a run. `at` is an ISO instant. */
export type RunEvent = { readonly at: string; readonly direction: Direction } & (
  | { readonly type: 'started'; readonly actor: string; readonly attempt: number }
  /** Written before the call is sent. */
  | { readonly type: 'intent'; readonly stepId: StepId; readonly action: string; readonly attempt: number }
  /** The cloud accepted the call; its task may still be running. */
  | {
      readonly type: 'accepted';
      readonly stepId: StepId;
      readonly requestId: string;
      readonly taskId: string | null;
      /** For a call that creates a load balancer: its id. */
      readonly loadBalancerId?: string;
    }
  /**
   * The cloud, or the connection to it, has been unavailable since then; the step retries, about this often, until it
   * is available. Written once that has lasted some seconds, when the failure changes, once it needs attention, and then
   * once a minute.
   */
  | {
      readonly type: 'retrying';
      readonly stepId: StepId;
      readonly cause: RetryCause;
      readonly since: string;
      readonly everyMs: number;
      /** The number of failed attempts of this call so far. */
      readonly attempt?: number;
      /** When the run stops retrying and is stopped, as an ISO instant; null or absent = it retries as long as it takes. */
      readonly until?: string | null;
    }
  /** A retried call got a response. */
  | { readonly type: 'recovered'; readonly stepId: StepId; readonly since: string }
  /** The cloud rejected the call or the response was lost; the executor retries or reads back. */
  | { readonly type: 'callFailed'; readonly stepId: StepId; readonly error: CloudErrorData }
  | {
      readonly type: 'stepDone';
      readonly stepId: StepId;
      /**
       * `applied` by a call of this run; `readBack`: found in effect after a lost response or crash; `already`: in
       * effect before the step started; `notOurs`: the run never made the change that this step would undo; `kept`: the
       * cloud keeps weights that the step should have removed, and all shares are right; `notReady`: instances did not
       * start in time, and the schedule decides at T0.
       */
      readonly outcome:
        | 'applied'
        | 'readBack'
        | 'already'
        | 'notOurs'
        | 'kept'
        | 'probed'
        | 'waited'
        | 'notReady';
      readonly requestId: string | null;
      readonly durationMs: number;
      /** For a step that creates an object: the cloud's ids by their placeholders in the plan. */
      readonly ids?: Readonly<Record<string, string>>;
      /** On a step whose outcome is `kept`. */
      readonly keptWeights?: readonly KeptWeight[];
      /** For a step that writes DNS records: the cloud's ids of the records that it leaves, by `recordKey`. */
      readonly recordIds?: KnownIds;
      /** For a step that leaves a rule: the cloud's id of it. */
      readonly ruleId?: string;
    }
  | { readonly type: 'probed'; readonly stepId: StepId; readonly answer: ProbeAnswer }
  | { readonly type: 'waiting'; readonly stepId: StepId; readonly until: string }
  | { readonly type: 'stopped'; readonly stepId: StepId | null; readonly reason: StopReason }
  /**
   * The rollback is stopped by a call that the cloud refuses, and is tried again at `retryAt` (ISO). Written after the stop,
   * and after each further try that fails in the same way.
   */
  | {
      readonly type: 'blocked';
      readonly stepId: StepId;
      readonly reason: Extract<StopReason, { kind: 'cloudError' }>;
      /** The number of tries so far. */
      readonly tries: number;
      readonly retryAt: string;
    }
  /** The run waits for an instant. */
  | { readonly type: 'gate'; readonly gate: Gate; readonly due: string }
  /** The instant was reached and the run continues, this much later. */
  | { readonly type: 'passed'; readonly gate: Gate; readonly latenessMs: number }
  /** A waiting plan was re-validated, with a different result than the last time. */
  | { readonly type: 'checked'; readonly problems: readonly Problem[] }
  /** T0 was missed and an operator decides. */
  | { readonly type: 'missed'; readonly lateMs: number }
  | { readonly type: 'paused'; readonly actor: string; readonly reason: string; readonly by?: PausedBy }
  /** Continues, in its earlier state. */
  | {
      readonly type: 'continued';
      readonly actor: string;
      readonly reason: string;
      readonly state: PausableState;
    }
  | { readonly type: 'baking'; readonly stepId: StepId; readonly until: string }
  | {
      readonly type: 'baked';
      readonly stepId: StepId;
      /** The measures that it could not read. */
      readonly gap?: BakeGap;
    }
  | { readonly type: 'bakeSkipped'; readonly stepId: StepId; readonly actor: string; readonly reason: string }
  | { readonly type: 'watched'; readonly sample: Sample }
  /** A command was accepted; its id prevents executing it twice, even by a worker that restarts from the beginning. */
  | {
      readonly type: 'command';
      readonly id: string;
      readonly command: LiveCommand;
      readonly actor: string;
      readonly reason: string;
      readonly by?: PausedBy;
    }
  /** A command that arrived too late. */
  | {
      readonly type: 'refused';
      readonly command: LiveCommand;
      readonly actor: string;
      readonly state: RunState;
    }
  /** From here on the run rolls back. */
  | { readonly type: 'rollback'; readonly why: RollbackReason }
  | { readonly type: 'finished'; readonly result: 'done' | 'rolledBack' }
  /** An operator has changed the schedule before the run started: the next attempt follows the new one. */
  | {
      readonly type: 'rescheduled';
      readonly actor: string;
      readonly reason: string;
      readonly from: Cutover;
      /** null = at once. */
      readonly to: Cutover | null;
    }
  /** The run was left as is, or its schedule was canceled. */
  | { readonly type: 'closed'; readonly actor: string; readonly reason?: string | undefined }
);

/**
 * The states of a run. It ends in done, rolledBack or closed; a stopped one waits for an operator, and states what is
 * applied. A done or closed run can still be rolled back. `scheduled` waits for prewarm, `ready` for T0, `missed` for
 * an operator because T0 was missed, `baking` between two steps of a ramp, `diverted` for T1, `retrying` for the cloud
 * to be available. The states in which it continues automatically come first.
 */
export const runStates = [
  'queued',
  'scheduled',
  'ready',
  'missed',
  'applying',
  'baking',
  'diverted',
  'rollingBack',
  'retrying',
  'paused',
  'stopped',
  'done',
  'rolledBack',
  'closed',
] as const;
export type RunState = (typeof runStates)[number];

/** The states that a pause returns to. */
export type PausableState = Extract<
  RunState,
  'scheduled' | 'ready' | 'missed' | 'applying' | 'baking' | 'diverted' | 'rollingBack'
>;

/** Commands sent as messages to an active run; `continue` and `rollback` start a new attempt of an inactive one. */
export const liveCommands = ['pause', 'continue', 'skipBake', 'rollback', 'leaveAsIs'] as const;
export type LiveCommand = (typeof liveCommands)[number];
/** Plus the one that plans an inactive run again. */
export type RunCommand = LiveCommand | 'replan';

/**
 * In these states a run has an execution that receives commands; in others, a command starts a new attempt or is only
 * recorded.
 */
export const liveStates: readonly RunState[] = runStates.slice(0, runStates.indexOf('stopped'));

/** The states in which each command is valid; otherwise it is refused with the state as the reason. */
const runCan: Readonly<Record<RunCommand, readonly RunState[]>> = {
  pause: ['scheduled', 'ready', 'applying', 'baking', 'diverted', 'rollingBack', 'retrying'],
  continue: ['paused', 'missed', 'stopped'],
  skipBake: ['baking'],
  rollback: [
    'ready',
    'missed',
    'applying',
    'baking',
    'diverted',
    'retrying',
    'paused',
    'stopped',
    'done',
    'closed',
  ],
  replan: ['stopped'],
  leaveAsIs: [...liveStates, 'stopped'],
};

/**
 * Returns whether a command is valid for a run in its current state. A run that is being rolled back can't be rolled
 * back again.
 */
export function canCommand(
  run: { readonly state: RunState; readonly direction: Direction },
  command: RunCommand,
): boolean {
  const isWaiting = run.state === 'paused' || run.state === 'retrying';
  if (command === 'rollback' && isWaiting && run.direction === 'rollback') return false;
  return runCan[command].includes(run.state);
}

/**
 * Returns whether a command continues an apply, which is refused while all changes are paused. A rollback is always
 * allowed.
 */
export function startsChanges(command: RunCommand, direction: Direction): boolean {
  return command === 'skipBake' || (command === 'continue' && direction === 'apply');
}

/**
 * `interrupted`: it had started when the run switched to rollback or ended; `notRun`: it had not. Neither continues in
 * this direction.
 */
export type StepState =
  | ('todo' | 'running' | 'waiting' | 'done' | 'skipped' | 'failed')
  | ('interrupted' | 'notRun');

/** The outcome of an ended step, as in its `stepDone` event. */
export type StepOutcome = Extract<RunEvent, { type: 'stepDone' }>['outcome'];

type StepFacts = {
  readonly step: Step;
  readonly requestIds: readonly string[];
  readonly attempts: number;
  readonly probe: ProbeAnswer | null;
  /** For an ended bake: the measures that had no value. */
  readonly gap: BakeGap | null;
};

/** The fields that a step has in some states only. */
type StepProgress = {
  /** The start of its last try, as an ISO instant. */
  readonly startedAt: string;
  readonly waitingUntil: string;
  /** The last error of a step in progress; null = none. */
  readonly error: CloudErrorData | null;
  readonly durationMs: number;
  readonly outcome: StepOutcome;
  /** True if its call may be in effect, although the step failed. */
  readonly mayBeApplied: boolean;
  /** Weights that the cloud has kept on records that should have none. */
  readonly keptWeights: readonly KeptWeight[];
};

/** An object in a state: it has the named fields, and null in those of other states. */
type In<State extends string, All, Own extends keyof All = never> = { readonly state: State } & Pick<
  All,
  Own
> & { readonly [Key in Exclude<keyof All, Own>]: null };

/** A step as the page shows it: only an ended step has a result. */
export type StepView = StepFacts &
  (
    | In<'todo' | 'notRun', StepProgress>
    | In<'interrupted', StepProgress, 'startedAt'>
    | In<'running', StepProgress, 'startedAt' | 'error'>
    | In<'waiting', StepProgress, 'startedAt' | 'waitingUntil'>
    | In<'failed', StepProgress, 'startedAt' | 'mayBeApplied'>
    | In<'done' | 'skipped', StepProgress, 'startedAt' | 'durationMs' | 'outcome' | 'keptWeights'>
  );

type RunFacts = {
  readonly id: RunId;
  readonly planId: PlanId;
  readonly name: string;
  readonly connectionId: string;
  readonly connectionKind: 'sandbox' | 'tencent';
  readonly direction: Direction;
  readonly actor: string;
  /** The start of its newest attempt that has started; null = none has. */
  readonly startedAt: string | null;
  readonly apply: readonly StepView[];
  readonly rollback: readonly StepView[];
  /** The reason for the rollback, in the newest attempt. */
  readonly rollbackReason: { readonly at: string; readonly why: RollbackReason } | null;
  readonly cutover: Cutover | null;
  /** The guards of its schedule, or those of the policy when it was applied at once. */
  readonly guards: readonly Guard[];
  /**
   * The time from T0 until the first call of the divert was about to be sent, in ms; null before that, and without a
   * T0.
   */
  readonly latenessMs: number | null;
  /** The result of the last re-validation of a waiting plan. */
  readonly checked: { readonly at: string; readonly problems: readonly Problem[] } | null;
  /** Commands that came too late. */
  readonly refused: readonly {
    readonly at: string;
    readonly command: LiveCommand;
    readonly actor: string;
    readonly state: RunState;
  }[];
  /** The newest rounds of measures, oldest first. */
  readonly samples: readonly Sample[];
  readonly plan: Plan;
};

/** The fields that a run has in some states only. */
type RunProgress = {
  /** The instant that it waits for; null = none. */
  readonly gate: { readonly gate: Gate; readonly due: string } | null;
  /** The current retry, its start, and its approximate interval. */
  readonly retrying: {
    readonly stepId: StepId;
    readonly cause: RetryCause;
    readonly since: string;
    readonly everyMs: number;
    /** The number of failed attempts; null = unknown. */
    readonly attempt: number | null;
    /** When the run stops retrying and is stopped; null = it retries as long as it takes. */
    readonly until: string | null;
    /** True once it has lasted `attentionAfterMs`. */
    readonly isLong: boolean;
  };
  /** The reason given by the actor who paused it or left it as is. */
  readonly stoppedBy: {
    readonly at: string;
    readonly actor: string;
    readonly reason: string;
    /** True if the emergency stop paused it, so that its end will resume it. */
    readonly isStop: boolean;
  };
  readonly stopped: {
    readonly at: string;
    readonly stepId: StepId | null;
    /** For a rollback that the cloud refuses: of its last try. */
    readonly reason: StopReason;
    /** Set while a blocked rollback is tried again automatically: the tries so far, and the next one as an ISO instant. */
    readonly retry?: { readonly tries: number; readonly at: string };
  };
  /** The time when it ended or was stopped. */
  readonly endedAt: string;
};

/** A state of a run, with the fields that it has in that state. */
export type RunStateView =
  | In<'queued' | 'applying' | 'baking' | 'rollingBack', RunProgress>
  | In<'scheduled' | 'ready' | 'missed' | 'diverted', RunProgress, 'gate'>
  | In<'retrying', RunProgress, 'retrying'>
  | In<'paused', RunProgress, 'gate' | 'stoppedBy'>
  | In<'stopped', RunProgress, 'gate' | 'stopped' | 'endedAt'>
  | In<'done' | 'rolledBack', RunProgress, 'endedAt'>
  // A closed run keeps the reason of its stop, if any.
  | In<'closed', RunProgress, 'stoppedBy' | 'endedAt'>
  | In<'closed', RunProgress, 'stoppedBy' | 'endedAt' | 'stopped'>;

/** A run as the page shows it, folded from its events. */
export type RunView = RunFacts & RunStateView;
