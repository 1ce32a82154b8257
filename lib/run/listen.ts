import { canCommand, type PausedBy, type RunState } from './model';
import type { RunMessage } from './ports';
import { hasPassedT1, type Leave, note, type StepContext, t1Ahead, walkingState } from './step-context';

/** How long a paused run sleeps at a time: any wait has an end, and then begins again. */
const pausedMs = 3_600_000;

/** What a wait ended with. */
export type Heard =
  /** The instant has come and nobody said anything. */
  | { readonly kind: 'due' }
  /** The run stood still for this long, in ms, and goes on: what counts time counts on from here. */
  | { readonly kind: 'resumed'; readonly afterMs: number }
  | { readonly kind: 'skipped'; readonly actor: string; readonly reason: string }
  | Leave;

function leave(message: RunMessage): Leave | null {
  const { actor } = message;
  switch (message.command) {
    case 'hold':
      return { kind: 'hold', reason: { kind: 'asked', actor, reason: message.reason } };
    case 'revert':
      return { kind: 'turn', why: { kind: 'asked', actor, reason: message.reason } };
    case 'abort':
      return { kind: 'abort', actor, reason: message.reason };
    default:
      return null;
  }
}

/**
 * Whether the run follows the command here: not one that it has heard before, and not where it can't. The emergency stop
 * pauses what goes forward, and its end resumes what it has paused; elsewhere both mean nothing.
 * @param pausedBy who has paused the run, where it is paused
 */
async function isValid(
  message: RunMessage,
  state: RunState,
  context: StepContext,
  pausedBy?: PausedBy,
): Promise<boolean> {
  const { id, command, actor, reason, by } = message;
  if (context.heard.has(id)) return false;
  await note(context, { type: 'heard', id, command, actor, reason, ...(by === undefined ? {} : { by }) });
  const can = canCommand({ state, direction: context.direction }, command);
  if (by === 'emergencyStop') {
    const goesForward = context.direction === 'apply' && state !== 'holding';
    return command === 'pause' ? can && goesForward : state === 'paused' && pausedBy === by;
  }
  if (can) return true;
  await note(context, { type: 'refused', command, actor, state });
  return false;
}

/** Until when a paused run stands still at most. T1 ends a pause on the way to it: of an apply, or of an early rollback. */
function pauseEnd({ cutover, direction, clock }: StepContext, began: number): Date {
  const t1 = Date.parse(cutover?.t1 ?? '');
  if (t1 > began || (direction === 'apply' && !Number.isNaN(t1))) return new Date(t1);
  return new Date(clock.now().getTime() + pausedMs);
}

/**
 * Stands still until somebody lets the run go on or ends it, or T1 comes: then an apply rolls back, and a rollback goes on.
 * @param state where it stood, and stands again when it goes on
 */
export async function standPaused(
  context: StepContext,
  state: RunState,
  by: PausedBy,
): Promise<Extract<Heard, { kind: 'resumed' }> | Leave> {
  const { clock, inbox, once, fresh, cutover, direction } = context;
  const goOn = async (actor: string, reason: string) => {
    await note(context, { type: 'resumed', actor, reason, state });
    const ended = Date.parse(await once(fresh('pauseEnded'), async () => clock.now().toISOString()));
    return { kind: 'resumed', afterMs: ended - began } as const;
  };
  const began = Date.parse(await once(fresh('pauseBegan'), async () => clock.now().toISOString()));
  for (;;) {
    const end = pauseEnd(context, began);
    const message = await inbox.take(end);
    if (message === null && end.getTime() === Date.parse(cutover?.t1 ?? ''))
      return direction === 'apply' ? { kind: 'turn', why: { kind: 'T1' } } : goOn('Spillway', 'T1');
    if (message === null || !(await isValid(message, 'paused', context, by))) continue;
    if (message.command === 'resume') return goOn(message.actor, message.reason);
    const leaving = leave(message);
    if (leaving !== null) return leaving;
  }
}

/**
 * Waits until an instant at most, hearing commands meanwhile; null asks without waiting. A run that goes forward waits no
 * longer than until T1: then it rolls back, whatever it waited for.
 * @param until from recorded results, where there is a T1: a replay must wait for the same
 * @param state where the run stands meanwhile: what is valid there is followed, the rest refused in the journal.
 */
export async function listen(context: StepContext, until: Date | null, state: RunState): Promise<Heard> {
  const t1 = t1Ahead(context);
  const isT1First = until !== null && t1 !== null && t1 <= until;
  for (;;) {
    const message = await context.inbox.take(isT1First ? t1 : until);
    if (message === null) {
      const isDue = isT1First || (until === null && (await passedT1(context)));
      return isDue ? { kind: 'turn', why: { kind: 'T1' } } : { kind: 'due' };
    }
    if (!(await isValid(message, state, context))) continue;
    const { command } = message;
    if (command === 'pause') {
      const { actor, reason, by } = message;
      await note(context, { type: 'paused', actor, reason, ...(by === undefined ? {} : { by }) });
      return standPaused(context, state === 'retrying' ? walkingState(context) : state, by);
    }
    if (command === 'skipBake') return { kind: 'skipped', actor: message.actor, reason: message.reason };
    if (command === 'resume') {
      const { actor } = message;
      await note(context, { type: 'resumed', actor, reason: message.reason, state: walkingState(context) });
      return { kind: 'resumed', afterMs: 0 };
    }
    const leaving = leave(message);
    if (leaving !== null) return leaving;
  }
}

/** Whether T1 has passed on the way to it; recorded, so that a replay decides the same. */
export async function passedT1(context: StepContext): Promise<boolean> {
  if (t1Ahead(context) === null) return false;
  return context.once(context.fresh('t1.passed'), async () => hasPassedT1(context));
}

/** Hears what has been said so far without waiting. */
export async function listenNow(context: StepContext, state: RunState): Promise<{ kind: 'done' } | Leave> {
  for (;;) {
    const heard = await listen(context, null, state);
    if (heard.kind === 'due') return { kind: 'done' };
    if (heard.kind !== 'resumed' && heard.kind !== 'skipped') return heard;
  }
}
