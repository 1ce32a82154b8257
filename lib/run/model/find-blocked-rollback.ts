import type { WriteCall } from '@/lib/estate/call';
import type { StepId } from '@/lib/plan/model/model';
import { foldRun, type RunRecord } from './fold-run';
import { hasOursToUndo } from './history';
import { bindPlan } from './placeholders';
import { listShares } from './run-charts';
import { isOver } from './run-effects';

/** A rollback that the cloud refuses, and that is tried again automatically; its stop has the error and the tries. */
export type BlockedRollback = {
  /** The position of the refused step among the rollback steps, from 1, and their number. */
  readonly step: number;
  readonly steps: number;
  /** The share of the requests that the functions still get, in %; null = as before the run, or unknown. */
  readonly functionShare: number | null;
  /** The calls that would finish the rollback by hand, in order; an `$id` is the id of the object that the step names. */
  readonly calls: readonly { readonly stepId: StepId; readonly call: WriteCall }[];
};

/** Returns how far a blocked rollback is, and what would finish it; null = the run is not one. Pure. */
export function findBlockedRollback(run: RunRecord): BlockedRollback | null {
  const { events } = run;
  const plan = bindPlan(run.plan, events);
  const { stopped, rollback } = foldRun({ ...run, plan });
  if (stopped?.retry === undefined) return null;
  return {
    step: rollback.findIndex((view) => view.step.id === stopped.stepId) + 1,
    steps: rollback.length,
    functionShare: listShares(run, '').at(-1)?.functionShare ?? null,
    calls: rollback.flatMap((view) => {
      const { step } = view;
      const isOpen = step.kind === 'write' && !isOver(view) && hasOursToUndo(step, plan, events);
      return isOpen ? [{ stepId: step.id, call: step.call }] : [];
    }),
  };
}
