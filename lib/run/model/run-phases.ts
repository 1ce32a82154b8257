import { prewarmAt } from '@/lib/diversion/cutover-times';
import type { Phase } from '@/lib/diversion/phase';
import { listWaves } from '@/lib/diversion/routes';
import type { NumberedWave } from '@/lib/diversion/wave';
import type { Direction, RunState, RunView, StepView } from './model';
import { isOver } from './run-effects';

/** `cut`: the run started its rollback before the phase was done. */
export type PhaseState = 'todo' | 'live' | 'done' | 'failed' | 'cut';

/** A phase of a run as the strip shows it. Durations in ms. */
export type RunPhase = {
  readonly phase: Phase;
  /** The direction of its steps: a permanent move drains, and so does its rollback. */
  readonly direction: Direction;
  readonly state: PhaseState;
  /** The share of its steps that have ended, 0 to 1. */
  readonly share: number;
  readonly startedAt: string | null;
  /** The scheduled start; null = not scheduled: it starts when the previous phase has ended. */
  readonly dueAt: string | null;
  /** The scheduled end: while diverted, T1. */
  readonly untilAt: string | null;
  /** The duration of its steps so far; null before the first has ended. */
  readonly tookMs: number | null;
  readonly forecastMs: number;
};

/** Returns the steps of the run's current direction. */
export function currentSteps(run: RunView): readonly StepView[] {
  return run.direction === 'apply' ? run.apply : run.rollback;
}

/** Returns the wave of a run's current step; null = it has ended, or the step belongs to no wave or to all of them. */
export function currentWave(run: RunView): NumberedWave | null {
  const waves = listWaves(run.plan.diversion);
  const open = currentSteps(run).filter((view) => !isOver(view));
  const at = open.find(({ state }) => state === 'running' || state === 'waiting' || state === 'failed');
  const { wave: number, phase } = (at ?? open[0])?.step ?? {};
  const wave =
    number === undefined || phase === 'prewarm' || phase === 'drain' ? undefined : waves[number - 1];
  return wave === undefined || number === undefined ? null : { names: wave.names, number, all: waves.length };
}

/**
 * Returns the phases of a run in order: those of its direction; for a scheduled run all of them, with the hold between
 * apply and rollback if there is a T1.
 */
export function runPhases(run: RunView): readonly RunPhase[] {
  const ofWay = (direction: Direction) => summaries(run, direction);
  if (run.cutover === null) return ofWay(run.direction);
  const { t1 } = run.cutover;
  const hasRollback = t1 !== null || run.direction === 'rollback';
  return [
    ...ofWay('apply'),
    ...(t1 === null ? [] : [holdPhase(run, t1)]),
    ...(hasRollback ? ofWay('rollback') : []),
  ];
}

function summaries(run: RunView, direction: Direction): readonly RunPhase[] {
  const phases = new Map<Phase, StepView[]>();
  for (const view of direction === 'apply' ? run.apply : run.rollback)
    phases.set(view.step.phase, [...(phases.get(view.step.phase) ?? []), view]);
  return [...phases].map(([phase, steps]) => summary(phase, steps, run, direction));
}

function summary(phase: Phase, steps: readonly StepView[], run: RunView, direction: Direction): RunPhase {
  const over = steps.filter(isOver);
  return {
    phase,
    direction,
    state: phaseState(steps, over.length, run, direction),
    share: over.length / steps.length,
    startedAt: steps.find((view) => view.startedAt !== null)?.startedAt ?? null,
    dueAt: getDueTime(phase, run),
    untilAt: null,
    tookMs: over.length === 0 ? null : over.reduce((sum, view) => sum + view.durationMs, 0),
    forecastMs: steps.reduce((sum, view) => sum + view.step.forecastMs, 0),
  };
}

function getDueTime(phase: Phase, { cutover }: RunView): string | null {
  if (cutover === null) return null;
  if (phase === 'prewarm') return prewarmAt(cutover).toISOString();
  if (phase === 'divert') return cutover.t0;
  return phase === 'rollback' ? cutover.t1 : null;
}

const ended: readonly RunState[] = ['stopped', 'closed'];

function phaseState(
  steps: readonly StepView[],
  over: number,
  run: RunView,
  direction: Direction,
): PhaseState {
  if (over === steps.length) return 'done';
  if (direction !== run.direction) return direction === 'apply' ? 'cut' : 'todo';
  const stoppedHere = ended.includes(run.state) && steps.some((view) => view.step.id === run.stopped?.stepId);
  if (stoppedHere || steps.some((view) => view.state === 'failed')) return 'failed';
  // A run that was left as is goes no further.
  if (run.state === 'closed') return steps.some((view) => view.startedAt !== null) ? 'cut' : 'todo';
  const isLive = steps.some((view) => view.state === 'running' || view.state === 'waiting') || over > 0;
  return isLive ? 'live' : 'todo';
}

/** Returns the hold. It has no steps: it starts when the apply steps are complete, and ends at T1. */
function holdPhase(run: RunView, t1: string): RunPhase {
  const last = run.apply.at(-1);
  const isThrough = run.apply.every(isOver);
  return {
    phase: 'diverted',
    direction: 'apply',
    state: divertedState(run, isThrough),
    share: run.rollbackReason?.why.kind === 'T1' ? 1 : 0,
    startedAt:
      isThrough && last !== undefined && isOver(last)
        ? new Date(Date.parse(last.startedAt) + last.durationMs).toISOString()
        : null,
    dueAt: null,
    untilAt: t1,
    tookMs: null,
    forecastMs: 0,
  };
}

function divertedState(run: RunView, isThrough: boolean): PhaseState {
  if (run.direction === 'rollback')
    return isThrough && run.rollbackReason?.why.kind === 'T1' ? 'done' : 'cut';
  if (!isThrough) return 'todo';
  return ended.includes(run.state) ? 'failed' : 'live';
}
