import type { CloudErrorData } from '@/lib/cloud/errors';
import type { Cutover, Guard, GuardMeasure } from '@/lib/diversion/cutover';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import type { ProbeAnswer } from '@/lib/estate/probe';
import type { KeptWeight } from '@/lib/estate/record-shares';
import type { Plan, Step, StepId } from '@/lib/plan/model';

/** Forward along `plan.steps`, or back along `plan.revert`. */
export type Direction = 'apply' | 'revert';

/** Why a run stands still and waits for a person. */
export type HoldReason =
  /** Somebody else changed the object: found is neither `before` nor `after`. */
  | {
      readonly kind: 'drift';
      readonly object: ObjectRef;
      readonly expected: ObjectState;
      readonly found: ObjectState;
    }
  | {
      readonly kind: 'cloudError';
      readonly error: CloudErrorData;
      /** Whether the object was read after the failure and is as before the step; false = its state is not known. */
      readonly settled: boolean;
    }
  /** The cloud reported success, but the object is not as it should be. */
  | {
      readonly kind: 'notEffective';
      readonly object: ObjectRef;
      readonly expected: ObjectState;
      readonly found: ObjectState;
    }
  | { readonly kind: 'probeFailed'; readonly answer: ProbeAnswer }
  /** Something of our own broke; the message says what, the log has the rest. */
  | { readonly kind: 'internal'; readonly message: string }
  /** An operator asked for it. */
  | { readonly kind: 'asked'; readonly actor: string; readonly reason?: string | undefined }
  /** A guard whose policy is to hold. */
  | { readonly kind: 'guard'; readonly breach: Breach }
  /** What was reviewed may not run now. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/** A guard whose limit was passed for as long as it says. */
export type Breach = { readonly guard: Guard; readonly value: number; readonly since: string };

/** Why a reviewed plan may not run: a message key below `run.problem`, with its values. */
export type Problem = {
  readonly kind: string;
  readonly values: Readonly<Record<string, string | number>>;
};

/** A failure that passes by itself, and is therefore retried. */
export type RetryCause =
  | { readonly kind: 'cloudError'; readonly error: CloudErrorData }
  /** Nothing answered a probe. */
  | { readonly kind: 'noAnswer'; readonly answer: ProbeAnswer };

/** Why a run turns from the way there to the way back. */
export type TurnReason =
  | { readonly kind: 'T1' }
  | { readonly kind: 'asked'; readonly actor: string; readonly reason: string }
  | { readonly kind: 'guard'; readonly breach: Breach }
  | { readonly kind: 'missedT0'; readonly lateMs: number };

/** Who has paused a run: the emergency stop, which resumes it when it ends, or else a person. */
export type PausedBy = 'emergencyStop' | undefined;

/** The instants that a run on the clock waits for. */
export type Gate = 'prewarm' | 'T0' | 'T1';

/** One round of what is watched while traffic is moved; null = could not be read, which is neither good nor bad. */
export type Sample = {
  readonly at: string;
  readonly measures: Readonly<Partial<Record<GuardMeasure, number | null>>>;
  /** How far the figures of a measure lagged behind, in ms, where the cloud has them; absent = as it happens. */
  readonly lagMs?: Readonly<Partial<Record<GuardMeasure, number>>>;
  readonly probes: readonly {
    readonly stepId: StepId;
    readonly passed: boolean;
    readonly latencyMs: number;
    readonly status: string | null;
    readonly failure: string | null;
  }[];
};

