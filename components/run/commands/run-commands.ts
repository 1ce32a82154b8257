import type { RunPageView } from '@/lib/contract/run';
import type { Cutover } from '@/lib/diversion/cutover';
import type { messages } from '@/lib/messages/messages';
import {
  canCommand,
  type RunCommand,
  type RunState,
  type RunView,
  startsChanges,
} from '@/lib/run/model/model';
import { isOver, undoList } from '@/lib/run/model/run-effects';

/** All operator commands for a run, in display order. */
export const runCommands: readonly RunCommand[] = [
  'pause',
  'continue',
  'rollback',
  'skipBake',
  'replan',
  'leaveAsIs',
];

/** The shortcuts of commands. */
export const commandKeys: Readonly<Partial<Record<RunCommand, string>>> = { pause: 'P', rollback: 'Shift R' };

/** The reason why a command is disabled: a message key below `run.off`. */
export type OffReason = keyof (typeof messages)['run']['off'];

/** A command as shown on the page: available, or disabled with the reason. */
export type CommandOffer =
  | { readonly command: RunCommand; readonly can: true }
  | { readonly command: RunCommand; readonly can: false; readonly why: OffReason };

const ended = { done: 'ended', rolledBack: 'rolledBack', closed: 'leftAsIs' } as const;

/** The reason why a command is disabled: the usual one, and those of single states. */
export const offReasons: Readonly<
  Record<RunCommand, { readonly usual: OffReason } & Readonly<Partial<Record<RunState, OffReason>>>>
> = {
  pause: { usual: 'notStarted', missed: 'waiting', paused: 'paused', stopped: 'stopped', ...ended },
  continue: { usual: 'notPaused', retrying: 'continuesItself', ...ended },
  rollback: { usual: 'leaveInstead', rollingBack: 'rollingBack', rolledBack: 'rolledBack' },
  skipBake: { usual: 'noBake', ...ended },
  replan: { usual: 'replanOnlyStopped', retrying: 'replanRetrying', ...ended },
  leaveAsIs: { usual: 'ended', ...ended },
};

type Offered = RunView & Pick<RunPageView, 'replacedBy'>;

/** The facts beside the run that decide what is offered. */
export type OfferContext = {
  /** True while all changes are paused. */
  readonly isPaused: boolean;
};

/** Returns the reason why a stopped run can't be rolled back although its state allows it; null = it can be. */
function rollbackOff(run: Offered): OffReason | null {
  if (run.state === 'closed' && undoList(run).length === 0) return 'nothing';
  // The continuing run depends on what this run has created.
  return (run.replacedBy?.inEffect ?? null) === null ? null : 'replaced';
}

/** Returns the offer of a command for a run. A command that the run's state forbids has its reason. */
export function commandOffer(run: Offered, command: RunCommand, { isPaused }: OfferContext): CommandOffer {
  if (canCommand(run, command)) {
    if (isPaused && startsChanges(command, run.direction)) return { command, can: false, why: 'allPaused' };
    const why = command === 'rollback' ? rollbackOff(run) : null;
    return why === null ? { command, can: true } : { command, can: false, why };
  }
  const reasons = offReasons[command];
  // A rollback can't be rolled back, whether it is running, paused or retrying.
  const isBack = command === 'rollback' && (run.state === 'paused' || run.state === 'retrying');
  return { command, can: false, why: (isBack ? reasons.rollingBack : reasons[run.state]) ?? reasons.usual };
}

/**
 * Returns whether an offer is shown: for a run that has ended, only if it applies now, or will after a later run is
 * rolled back.
 */
function isShown({ state }: Offered, offer: CommandOffer): boolean {
  return !(state in ended) || offer.can || offer.why === 'replaced';
}

/** Returns the commands at the top: the one that pauses or continues, and the rollback. */
export function mainOffers(run: Offered, context: OfferContext): readonly CommandOffer[] {
  return ([canCommand(run, 'continue') ? 'continue' : 'pause', 'rollback'] as const)
    .map((command) => commandOffer(run, command, context))
    .filter((offer) => isShown(run, offer));
}

/**
 * Returns whether small screens have an offer: an operator on call can pause, continue and roll back a run from a phone.
 */
export function isOnSmall({ command, can }: CommandOffer): boolean {
  return can && (command === 'pause' || command === 'continue' || command === 'rollback');
}

/** Returns all other commands. */
export function otherOffers(run: Offered, context: OfferContext): readonly CommandOffer[] {
  const main = mainOffers(run, context).map(({ command }) => command);
  return runCommands
    .filter((command) => !main.includes(command))
    .map((each) => commandOffer(run, each, context))
    .filter((offer) => isShown(run, offer));
}

/**
 * Returns true if a stopped run rolls back automatically at its T1: an apply with completed writes, or a rollback that was
 * stopped before T1 for a reason other than drift.
 */
export function goesBackAtT1(
  run: RunView,
): run is RunView & { readonly cutover: Cutover & { readonly t1: string } } {
  const t1 = run.cutover?.t1 ?? null;
  if (run.state !== 'stopped' || t1 === null) return false;
  if (run.direction === 'apply') return run.apply.some(isOver);
  return run.stopped.reason.kind !== 'drift' && Date.parse(run.stopped.at) < Date.parse(t1);
}

/** Returns whether a command requires the domain to be typed: continuing a stopped apply on a real account is an apply. */
export function wantsDomain(run: RunView, command: RunCommand): boolean {
  const { state, direction, connectionKind } = run;
  return (
    command === 'continue' && state === 'stopped' && direction === 'apply' && connectionKind === 'tencent'
  );
}
