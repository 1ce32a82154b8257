import type { Diversion } from '@/lib/diversion/diversion';
import type { Phase } from '@/lib/diversion/phase';
import type { WriteCall } from '@/lib/estate/call';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import type { Probe } from '@/lib/estate/probe';

/** Identifies a step inside its plan: `s1`, `s2`, … forward; `r1`, … on the way back. */
export type StepId = string;

/** One API call with the state it starts from, the state it leads to and its inverse. */
export type WriteStep = {
  readonly kind: 'write';
  readonly id: StepId;
  readonly phase: Phase;
  readonly object: ObjectRef;
  readonly call: WriteCall;
  readonly before: ObjectState;
  readonly after: ObjectState;
  readonly inverse: WriteCall;
  /**
   * On a step that makes something which later steps name: by the name of an id of its object's reading, the symbol that
   * stands for it in them. Absent on all others.
   */
  readonly yields?: Readonly<Record<string, string>>;
  /** On the way back: the forward step that this one undoes. null on the way there. */
  readonly undoes: StepId | null;
  readonly needs: readonly StepId[];
  readonly forecastMs: number;
};

/** A request that must answer as expected before the next step may run. */
export type ProbeStep = {
  readonly kind: 'probe';
  readonly id: StepId;
  readonly phase: Phase;
  readonly probe: Probe;
  /** How long the answer may take to become right; only then has the probe failed. */
  readonly withinMs: number;
  readonly needs: readonly StepId[];
  readonly forecastMs: number;
};

/** Waits until old DNS answers and kept connections are gone: nothing is unbound before. */
export type DrainStep = {
  readonly kind: 'drain';
  readonly id: StepId;
  readonly phase: 'drain';
  readonly oldTtlS: number;
  /** The longest that an answer may be kept once a move that stays has its old TTL back, in seconds; absent where none does. */
  readonly restoredTtlS?: number;
  readonly keepAliveS: number;
  readonly needs: readonly StepId[];
  readonly forecastMs: number;
};

/**
 * A wait for old DNS answers to expire. Between two moves of a ramp: nothing more moves before the answers from before the
 * last move can have expired, and before what moved has proved itself under the guards. In prewarm: nothing moves before
 * answers with the TTL from before it was lowered can have expired. In drain: a move that stays gets its old TTL back only
 * when old answers and kept connections are gone.
 */
export type BakeStep = {
  readonly kind: 'bake';
  readonly id: StepId;
  readonly phase: 'prewarm' | 'divert' | 'revert' | 'drain';
  /** Served before the move, in seconds: a person may skip the rest of the bake, never this. */
  readonly oldTtlS: number;
  readonly bakeS: number;
  readonly needs: readonly StepId[];
  readonly forecastMs: number;
};

export type Step = WriteStep | ProbeStep | DrainStep | BakeStep;

/** An object, and the state that a plan is to bring it back to. */
export type Restore = { readonly object: ObjectRef; readonly state: ObjectState };

/** Data only, immutable, hashed. `revert` is the way back, validated like the way there. */
export type Plan = {
  readonly diversion: Diversion;
  /**
   * What it brings back, of all that an earlier plan of this diversion has left: then nothing else of the diversion is
   * planned. Absent where the plan leads to the diversion itself.
   */
  readonly restores?: readonly Restore[];
  readonly connectionId: string;
  /** When the estate was read that the plan starts from. */
  readonly estateTakenAt: string;
  /** Where traffic is moved to, for guards that ask the cloud. Absent in older plans. */
  readonly routes?: readonly MeasuredRoute[];
  /** What each object that the plan writes to was like, by its key: a short SHA-256 of its state. Absent in older plans. */
  readonly fingerprints?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly revert: readonly Step[];
};
