import { z } from 'zod';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Phase } from '@/lib/diversion/phase';
import type { WriteCall } from '@/lib/estate/call';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { ObjectRef, ObjectState, RecordSetRef, RecordState } from '@/lib/estate/object';
import type { Probe } from '@/lib/estate/probe';

/** Identifies a plan: `P-0001`, `P-0002`, … */
export const PlanId = z.string().min(1).brand<'PlanId'>();
export type PlanId = z.infer<typeof PlanId>;

/** Identifies a step inside its plan: `s1`, `s2`, … on apply; `r1`, … on rollback. */
export const StepId = z
  .string()
  .regex(/^[a-z]+\d+$/, 'plan.stepId')
  .brand<'StepId'>();
export type StepId = z.infer<typeof StepId>;

/**
 * The fields of every step. `wave`: the wave, from 1, whose names it moves, probes or waits for; absent if the
 * diversion has no waves, or if the step serves several of them.
 */
type Common = {
  readonly id: StepId;
  readonly wave?: number;
  readonly needs: readonly StepId[];
  readonly forecastMs: number;
};

/** One API call with the state before it, the state after it and its inverse. */
export type WriteStep = Common & {
  readonly kind: 'write';
  readonly phase: Phase;
  readonly object: ObjectRef;
  readonly call: WriteCall;
  readonly before: ObjectState;
  readonly after: ObjectState;
  readonly inverse: WriteCall;
  /**
   * On a step that creates an object named by later steps: maps the name of an id in the object's read to the
   * placeholder that those steps use for it. Absent on all others.
   */
  readonly yields?: Readonly<Record<string, string>>;
  /** On rollback: the apply step that this one undoes. null on apply. */
  readonly undoes: StepId | null;
};

/** A request that must get the expected response before the next step may run. */
export type ProbeStep = Common & {
  readonly kind: 'probe';
  readonly phase: Phase;
  readonly probe: Probe;
  /** The time after which the probe fails if the response is still wrong. */
  readonly withinMs: number;
};

/** Waits until old DNS answers and kept connections have expired: nothing is unbound before. */
export type DrainStep = Common & {
  readonly kind: 'drain';
  readonly phase: 'drain';
  readonly oldTtlS: number;
  /**
   * The maximum cache time of an answer once a permanent move has its old TTL restored, in seconds; otherwise absent.
   */
  readonly restoredTtlS?: number;
  readonly keepAliveS: number;
};

/**
 * A wait for old DNS answers to expire. Between two moves of a ramp: the next move waits until the answers from before
 * the last move have expired, and the bake under the guards has passed. Between two waves: the same, for the names of
 * the wave that has moved. In prewarm: the move waits until answers with the old TTL have expired. In drain: a
 * permanent move gets its old TTL back only when old answers and kept connections have expired.
 */
export type BakeStep = Common & {
  readonly kind: 'bake';
  readonly phase: 'prewarm' | 'divert' | 'rollback' | 'drain';
  /** The host name of the answers; of several names of a wave, the first. */
  readonly name: string;
  /** Between two moves: the current share of the gaining side, in %; otherwise null. */
  readonly percent: number | null;
  /** The TTL served before the move, in seconds: an operator may skip the rest of the bake, never this. */
  readonly oldTtlS: number;
  readonly bakeS: number;
};

export type Step = WriteStep | ProbeStep | DrainStep | BakeStep;

/**
 * A record whose TTL an earlier run has lowered to `loweredS` and not restored: it had `ttlS` before. Until `cachedS`
 * after the plan was created, resolvers may cache answers with that TTL; 0 if the record was disabled.
 */
export type OriginalTtl = {
  readonly set: RecordSetRef;
  /** Its type and value now: a move changes them. */
  readonly record: Pick<RecordState, 'type' | 'value'>;
  readonly loweredS: number;
  readonly ttlS: number;
  readonly cachedS: number;
};

/** An object, and the state that a plan must restore it to. */
export type Restore = { readonly object: ObjectRef; readonly state: ObjectState };

/** The plan: data only, immutable, hashed. `rollback` is the rollback, validated like the apply. */
export type Plan = {
  readonly diversion: Diversion;
  /**
   * The objects that it restores, of all in the baseline of an earlier plan of this diversion; the rest of the
   * diversion is then not planned. Absent if the plan applies the diversion itself.
   */
  readonly restores?: readonly Restore[];
  /** TTLs that the plan restores in addition to those that it lowers itself. Absent if none. */
  readonly originalTtls?: readonly OriginalTtl[];
  readonly connectionId: string;
  /** The time of the sync that the plan starts from. */
  readonly estateTakenAt: string;
  /**
   * The destination of traffic, for guards that query the cloud. Absent on a restore whose diversion names deleted
   * objects.
   */
  readonly routes?: readonly MeasuredRoute[];
  /** The original state of each object that the plan writes to, by its key: a short SHA-256. */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly rollback: readonly Step[];
};
