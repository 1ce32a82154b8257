import { canCommand, type PausableState, type PausedBy, type RunState } from '@/lib/run/model/model';
import type { CommandMessage } from './ports';
import { hasPassedT1, type Leave, note, type StepContext, t1Ahead, walkingState } from './step-context';

/** The maximum sleep of a paused run: every wait ends and then starts again. */
const pausedMs = 3_600_000;

/** The result of a wait. */
export type ReceivedCommand =
  /** The instant was reached without a command. */
  | { readonly kind: 'due' }
  /** The run was paused for this long, in ms, and continues: timers shift by this. 0 also after a request to re-validate. */
  | { readonly kind: 'continued'; readonly afterMs: number }
  | { readonly kind: 'skipped'; readonly actor: string; readonly reason: string }
  | Leave;

function leave(message: CommandMessage): Leave | null {
  const { actor } = message;
  switch (message.command) {
    case 'rollback':
      return { kind: 'rollback', why: { kind: 'command', actor, reason: message.reason } };
    case 'leaveAsIs':
      return { kind: 'leaveAsIs', actor, reason: message.reason };
    default:
      return null;
  }
}

/**
 * Returns whether the run executes the command here: not one that it has already received, and not one that is invalid
 * here. The emergency stop pauses an apply, and its end resumes what it has paused; elsewhere both have no effect.
 * @param pausedBy the actor that paused the run, if it is paused
 */
async function isValid(
  message: CommandMessage,
  state: RunState,
  context: StepContext,
  pausedBy?: PausedBy,
): Promise<boolean> {
  const { id, command, actor, reason, by } = message;
  if (context.followed.has(id)) return false;
  await note(context, { type: 'command', id, command, actor, reason, ...(by === undefined ? {} : { by }) });
  const can = canCommand({ state, direction: context.direction }, command);
  if (by === 'emergencyStop') {
    const goesForward = context.direction === 'apply' && state !== 'diverted';
    return command === 'pause' ? can && goesForward : state === 'paused' && pausedBy === by;
  }
  if (can) return true;
  await note(context, { type: 'refused', command, actor, state });
  return false;
}

/** Returns the latest end of a pause. T1 ends an earlier pause of an apply, or of an early rollback. */
function pauseEnd({ cutover, direction, clock }: StepContext, began: number): Date {
  const t1 = Date.parse(cutover?.t1 ?? '');
  if (t1 > began || (direction === 'apply' && !Number.isNaN(t1))) return new Date(t1);
  return new Date(clock.now().getTime() + pausedMs);
}

/**
 * Pauses until a command resumes or ends the run, or until T1: then an apply rolls back, and a rollback continues.
 * @param state the state before the pause, and again after it
 */
export async function waitPaused(
  context: StepContext,
  state: PausableState,
  by: PausedBy,
): Promise<Extract<ReceivedCommand, { kind: 'continued' }> | Leave> {
  const { clock, inbox, once, fresh, cutover, direction } = context;
  const goOn = async (actor: string, reason: string) => {
    await note(context, { type: 'continued', actor, reason, state });
    const ended = Date.parse(await once(fresh('pauseEnded'), async () => clock.now().toISOString()));
    return { kind: 'continued', afterMs: ended - began } as const;
  };
  const began = Date.parse(await once(fresh('pauseBegan'), async () => clock.now().toISOString()));
  for (;;) {
    const end = pauseEnd(context, began);
    const message = await inbox.take(end);
    if (message === null && end.getTime() === Date.parse(cutover?.t1 ?? ''))
      return direction === 'apply' ? { kind: 'rollback', why: { kind: 'T1' } } : goOn('Spillway', 'T1');
    if (message === null || message.command === 'check') continue;
    if (!(await isValid(message, 'paused', context, by))) continue;
    if (message.command === 'continue') return goOn(message.actor, message.reason);
    const leaving = leave(message);
    if (leaving !== null) return leaving;
  }
}

/**
 * Waits at most until an instant, and receives commands during that time; null checks without waiting. An apply waits
 * at most until T1, when it rolls back.
 * @param until from recorded results, if there is a T1: a replay must wait for the same
 * @param state the state of the run during the wait: commands valid in it are executed, others are recorded as refused
 * in the journal
 */
export async function listen(
  context: StepContext,
  until: Date | null,
  state: PausableState | 'retrying',
): Promise<ReceivedCommand> {
  const t1 = t1Ahead(context);
  const isT1First = until !== null && t1 !== null && t1 <= until;
  for (;;) {
    const message = await context.inbox.take(isT1First ? t1 : until);
    if (message === null) {
      const isDue = isT1First || (until === null && (await passedT1(context)));
      return isDue ? { kind: 'rollback', why: { kind: 'T1' } } : { kind: 'due' };
    }
    if (message.command === 'check') {
      if (state === 'scheduled' || state === 'ready') return { kind: 'continued', afterMs: 0 };
      continue;
    }
    if (!(await isValid(message, state, context))) continue;
    const { command } = message;
    if (command === 'pause') {
      const { actor, reason, by } = message;
      await note(context, { type: 'paused', actor, reason, ...(by === undefined ? {} : { by }) });
      return waitPaused(context, state === 'retrying' ? walkingState(context) : state, by);
    }
    if (command === 'skipBake') return { kind: 'skipped', actor: message.actor, reason: message.reason };
    if (command === 'continue') {
      const { actor } = message;
      await note(context, { type: 'continued', actor, reason: message.reason, state: walkingState(context) });
      return { kind: 'continued', afterMs: 0 };
    }
    const leaving = leave(message);
    if (leaving !== null) return leaving;
  }
}

/** Returns whether T1 has passed during an apply; recorded, so that a replay decides the same. */
export async function passedT1(context: StepContext): Promise<boolean> {
  if (t1Ahead(context) === null) return false;
  return context.once(context.fresh('t1.passed'), async () => hasPassedT1(context));
}

/** Receives all commands so far without waiting. */
export async function listenNow(
  context: StepContext,
  state: PausableState | 'retrying',
): Promise<{ kind: 'done' } | Leave> {
  for (;;) {
    const received = await listen(context, null, state);
    if (received.kind === 'due') return { kind: 'done' };
    if (received.kind !== 'continued' && received.kind !== 'skipped') return received;
  }
}
