import type { CloudErrorData } from '@/lib/cloud/errors';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import type { ProbeAnswer } from '@/lib/estate/probe';
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
  | { readonly kind: 'asked'; readonly actor: string };

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
    }
  /** The cloud refused or the reply was lost; the executor tries again or reads back. */
  | { readonly type: 'callFailed'; readonly stepId: StepId; readonly error: CloudErrorData }
  | {
      readonly type: 'stepDone';
      readonly stepId: StepId;
      /** `applied` by our call; `readBack`: found in effect after a lost reply or crash; `already`: it was so when
       * the step's turn came; `notOurs`: the run never did what this step would undo. */
      readonly outcome: 'applied' | 'readBack' | 'already' | 'notOurs' | 'probed' | 'waited';
      readonly requestId: string | null;
      readonly durationMs: number;
    }
  | { readonly type: 'probed'; readonly stepId: StepId; readonly answer: ProbeAnswer }
  | { readonly type: 'waiting'; readonly stepId: StepId; readonly until: string }
  | { readonly type: 'held'; readonly stepId: StepId | null; readonly reason: HoldReason }
  | { readonly type: 'finished'; readonly result: 'done' | 'reverted' }
  /** A held run that nobody will take up again. */
  | { readonly type: 'closed'; readonly actor: string }
);

/** Where a run stands. A run ends in done, reverted or held; a held one can be closed with what is and isn't applied. */
export type RunState = 'queued' | 'applying' | 'done' | 'reverting' | 'reverted' | 'held' | 'closed';

export type RunCommand = 'hold' | 'retry' | 'revert' | 'close';

/** Which command is valid in which state; everything else is refused with the state as the reason. */
export const runCan: Readonly<Record<RunCommand, readonly RunState[]>> = {
  hold: ['queued', 'applying', 'reverting'],
  retry: ['held'],
  revert: ['done', 'held'],
  close: ['held'],
};

export type StepState = 'todo' | 'running' | 'waiting' | 'done' | 'skipped' | 'failed';

export type StepView = {
  readonly step: Step;
  readonly state: StepState;
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  readonly requestIds: readonly string[];
  readonly outcome: string | null;
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
  readonly plan: Plan;
};