/** What is written down about a run. `at` is an ISO instant. */
export type RunEvent = { readonly at: string; readonly direction: Direction } & (
  | { readonly type: 'started'; readonly actor: string; readonly attempt: number }
  /** Written before the call is sent. */
  | { readonly type: 'intent'; readonly stepId: StepId; readonly action: string; readonly attempt: number }
  /** The cloud accepted the call; its task may still run. */
  | {
      readonly type: 'accepted';
      readonly stepId: StepId;
      readonly requestId: string;
      readonly taskId: string | null;
      /** Of a call that makes a load balancer: the one that it has made. */
      readonly loadBalancerId?: string;
    }
  /**
   * The cloud, or the way to it, has been away since then; the step asks again, about this often, until it is back.
   * Written once that has lasted some seconds, when the failure changes, and then once a minute.
   */
  | {
      readonly type: 'retrying';
      readonly stepId: StepId;
      readonly cause: RetryCause;
      readonly since: string;
      readonly everyMs: number;
    }
  /** What was retried has answered. */
  | { readonly type: 'recovered'; readonly stepId: StepId; readonly since: string }
  /** The cloud refused or the reply was lost; the executor tries again or reads back. */
  | { readonly type: 'callFailed'; readonly stepId: StepId; readonly error: CloudErrorData }
  | {
      readonly type: 'stepDone';
      readonly stepId: StepId;
      /** `applied` by our call; `readBack`: found in effect after a lost reply or crash; `already`: it was so when
       * the step's turn came; `notOurs`: the run never did what this step would undo; `kept`: the cloud keeps weights
       * that the step was to take off, and all shares are right. */
      readonly outcome: 'applied' | 'readBack' | 'already' | 'notOurs' | 'kept' | 'probed' | 'waited';
      readonly requestId: string | null;
      readonly durationMs: number;
      /** Of a step that makes something: the cloud's ids by the symbols that stand for them in the plan. */
      readonly ids?: Readonly<Record<string, string>>;
      /** Of a step whose outcome is `kept`. */
      readonly keptWeights?: readonly KeptWeight[];
    }
  | { readonly type: 'probed'; readonly stepId: StepId; readonly answer: ProbeAnswer }
  | { readonly type: 'waiting'; readonly stepId: StepId; readonly until: string }
  | { readonly type: 'held'; readonly stepId: StepId | null; readonly reason: HoldReason }
  /** The run waits for an instant. */
  | { readonly type: 'gate'; readonly gate: Gate; readonly due: string }
  /** The instant has come and the run goes on, this much later. */
  | { readonly type: 'passed'; readonly gate: Gate; readonly latenessMs: number }
  /** A waiting plan was looked at again, and something else was found than the last time. */
  | { readonly type: 'checked'; readonly problems: readonly Problem[] }
  /** T0 was missed and a person decides. */
  | { readonly type: 'missed'; readonly lateMs: number }
  | { readonly type: 'paused'; readonly actor: string; readonly reason: string; readonly by?: PausedBy }
  /** Goes on, in the state in which it stood before. */
  | { readonly type: 'resumed'; readonly actor: string; readonly reason: string; readonly state: RunState }
  | { readonly type: 'baking'; readonly stepId: StepId; readonly until: string }
  | { readonly type: 'baked'; readonly stepId: StepId }
  | { readonly type: 'bakeSkipped'; readonly stepId: StepId; readonly actor: string; readonly reason: string }
  | { readonly type: 'watched'; readonly sample: Sample }
  /** A command was taken; by its id it is not followed twice, also by a worker that begins from the beginning. */
  | {
      readonly type: 'heard';
      readonly id: string;
      readonly command: LiveCommand;
      readonly actor: string;
      readonly reason: string;
      readonly by?: PausedBy;
    }
  /** A command that came when it could no longer be followed. */
  | {
      readonly type: 'refused';
      readonly command: LiveCommand;
      readonly actor: string;
      readonly state: RunState;
    }
  /** From here on the run goes back. */
  | { readonly type: 'turned'; readonly why: TurnReason }
  | { readonly type: 'finished'; readonly result: 'done' | 'reverted' }
  /** A held run that nobody will take up again. */
  | { readonly type: 'closed'; readonly actor: string; readonly reason?: string | undefined }
);

/**
 * Where a run stands. It ends in done, reverted or closed; a held one waits for a person, and says what is applied. What is
 * done or closed can still be taken back.
 * `scheduled` waits for prewarm, `ready` for T0, `asking` for a person because T0 was missed, `baking` between two steps
 * of a ramp, `holding` for T1, `retrying` for the cloud to be back. Those in which it goes on by itself come first.
 */
