import type { RunPageView } from '@/lib/contract/run';
import type { Cutover } from '@/lib/diversion/cutover';
import { canCommand, type RunCommand, type RunView, startsChanges } from '@/lib/run/model/model';
import { isOver, undoList } from '@/lib/run/model/run-effects';

/** The shortcuts of commands. */
export const commandKeys: Readonly<Partial<Record<RunCommand, string>>> = { pause: 'P', rollback: 'Shift R' };

type CommandedRun = RunView & Pick<RunPageView, 'replacedBy'>;

/** The commands with buttons of their own, which an operator on call also has on a phone. */
const main = ['continue', 'pause', 'rollback'] as const satisfies readonly RunCommand[];
const others = ['skipBake', 'replan', 'leaveAsIs'] as const satisfies readonly RunCommand[];

/** Returns whether a run accepts a command now. */
function isOpen(run: CommandedRun, command: RunCommand, isPaused: boolean): boolean {
  if (!canCommand(run, command)) return false;
  if (isPaused && startsChanges(command, run.direction)) return false;
  if (command !== 'rollback') return true;
  // A continuing run that is in effect depends on what this run has created.
  const isBase = (run.replacedBy?.inEffect ?? null) !== null;
  return !isBase && (run.state !== 'closed' || undoList(run).length > 0);
}

/**
 * Returns the commands that a run accepts now: those with buttons, of which the rollback is the last, and those of the
 * menu.
 * @param isPaused true while all changes are paused
 */
export function listCommands(run: CommandedRun, isPaused: boolean) {
  const open = (commands: readonly RunCommand[]) =>
    commands.filter((command) => isOpen(run, command, isPaused));
  return { main: open(main), others: open(others) };
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
