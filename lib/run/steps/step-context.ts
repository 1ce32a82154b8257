import type { Cloud, WriteReceipt } from '@/lib/cloud/port';
import type { Cutover, Guard } from '@/lib/diversion/cutover';
import type { Plan, Step, StepId, WriteStep } from '@/lib/plan/model/model';
import { isStateEvent } from '@/lib/run/model/fold-run';
import type { Direction, RetryCause, RollbackReason, RunEvent, StopReason } from '@/lib/run/model/model';
import {
  applyRetryMs,
  attentionAfterMs,
  retryPauseMs,
  shownAfterMs,
  shownEveryMs,
} from '@/lib/run/model/retry';
import type { Clock, Inbox, Journal, Once, Prober, Validator, Watcher } from './ports';

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
  /** Set while a rollback that the cloud has refused is tried again: the stop that it may end. */
  readonly blocked?: { readonly stepId: StepId; readonly code: string; readonly since: string };
  /** The current retries of this execution in this direction. */
  readonly retries: Retries;
  /**
   * Called with an internal error, for which the run is then stopped. Throws it if this execution must end instead, because
   * another one has claimed the run.
   */
  readonly reportError: (error: unknown) => void;
  /** Names a point in the code for fault injection in tests; does nothing in production. */
  readonly faultPoint: (name: FaultPoint, stepId: StepId) => Promise<void>;
};

/** The reasons for a run to leave its direction. */
export type Leave =
  | { readonly kind: 'stop'; readonly reason: StopReason }
  | { readonly kind: 'rollback'; readonly why: RollbackReason }
  | { readonly kind: 'leaveAsIs'; readonly actor: string; readonly reason: string };

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
export function walkingState(context: StepContext): 'applying' | 'rollingBack' {
  return context.direction === 'apply' ? 'applying' : 'rollingBack';
}

/** Waits by the run's clock. */
export function pause(context: StepContext, ms: number): Promise<void> {
  return context.clock.sleepUntil(new Date(context.clock.now().getTime() + ms));
}

/** Returns T1 of an apply; null in a rollback, and for a permanent run. */
export function t1Ahead({ direction, cutover }: StepContext): Date | null {
  return direction === 'rollback' || cutover === null || cutover.t1 === null ? null : new Date(cutover.t1);
}

/** Returns whether an apply has passed its T1 by the clock: it then writes nothing more, and rolls back. */
export function hasPassedT1(context: StepContext): boolean {
  const t1 = t1Ahead(context);
  return t1 !== null && context.clock.now() >= t1;
}

/*
 * Retries reads, waits and writes that fail for a transient cause: in a rollback for as long as the cause lasts, in an
 * apply for the time that its phase allows. The run shows its retries. Retrying happens in rounds; between rounds the
 * run receives commands and, in an apply, checks for T1.
 */

export type RetriedCall = 'read' | 'task' | 'write' | 'probe';

/** The current retries of one execution; shared by steps that run in parallel. */
export class Retries {
  readonly #since = new Map<string, number>();
  readonly #attempts = new Map<string, number>();
  #shown: { readonly code: string; readonly atMs: number; readonly since: string } | null = null;
  #isKnown = false;

  /** Restores retries that an earlier process of the run has shown and not ended. */
  async #learn(context: StepContext): Promise<void> {
    if (this.#isKnown) return;
    this.#isKnown = true;
    const last = (await context.journal.read()).findLast(isStateEvent);
    if (last?.type === 'retrying') this.#shown = { code: '', atMs: 0, since: last.since };
  }

  /** Records a transient failure; shows it once it has lasted. */
  async failed(step: Step, what: RetriedCall, cause: RetryCause, context: StepContext): Promise<void> {
    const now = context.clock.now().getTime();
    const key = `${step.id} ${what}`;
    const sinceMs = this.#since.get(key) ?? now;
    this.#since.set(key, sinceMs);
    const attempt = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempt);
    await this.#learn(context);
    if (now - sinceMs < shownAfterMs) return;
    const code = cause.kind === 'cloudError' ? cause.error.code : 'noAnswer';
    const shown = this.#shown;
    const since = shown?.since ?? new Date(sinceMs).toISOString();
    const attentionAt = Date.parse(since) + attentionAfterMs;
    const isNewlyLong = shown !== null && shown.atMs < attentionAt && now >= attentionAt;
    if (shown !== null && shown.code === code && now - shown.atMs < shownEveryMs && !isNewlyLong) return;
    this.#shown = { code, atMs: now, since };
    const t1 = t1Ahead(context);
    const endMs = sinceMs + applyRetryMs[step.phase];
    const until =
      context.direction === 'rollback' || what === 'probe'
        ? null
        : new Date(Math.min(endMs, t1?.getTime() ?? endMs)).toISOString();
    const everyMs = cause.kind === 'cloudError' ? retryPauseMs(10, cause.error, () => 0.5) : 5000;
    await recordEvent(context, { type: 'retrying', stepId: step.id, cause, since, everyMs, attempt, until });
  }

  /** Records a response; once nothing is being retried, shows that. */
  async answered(step: Step, what: RetriedCall, context: StepContext): Promise<void> {
    this.#since.delete(`${step.id} ${what}`);
    this.#attempts.delete(`${step.id} ${what}`);
    await this.#learn(context);
    if (this.#shown === null || this.#since.size > 0) return;
    const { since } = this.#shown;
    this.#shown = null;
    await recordEvent(context, { type: 'recovered', stepId: step.id, since });
  }

  /** Returns whether a step may continue to retry, however its last round ended. */
  mayGoOn(step: Step, context: StepContext): boolean {
    if (context.direction === 'rollback' || hasPassedT1(context)) return true;
    const calls: readonly RetriedCall[] = ['read', 'task', 'write'];
    const since = calls.flatMap((what) => this.#since.get(`${step.id} ${what}`) ?? []);
    return context.clock.now().getTime() - Math.min(...since) < applyRetryMs[step.phase];
  }

  /** Removes a step that no longer retries, with any outcome. */
  ended(stepId: StepId): void {
    for (const known of [this.#since, this.#attempts])
      for (const key of known.keys()) if (key.startsWith(`${stepId} `)) known.delete(key);
  }
}