export const runStates = [
  'queued',
  'scheduled',
  'ready',
  'asking',
  'applying',
  'baking',
  'holding',
  'reverting',
  'retrying',
  'paused',
  'held',
  'done',
  'reverted',
  'closed',
] as const;
export type RunState = (typeof runStates)[number];

/** Commands that reach a run while it goes on, as messages. */
export const liveCommands = ['pause', 'resume', 'skipBake', 'hold', 'revert', 'abort'] as const;
export type LiveCommand = (typeof liveCommands)[number];
/** And those that begin something new with a run that stands still. */
export type RunCommand = LiveCommand | 'retry' | 'replan';

/** In these states a run has an execution that listens; elsewhere a command begins a new attempt or only notes. */
export const liveStates: readonly RunState[] = runStates.slice(0, runStates.indexOf('held'));

/** Which command is valid in which state; everything else is refused with the state as the reason. */
export const runCan: Readonly<Record<RunCommand, readonly RunState[]>> = {
  pause: ['scheduled', 'ready', 'applying', 'baking', 'holding', 'reverting', 'retrying'],
  resume: ['paused', 'asking'],
  skipBake: ['baking'],
  hold: liveStates,
  revert: [
    'ready',
    'asking',
    'applying',
    'baking',
    'holding',
    'retrying',
    'paused',
    'held',
    'done',
    'closed',
  ],
  retry: ['held'],
  replan: ['held'],
  abort: [...liveStates, 'held'],
};

/** Whether a command is valid for a run where it stands. What rolls back already, whatever it waits for, can't turn again. */
export function canCommand(
  run: { readonly state: RunState; readonly direction: Direction },
  command: RunCommand,
): boolean {
  const isWaiting = run.state === 'paused' || run.state === 'retrying';
  if (command === 'revert' && isWaiting && run.direction === 'revert') return false;
  return runCan[command].includes(run.state);
}

export type StepState = 'todo' | 'running' | 'waiting' | 'done' | 'skipped' | 'failed';

export type StepView = {
  readonly step: Step;
  readonly state: StepState;
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  readonly requestIds: readonly string[];
  readonly outcome: string | null;
  /** Weights that the cloud has kept on records which were to have none. */
  readonly keptWeights: readonly KeptWeight[];
  readonly attempts: number;
  readonly waitingUntil: string | null;
  readonly error: CloudErrorData | null;
  readonly probe: ProbeAnswer | null;
};

/** A run as the page shows it, folded from its events. */
export type RunView = {
  readonly id: string;
  readonly planId: string;
  readonly name: string;
  readonly connectionId: string;
  readonly connectionKind: 'sandbox' | 'tencent';
  readonly state: RunState;
  readonly direction: Direction;
  readonly actor: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly apply: readonly StepView[];
  readonly revert: readonly StepView[];
  readonly held: { readonly at: string; readonly stepId: StepId | null; readonly reason: HoldReason } | null;
  /** What is retried now, since when, and about how often; null when nothing is. */
  readonly retrying: {
    readonly stepId: StepId;
    readonly cause: RetryCause;
    readonly since: string;
    readonly everyMs: number;
  } | null;
  /** What the last person said who paused or aborted it. */
  readonly said: {
    readonly at: string;
    readonly actor: string;
    readonly reason: string;
    /** Whether it was the emergency stop that paused it, and its end will resume it. */
    readonly isStop: boolean;
  } | null;
  /** Why it goes back, or went back, in its newest attempt. */
  readonly turned: { readonly at: string; readonly why: TurnReason } | null;
  readonly cutover: Cutover | null;
  /** What it waits for now. */
  readonly gate: { readonly gate: Gate; readonly due: string } | null;
  /** How long after T0 the first call of the divert was about to be sent, in ms; null before that, and without a T0. */
  readonly latenessMs: number | null;
  /** What the last look at a waiting plan found. */
  readonly checked: { readonly at: string; readonly problems: readonly Problem[] } | null;
  /** Commands that came too late. */
  readonly refused: readonly {
    readonly at: string;
    readonly command: LiveCommand;
    readonly actor: string;
    readonly state: RunState;
  }[];
  /** The newest rounds of what is watched, oldest first. */
  readonly samples: readonly Sample[];
  readonly plan: Plan;
};
