import type { Cutover } from '@/lib/diversion/cutover';
import { prewarmAt, staysMoved } from '@/lib/diversion/cutover-times';
import { type Phase, phases } from '@/lib/diversion/phase';
import type { StepId } from '@/lib/plan/model/model';
import { isStateEvent } from './model/fold-run';
import { doneEvent, findDoubt, sinceStart } from './model/history';
import type { Gate, PausedBy, RollbackReason, RunEvent, StopReason } from './model/model';
import { blockedRetryMs, internalErrorsMax, internalPauseMs } from './model/retry';
import { awaitReady } from './steps/await-ready';
import { checkRights, handleMissedT0, waitAtGate } from './steps/gate';
import { listen, passedT1, waitPaused } from './steps/listen';
import {
  type Leave,
  note,
  Retries,
  recordEvent,
  type StepContext,
  type StepResult,
  walkingState,
} from './steps/step-context';
import { watchUntil } from './steps/watch';
import { walk, walkForward } from './walk';

export type ExecuteInput = Pick<StepContext, 'plan' | 'cutover' | 'guards' | 'direction' | 'attempt'> & {
  readonly actor: string;
};
export type ExecutePorts = Omit<StepContext, keyof ExecuteInput | 'steps' | 'fresh' | 'followed' | 'retries'>;
export type ExecuteResult = 'done' | 'rolledBack' | 'stopped' | 'closed';

