import type { Phase } from '@/lib/diversion/phase';
import type { RunView, StepView } from '@/lib/run/model';

export type PhaseState = 'todo' | 'live' | 'done' | 'failed';

/** A phase of a run as the strip shows it. Durations in ms. */
export type RunPhase = {
  readonly phase: Phase;
  readonly state: PhaseState;
  /** Share of its steps that are over, 0 to 1. */
  readonly share: number;
  readonly startedAt: string | null;
  /** What its steps took so far; null before the first has ended. */
  readonly tookMs: number | null;
  readonly forecastMs: number;
};

/** The steps of the direction that the run goes in. */
export function currentSteps(run: RunView): readonly StepView[] {
  return run.direction === 'apply' ? run.apply : run.revert;
}

/** The phases of the run's direction in their order. */
export function runPhases(run: RunView): readonly RunPhase[] {
  const phases = new Map<Phase, StepView[]>();
  for (const view of currentSteps(run))
    phases.set(view.step.phase, [...(phases.get(view.step.phase) ?? []), view]);
  return [...phases].map(([phase, steps]) => summary(phase, steps, run));
}

function summary(phase: Phase, steps: readonly StepView[], run: RunView): RunPhase {
  const over = steps.filter(isOver);
  const took = over.flatMap((view) => view.durationMs ?? []);
  return {
    phase,
    state: phaseState(steps, over.length, run),
    share: over.length / steps.length,
    startedAt: steps.find((view) => view.startedAt !== null)?.startedAt ?? null,
    tookMs: took.length === 0 ? null : took.reduce((sum, ms) => sum + ms, 0),
    forecastMs: steps.reduce((sum, view) => sum + view.step.forecastMs, 0),
  };
}

function phaseState(steps: readonly StepView[], over: number, run: RunView): PhaseState {
  if (over === steps.length) return 'done';
  const stands = run.state === 'held' || run.state === 'closed';
  const heldHere = stands && steps.some((view) => view.step.id === run.held?.stepId);
  if (heldHere || steps.some((view) => view.state === 'failed')) return 'failed';
  const isLive = steps.some((view) => view.state === 'running' || view.state === 'waiting') || over > 0;
  return isLive ? 'live' : 'todo';
}

/** Whether nothing more happens in a step. */
export function isOver(view: StepView): boolean {
  return view.state === 'done' || view.state === 'skipped';
}
