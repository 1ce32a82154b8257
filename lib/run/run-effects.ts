import type { RunView, StepView } from './model';

/** Whether nothing more happens to a step in the direction that it belongs to. */
export function isOver({ state }: StepView): boolean {
  return state === 'done' || state === 'skipped';
}

/**
 * What a run has and has not changed in the cloud by now. `unsure` are writes whose call was sent without a known
 * outcome: the executor reads them back before anything else happens.
 */
export type RunEffects = {
  readonly applied: readonly StepView[];
  readonly unsure: readonly StepView[];
  readonly open: readonly StepView[];
};

/** Sorts the writes of a plan by whether they are in effect now, the way back included. */
export function runEffects(run: Pick<RunView, 'apply' | 'revert' | 'held'>): RunEffects {
  const undone = new Set(
    run.revert.flatMap((view) =>
      view.step.kind === 'write' && isOver(view) && view.step.undoes !== null ? [view.step.undoes] : [],
    ),
  );
  const writes = run.apply.filter((view) => view.step.kind === 'write');
  const held = run.held?.reason.kind === 'cloudError' && !run.held.reason.settled ? run.held.stepId : null;
  const isUnsure = (view: StepView) =>
    view.state === 'running' || view.state === 'waiting' || view.step.id === held;
  const isApplied = (view: StepView) => isOver(view) && !undone.has(view.step.id);
  return {
    applied: writes.filter(isApplied),
    unsure: writes.filter((view) => !isOver(view) && isUnsure(view)),
    open: writes.filter((view) => (isOver(view) ? undone.has(view.step.id) : !isUnsure(view))),
  };
}

/** What a way back would undo, newest first: writes of this run in effect and those whose effect is not known. */
export function undoList(run: Parameters<typeof runEffects>[0]): readonly StepView[] {
  const { applied, unsure } = runEffects(run);
  // What was so before the run came belongs to somebody else, and stays.
  return [...applied, ...unsure].filter((view) => view.outcome !== 'already').reverse();
}
