import type { Cutover } from '@/lib/diversion/cutover';
import type { RehearsalGoals } from '@/lib/rehearsal/input';
import type { RunEvent, RunView } from '@/lib/run/model/model';
import type { CommandReport, RehearsalGoalResult, RehearsalReport } from './report';

/** A run that has ended, as its goals see it. */
export type EndedRun = {
  readonly view: RunView;
  readonly cutover: Cutover | null;
  readonly events: readonly RunEvent[];
  readonly commands: readonly Pick<CommandReport, 'answer'>[];
};

/** Returns whether a run has ended as its schedule says: applied and rolled back by T1, or in effect without one. */
function hasEndedAsPlanned({ view: { state, rollback }, cutover, events }: EndedRun): boolean {
  const hasT1 = cutover !== null && cutover.t1 !== null;
  if (!hasT1) return state === 'done';
  // A run that was held before rolls back at T1, too.
  const wasApplied = events.some((event) => event.type === 'gate' && event.gate === 'T1');
  return wasApplied && state === 'reverted' && rollback?.why.kind === 'T1';
}

/** The answers to commands after which a run does not end as its schedule says. */
const endings: ReadonlySet<CommandReport['answer']> = new Set(['held', 'rolledBack', 'aborted', 'retried']);

/** Returns whether a run has ended as its last command says, or as its schedule does if no command has changed its end. */
function hasEndedWell(run: EndedRun): boolean {
  const { state, rollback, held } = run.view;
  switch (run.commands.findLast(({ answer }) => endings.has(answer))?.answer) {
    case 'rolledBack':
      return state === 'reverted';
    case 'aborted':
      return state === 'closed';
    case 'held':
      return held?.reason.kind === 'command' || (state === 'reverted' && rollback?.why.kind === 'T1');
    default:
      return hasEndedAsPlanned(run);
  }
}

function judge(
  kind: RehearsalGoalResult['kind'],
  limit: number | null,
  measured: number | null,
  /** The result where there is nothing to measure. */
  otherwise: boolean,
): readonly RehearsalGoalResult[] {
  if (limit === null) return [];
  return [{ kind, limit, measured, isMet: measured === null ? otherwise : measured <= limit }];
}

/** Returns the result of each goal that has a limit, and whether the run has ended as planned. */
export function judgeGoals(
  goals: RehearsalGoals,
  run: EndedRun,
  { totals, convergence, cost }: Pick<RehearsalReport, 'totals' | 'convergence' | 'cost'>,
): readonly RehearsalGoalResult[] {
  const isMoved = convergence.apply.changedAtS !== null;
  const after = convergence.apply.moved.find(({ share }) => share === 0.99)?.afterS ?? null;
  // A worker whose clock is ahead diverts early, which is as wrong as late.
  const isOnTime = goals.latenessMs === null || Math.abs(run.view.latenessMs ?? 0) <= goals.latenessMs;
  const movedAtS = after === null ? null : after + (convergence.apply.changedAtS ?? 0);
  return [
    { kind: 'ended', limit: null, measured: null, isMet: hasEndedWell(run) },
    ...judge('lostShare', goals.lostShare, totals.lostShare, true),
    ...judge('waitP95Ms', goals.waitP95Ms, totals.peakWaitP95Ms, true),
    ...judge('movedWithinS', goals.movedWithinS, movedAtS, !isMoved),
    ...judge('latenessMs', run.cutover === null ? null : goals.latenessMs, run.view.latenessMs, true).map(
      (goal) => ({ ...goal, isMet: isOnTime }),
    ),
    ...judge('cost', goals.cost, cost?.total ?? null, true),
  ];
}
