import type { Diversion } from '@/lib/diversion/diversion';
import { listWaves } from '@/lib/diversion/routes';
import type { RunView, StepView } from './model';
import { isOver } from './run-effects';

/**
 * Returns the intended share of the function in the traffic that a run moves, in %: that of the last move whose writes
 * are all complete. null before the first move of a Switch, because the plan doesn't contain the share at the start,
 * and during its rollback.
 */
export function getFunctionShare(
  run: Pick<RunView, 'apply' | 'rollback' | 'direction' | 'plan'>,
): number | null {
  const { diversion } = run.plan;
  const gained = getGainedShare(run, diversion);
  if (diversion.kind !== 'switch') return gained ?? 0;
  if (gained === null) return null;
  return diversion.toward === 'function' ? gained : 100 - gained;
}

type SharedRun = Pick<RunView, 'apply' | 'rollback' | 'direction'>;

/**
 * Returns the share of the gaining side; null = as before the run. With waves, the mean over all names: names whose
 * wave has not moved count as 0.
 */
function getGainedShare({ apply, rollback, direction }: SharedRun, diversion: Diversion): number | null {
  if (direction === 'rollback' && rollback.some((view) => view.step.phase === 'rollback' && isOver(view)))
    return null;
  const moves = apply.filter(({ step }) => step.phase === 'divert');
  const last = diversion.kind === 'switch' ? (diversion.ramp.at(-1)?.percent ?? 100) : 100;
  const waves = listWaves(diversion);
  if (waves.length === 0) return getShareOfMoves(moves, last);
  const shares = waves.map(({ names }, nth) => {
    const share = getShareOfMoves(
      moves.filter(({ step }) => step.wave === nth + 1),
      last,
    );
    return { count: names.length, share };
  });
  if (shares.every(({ share }) => share === null)) return null;
  const all = shares.reduce((sum, { count }) => sum + count, 0);
  return Math.round(shares.reduce((sum, { count, share }) => sum + count * (share ?? 0), 0) / all);
}

/**
 * Returns the share gained by names that move together; null = none has moved.
 * @param last the final share of their ramp, in %
 */
function getShareOfMoves(moves: readonly StepView[], last: number): number | null {
  let share: number | null = null;
  let isMoved = false;
  for (const view of moves) {
    if (view.step.kind === 'bake') {
      if (view.step.percent !== null && isMoved) share = view.step.percent;
    } else if (view.step.kind === 'write') {
      if (!isOver(view)) return share;
      isMoved = true;
    }
  }
  return isMoved ? last : share;
}
