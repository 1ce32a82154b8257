import type { RunView, StepView } from '@/lib/run/model';
import { isOver } from './run-phases';

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
export function runEffects(run: RunView): RunEffects {
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
