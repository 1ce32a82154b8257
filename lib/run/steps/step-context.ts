import type { Cloud, WriteReceipt } from '@/lib/cloud/port';
import type { Cutover, Guard } from '@/lib/diversion/cutover';
import type { Plan, Step, StepId, WriteStep } from '@/lib/plan/model/model';
import type { Direction, HoldReason, RollbackReason, RunEvent } from '@/lib/run/model/model';
import type { Clock, Inbox, Journal, Once, Prober, Validator, Watcher } from './ports';
import type { Retries } from './retries';

/** The points at which a crash is most harmful: around a call or a probe, in a wait, and around recording. */
export type FaultPoint = 'afterIntent' | 'afterCall' | 'duringWait' | 'afterRecord';

/** The parts of a cloud that an execution uses. */
export type RunCloud = Pick<Cloud, 'read' | 'write' | 'wait'>;

/** The context that every kind of step needs to run. */
export type StepContext = {
  readonly plan: Plan;
  /** The plan's schedule; null = at once, and permanent. */
  readonly cutover: Cutover | null;
  /** Evaluated while the run waits after traffic has moved, with or without a schedule. */
  readonly guards: readonly Guard[];
  readonly direction: Direction;
  readonly attempt: number;
  /** The list of steps to run. */
  readonly steps: readonly Step[];
  /** The run's cloud as `runCloud` returns it. Steps use it through `stepCloud`. */
  readonly cloud: RunCloud;
  readonly prober: Prober;
  readonly clock: Clock;
  /** From 0 up to 1, for the jitter of pauses: never for recorded results. */
  readonly random: () => number;
  readonly journal: Journal;
  readonly inbox: Inbox;
  readonly once: Once;
  readonly validator: Validator;
  readonly watcher: Watcher;
  /** Returns an unused name of this kind, the same in each replay. */
  readonly fresh: (kind: string) => string;
  /** Ids of the commands that an earlier execution of this attempt has received. */
  readonly followed: ReadonlySet<string>;
  /** Set while a rollback that the cloud has refused is tried again: the hold that it may end. */
  readonly blocked?: { readonly stepId: StepId; readonly code: string; readonly since: string };
  /** The current retries of this execution in this direction. */
  readonly retries: Retries;
  /**
   * Called with an internal error, for which the run is then held. Throws it if this execution must end instead, because
   * another one has claimed the run.
   */
  readonly reportError: (error: unknown) => void;
  /** Names a point in the code for fault injection in tests; does nothing in production. */
  readonly faultPoint: (name: FaultPoint, stepId: StepId) => Promise<void>;
};

/** The reasons for a run to leave its direction. */
export type Leave =
  | { readonly kind: 'hold'; readonly reason: HoldReason }
  | { readonly kind: 'rollback'; readonly why: RollbackReason }
  | { readonly kind: 'abort'; readonly actor: string; readonly reason: string };

/** The end of a step: done, or the run leaves its direction. */
export type StepResult = { readonly kind: 'done' } | Leave;

type Unstamped<E> = E extends RunEvent ? Omit<E, 'at' | 'direction'> : never;

/** Records one event, stamped with the run's time and direction. */
export function recordEvent(context: StepContext, event: Unstamped<RunEvent>): Promise<void> {
  const { clock, journal, direction } = context;
  return journal.append({ ...event, at: clock.now().toISOString(), direction } as RunEvent);
}

/** Records a call that the cloud has accepted. */
export function recordAccepted(
  context: StepContext,
  { id: stepId, call }: WriteStep,
  { requestId, taskId, loadBalancerId }: WriteReceipt,
): Promise<void> {
  const isMade = call.action === 'CreateLoadBalancer' && loadBalancerId !== null;
  const made = isMade ? { loadBalancerId } : {};
  return recordEvent(context, { type: 'accepted', stepId, requestId, taskId, ...made });
}

/** Records one event, once also across crashes; for events between steps. */
export function note(context: StepContext, event: Unstamped<RunEvent>): Promise<void> {
  return context.once(context.fresh(event.type), () => recordEvent(context, event));
}

/** Records that a rollback step has nothing of this run to undo. */
export async function recordNotOurs(context: StepContext, stepId: StepId): Promise<void> {
  await recordEvent(context, {
    type: 'stepDone',
    stepId,
    outcome: 'notOurs',
    requestId: null,
    durationMs: 0,
  });
}

/** Returns the state of a run while it executes its steps. */
export function walkingState(context: StepContext): 'applying' | 'reverting' {
  return context.direction === 'apply' ? 'applying' : 'reverting';
}

/** Waits by the run's clock. */
export function pause(context: StepContext, ms: number): Promise<void> {
  return context.clock.sleepUntil(new Date(context.clock.now().getTime() + ms));
}

/** Returns T1 of an apply; null in a rollback, and for a permanent run. */
export function t1Ahead({ direction, cutover }: StepContext): Date | null {
  return direction === 'revert' || cutover === null || cutover.t1 === null ? null : new Date(cutover.t1);
}

/** Returns whether an apply has passed its T1 by the clock: it then writes nothing more, and rolls back. */
export function hasPassedT1(context: StepContext): boolean {
  const t1 = t1Ahead(context);
  return t1 !== null && context.clock.now() >= t1;
}
