import type { RunView, StepView } from './model';

/** Returns whether a step is over in its direction. */
export function isOver(view: StepView): view is Extract<StepView, { state: 'done' | 'skipped' }> {
  return view.state === 'done' || view.state === 'skipped';
}

/**
 * The changes that a run has and has not made in the cloud so far. `unsure` are writes whose call was sent without a
 * known outcome: the executor reads them back before it does anything else.
 */
export type RunEffects = {
  readonly applied: readonly StepView[];
  readonly unsure: readonly StepView[];
  readonly open: readonly StepView[];
};

/** Sorts the writes of a plan by whether they are in effect now, after any rollback steps. */
export function runEffects(run: Pick<RunView, 'apply' | 'rollback'>): RunEffects {
  const undone = new Set(
    run.rollback.flatMap((view) =>
      view.step.kind === 'write' && isOver(view) && view.step.undoes !== null ? [view.step.undoes] : [],
    ),
  );
  const writes = run.apply.filter((view) => view.step.kind === 'write');
  const isUnsure = (view: StepView) =>
    !undone.has(view.step.id) &&
    (view.state === 'running' ||
      view.state === 'waiting' ||
      view.state === 'interrupted' ||
      view.mayBeApplied);
  const isApplied = (view: StepView) => isOver(view) && !undone.has(view.step.id);
  return {
    applied: writes.filter(isApplied),
    unsure: writes.filter((view) => !isOver(view) && isUnsure(view)),
    open: writes.filter((view) => (isOver(view) ? undone.has(view.step.id) : !isUnsure(view))),
  };
}

/**
 * Returns what a rollback would undo, newest first: writes of this run that are in effect or whose effect is unknown.
 */
export function undoList(run: Parameters<typeof runEffects>[0]): readonly StepView[] {
  const { applied, unsure } = runEffects(run);
  // A state from before the run is foreign, and stays.
  return [...applied, ...unsure].filter((view) => view.outcome !== 'already').reverse();
}
