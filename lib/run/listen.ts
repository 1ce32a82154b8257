import { canCommand, type RunState } from './model';
import type { RunMessage } from './ports';
import { type Leave, note, type StepContext, walkingState } from './step-context';

/** How long a paused run sleeps at a time: any wait has an end, and then begins anew. */
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

/** Whether the run follows the command here: not one that it has heard before, and not where it can't. */
async function isValid(message: RunMessage, state: RunState, context: StepContext): Promise<boolean> {
  const { id, command, actor, reason } = message;
  if (context.heard.has(id)) return false;
  await note(context, { type: 'heard', id, command, actor, reason });
  if (canCommand({ state, direction: context.direction }, command)) return true;
  await note(context, { type: 'refused', command, actor, state });
  return false;
}

/**
 * Stands still until somebody lets the run go on, or ends it.
 * @param state where it stood, and stands again when it goes on
 */
export async function standPaused(
  context: StepContext,
  state: RunState,
): Promise<Extract<Heard, { kind: 'resumed' }> | Leave> {
  const { clock, inbox, once, fresh } = context;
  const began = Date.parse(await once(fresh('pauseBegan'), async () => clock.now().toISOString()));
  for (;;) {
    const message = await inbox.take(new Date(clock.now().getTime() + pausedMs));
    if (message === null || !(await isValid(message, 'paused', context))) continue;
    if (message.command === 'resume') {
      await note(context, { type: 'resumed', actor: message.actor, reason: message.reason, state });
      const ended = Date.parse(await once(fresh('pauseEnded'), async () => clock.now().toISOString()));
      return { kind: 'resumed', afterMs: ended - began };
    }
    const leaving = leave(message);
    if (leaving !== null) return leaving;
  }
}

/**
 * Waits until an instant at most, hearing what people order meanwhile; null asks without waiting.
 * @param state where the run stands meanwhile: what is valid there is followed, the rest refused in the journal.
 */
export async function listen(context: StepContext, until: Date | null, state: RunState): Promise<Heard> {
  for (;;) {
    const message = await context.inbox.take(until);
    if (message === null) return { kind: 'due' };
    if (!(await isValid(message, state, context))) continue;
    const { command } = message;
    if (command === 'pause') {
      await note(context, { type: 'paused', actor: message.actor, reason: message.reason });
      return standPaused(context, state);
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

/** Hears what has been said so far without waiting. */
export async function listenNow(context: StepContext, state: RunState): Promise<{ kind: 'done' } | Leave> {
  for (;;) {
    const heard = await listen(context, null, state);
    if (heard.kind === 'due') return { kind: 'done' };
    if (heard.kind !== 'resumed' && heard.kind !== 'skipped') return heard;
  }
}