/** Generates sequential names: the same in each replay, because the path between recorded results is. */
function naming(): StepContext['fresh'] {
  const counts = new Map<string, number>();
  return (kind) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${kind}.${count}`;
  };
}

const begin: readonly Phase[] = ['prewarm'];
const notBegin = phases.filter((phase) => !begin.includes(phase));
/** Returns the phases after T0. A move that T1 rolls back keeps its low TTL until then, so that clients follow fast. */
function rest(cutover: Cutover): readonly Phase[] {
  return notBegin.filter((phase) => phase !== 'drain' || staysMoved(cutover));
}

/** Waits for T1 under the guards. */
async function stayDivertedUntilT1(t1: string, context: StepContext): Promise<StepResult> {
  await note(context, { type: 'gate', gate: 'T1', due: t1 });
  for (;;) {
    const received = await watchUntil(context, new Date(t1), 'diverted');
    if (received.kind === 'due') return { kind: 'rollback', why: { kind: 'T1' } };
    if (received.kind !== 'continued' && received.kind !== 'skipped') return noted(received, context);
  }
}

/** Records a stop that belongs to no step in the journal; stops of steps are already recorded. */
async function noted<R extends StepResult>(result: R, context: StepContext): Promise<R> {
  if (result.kind === 'stop') await note(context, { type: 'stopped', stepId: null, reason: result.reason });
  return result;
}

/** Returns the stop for an internal error, which it reports; throws the error if the execution must end. */
function stopForError(error: unknown, { reportError }: StepContext): Extract<Leave, { kind: 'stop' }> {
  reportError(error);
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'stop', reason: { kind: 'internal', message } };
}

/** Runs an apply or a part of it. An internal error stops the run like any other cause, so that T1 rolls it back. */
async function stoppedOnError(context: StepContext, run: () => Promise<StepResult>): Promise<StepResult> {
  try {
    return await run();
  } catch (error) {
    return noted(stopForError(error, context), context);
  }
}

/**
 * Runs the rollback steps. After an internal error they are run again, up to a limit: completed steps are only verified,
 * and an error may have had a transient cause that nothing recognizes as one.
 */
async function walkBack(context: StepContext): Promise<StepResult> {
  const { clock, once, fresh } = context;
  for (let errors = 0; ; ) {
    const again = `afterError${errors}`;
    const tried: StepContext =
      errors === 0 ? context : { ...context, once: (name, fn) => once(`${again}.${name}`, fn) };
    try {
      return await walk(tried, phases);
    } catch (error) {
      const stopped = stopForError(error, context);
      errors += 1;
      if (errors === internalErrorsMax) return noted(stopped, context);
      const until = await once(fresh('errorPause'), async () =>
        new Date(clock.now().getTime() + internalPauseMs).toISOString(),
      );
      const received = await listen(context, new Date(until), 'rollingBack');
      if (received.kind !== 'due' && received.kind !== 'continued' && received.kind !== 'skipped')
        return noted(received, context);
    }
  }
}

/** Runs an apply without a schedule. */
async function applyAtOnce(context: StepContext): Promise<StepResult> {
  const check = async () => noted(await checkRights(context), context);
  const checked = await check();
  if (checked.kind !== 'done') return checked;
  if (!context.steps.some(({ phase }) => begin.includes(phase))) return walkForward(context, phases);
  const prewarmed = await walkForward(context, begin);
  if (prewarmed.kind !== 'done') return prewarmed;
  const checkedAgain = await check();
  return checkedAgain.kind === 'done' ? walkForward(context, notBegin) : checkedAgain;
}

/**
 * Runs an apply: prewarm, divert at T0, verify and hold, as far as the schedule contains them. No write starts after
 * T1.
 */
async function applyPhases(context: StepContext, { passed, retriedAt }: ResumePoint): Promise<StepResult> {
  const { cutover } = context;
  if (cutover === null) return applyAtOnce(context);
  const gate = async (name: 'prewarm' | 'T0', due: Date, begun: boolean): Promise<StepResult> =>
    passed.includes(name) ? { kind: 'done' } : noted(await waitAtGate(name, due, context, begun), context);
  const ways: readonly (() => Promise<StepResult>)[] = [
    () => gate('prewarm', prewarmAt(cutover), false),
    () => walkForward(context, begin),
    () => gate('T0', new Date(cutover.t0), true),
    async () => {
      if (!passed.includes('T0')) return noted(await handleMissedT0(cutover, retriedAt, context), context);
      // A worker that only continues this attempt has checked it.
      return retriedAt === null ? { kind: 'done' } : noted(await checkRights(context), context);
    },
    () => awaitReady(context),
    () => walkForward(context, rest(cutover)),
    async () => (cutover.t1 === null ? { kind: 'done' } : stayDivertedUntilT1(cutover.t1, context)),
  ];
  for (const way of ways) {
    if (await passedT1(context)) return { kind: 'rollback', why: { kind: 'T1' } };
    const result = await way();
    if (result.kind !== 'done') return result;
  }
  return { kind: 'done' };
}

async function finish(context: StepContext): Promise<'done' | 'rolledBack'> {
  const result = context.direction === 'apply' ? 'done' : 'rolledBack';
  await note(context, { type: 'finished', result });
  return result;
}

/** Continues after the run has left its direction; stops of steps are already in the journal. */
async function follow(leave: Leave, context: StepContext): Promise<ExecuteResult> {
  switch (leave.kind) {
    case 'rollback':
      return leave.why.kind === 'T1' ? leaveAtT1(context) : rollBack(leave.why, context);
    case 'leaveAsIs': {
      const { actor, reason } = leave;
      await note(context, { type: 'closed', actor, reason });
      return 'closed';
    }
    case 'stop':
      return stayStopped(leave.reason, context);
  }
}

/**
 * Rolls back this run's changes, or continues a rollback that is stopped at T1. T1, a guard or an operator has requested
 * it, so it needs no confirmation.
 */
async function rollBack(why: RollbackReason, from: StepContext): Promise<ExecuteResult> {
  const isAgain = from.direction === 'rollback';
  const context: StepContext = {
    ...from,
    direction: 'rollback',
    steps: from.plan.rollback,
    retries: new Retries(),
    // Records of the rollback from before the stop don't belong to this walk.
    ...(isAgain ? { once: (name, fn) => from.once(`again.${name}`, fn) } : {}),
  };
  await note(context, { type: 'rollback', why });
  const result = await walkBack(context);
  return result.kind === 'done' ? finish(context) : follow(result, context);
}

/**
 * Returns whether the cloud refuses a call, for a cause that may pass. A call that may be in effect counts: another try
 * reads its object first. What Spillway itself refuses to send needs a decision.
 */
function isRefusedByCloud(reason: StopReason): boolean {
  return reason.kind === 'cloudError' && !reason.error.code.startsWith('Refused.');
}

/** Returns whether an attempt was closed, or a newer one has started. */
function isOver(events: readonly RunEvent[], attempt: number): boolean {
  return sinceStart(events, attempt).some(
    (e) => e.type === 'closed' || (e.type === 'started' && e.attempt > attempt),
  );
}

/** Waits until an instant. If an operator starts a newer attempt meanwhile, its newer fence prevents this one from writing. */
async function waitStopped(until: string, { inbox }: StepContext): Promise<void> {
  while ((await inbox.take(new Date(until))) !== null);
}

/**
 * Tries a rollback that the cloud refuses again, at intervals, for as long as the cause lasts: until then traffic stays
 * where it is. A person may meanwhile retry it at once, or close the run.
 */
async function retryBlocked(context: StepContext): Promise<ExecuteResult> {
  const { clock, journal, once, fresh, attempt } = context;
  for (;;) {
    const blocked = await once(fresh('blocked'), async () => {
      const events = sinceStart(await journal.read(), attempt);
      const stopped = events.findLast(isStateEvent);
      const failed = events.findLast((e) => e.type === 'callFailed');
      if (stopped?.type !== 'stopped' || stopped.reason.kind !== 'cloudError' || stopped.stepId === null)
        return null;
      const { stepId, at: since } = stopped;
      const error = failed?.stepId === stepId && failed.at > since ? failed.error : stopped.reason.error;
      const retryAt = new Date(clock.now().getTime() + blockedRetryMs).toISOString();
      const reason = { ...stopped.reason, error };
      const tries = 1 + events.slice(events.lastIndexOf(stopped)).filter((e) => e.type === 'blocked').length;
      await recordEvent(context, { type: 'blocked', stepId, reason, tries, retryAt });
      return { stepId, code: error.code, since, retryAt };
    });
    if (blocked === null) return 'stopped';
    await waitStopped(blocked.retryAt, context);
    if (await once(fresh('blocked.over'), async () => isOver(await journal.read(), attempt)))
      return 'stopped';
    const again = fresh('again');
    const result = await walkBack({
      ...context,
      blocked,
      retries: new Retries(),
      once: (name, fn) => once(`${again}.${name}`, fn),
    });
    if (result.kind === 'done') return finish(context);
    if (result.kind !== 'stop' || !isRefusedByCloud(result.reason)) return follow(result, context);
  }
}

/** Rolls back at T1 what an apply has applied, or cancels the run if it has applied nothing, so that it blocks no other plan. */
async function leaveAtT1(context: StepContext): Promise<ExecuteResult> {
  const { plan, journal, once, fresh } = context;
  const hasApplied = await once(fresh('t1.applied'), async () => {
    const events = await journal.read();
    // A call that was sent without a recorded response may have taken effect.
    return plan.steps.some(
      (step) =>
        doneEvent(events, 'apply', step.id) !== undefined ||
        (step.kind === 'write' && findDoubt(step, events, 'apply') !== null),
    );
  });
  if (hasApplied) return rollBack({ kind: 'T1' }, context);
  await note(context, { type: 'closed', actor: 'Spillway', reason: 'T1' });
  return 'closed';
}

/**
 * A stopped run waits for an operator, who starts a new attempt. T1 stays certain: at T1 a stopped apply rolls back or is
 * cancelled, and a rollback that was stopped before T1, for any reason, continues. A stop of a rollback at T1 or later waits for an operator, and so does a foreign change of an object of the
 * rollback, because a retry would find it again.
 */
async function stayStopped(reason: StopReason, context: StepContext): Promise<ExecuteResult> {
  const { cutover, direction, clock, journal, once, fresh } = context;
  if (direction === 'rollback' && isRefusedByCloud(reason)) return retryBlocked(context);
  const t1 = cutover?.t1 ?? null;
  if (t1 === null) return 'stopped';
  if (direction === 'rollback') {
    const isAhead = await once(fresh('t1.ahead'), async () => clock.now() < new Date(t1));
    if (!isAhead || reason.kind === 'drift') return 'stopped';
  }
  await waitStopped(t1, context);
  // An earlier attempt may have been closed before it started, and the plan scheduled again since.
  const isEnded = await once(fresh('t1.stopped'), async () => isOver(await journal.read(), context.attempt));
  if (isEnded) return 'stopped';
  return direction === 'rollback' ? rollBack({ kind: 'T1' }, context) : leaveAtT1(context);
}

/**
 * Executes a plan, apply or rollback, scheduled or at once, over ports, so that it runs the same on a real cloud and in
 * a rehearsal, in one process or several. Every effect happens inside `once`; the path between effects depends only on
 * recorded results, so that a replay after a crash takes the same path.
 * @returns how the run ended; the journal holds the reason of a stop. A run that is stopped before its T1 returns only at
 * T1.
 */
export async function execute(
  { actor, ...input }: ExecuteInput,
  ports: ExecutePorts,
): Promise<ExecuteResult> {
  const { plan, direction, attempt } = input;
  const steps = direction === 'apply' ? plan.steps : plan.rollback;
  const base: StepContext = {
    ...ports,
    ...input,
    steps,
    fresh: naming(),
    followed: new Set(),
    retries: new Retries(),
  };
  const start = await base.once('started', async () => {
    const at = base.clock.now().toISOString();
    const point = resumePoint(await base.journal.read(), attempt, at);
    await recordEvent(base, { type: 'started', actor, attempt });
    return point;
  });
  const context: StepContext = { ...base, followed: new Set(start.followed) };
  if (start.rollback !== null) return rollBack(start.rollback, context);
  // Recorded again, so that the journal's last event shows the current state of the run.
  if (start.stopped !== null) {
    await note(context, { type: 'stopped', ...start.stopped });
    return stayStopped(start.stopped.reason, context);
  }
  if (start.paused !== null) {
    await note(context, { type: 'paused', ...start.paused });
    const received = await waitPaused(context, walkingState(context), start.paused.by);
    if (received.kind !== 'continued') return follow(await noted(received, context), context);
  }
  const result =
    direction === 'apply'
      ? await stoppedOnError(context, () => applyPhases(context, start))
      : await walkBack(context);
  return result.kind === 'done' ? finish(context) : follow(result, context);
}

/**
 * The point at which an attempt's last execution ended, from the journal. A worker of a newer version restarts from the
 * beginning, and must not continue a stopped run, or apply again during a rollback.
 */
type ResumePoint = {
  readonly passed: readonly Gate[];
  readonly rollback: RollbackReason | null;
  readonly stopped: { readonly stepId: StepId | null; readonly reason: StopReason } | null;
  readonly paused: { readonly actor: string; readonly reason: string; readonly by?: PausedBy } | null;
  /** Ids of the commands whose effect is recorded; other commands are delivered again and executed then. */
  readonly followed: readonly string[];
  /** The start of this execution, if an operator has retried the run on its schedule; null otherwise. ISO. */
  readonly retriedAt: string | null;
};

/**
 * Reads the resume point from the journal, at this instant. Pure. A gate that an earlier attempt has passed stays
 * passed.
 */
function resumePoint(events: readonly RunEvent[], attempt: number, at: string): ResumePoint {
  const mine = sinceStart(events, attempt);
  const rollback = mine.findLast((e) => e.type === 'rollback');
  const before = events.findLast(
    (e) => e.type === 'rescheduled' || (e.type === 'started' && e.attempt < attempt),
  );
  const last = mine.findLast((e) => ['stopped', 'rollback', 'paused', 'continued'].includes(e.type));
  return {
    passed: events.flatMap((e) => (e.type === 'passed' ? [e.gate] : [])),
    rollback: rollback?.why ?? null,
    stopped: last?.type === 'stopped' ? { stepId: last.stepId, reason: last.reason } : null,
    paused:
      last?.type === 'paused'
        ? { actor: last.actor, reason: last.reason, ...(last.by === undefined ? {} : { by: last.by }) }
        : null,
    // A command's effect is the next event. Without one, the worker died between the two.
    followed: mine.flatMap((e, index) =>
      e.type === 'command' && (mine[index + 1]?.type ?? 'started') !== 'started' ? [e.id] : [],
    ),
    // A new schedule is met or missed like the first one.
    retriedAt: before?.type === 'started' ? at : null,
  };
}
