import { ownedKey } from '@/lib/estate/object-state';
import { foldRun, type RunRecord } from './fold-run';
import type { RunState } from './model';
import { bindPlan } from './placeholders';
import { isOver } from './run-effects';

/** In these states a run has not started to write. */
const waiting: readonly RunState[] = ['scheduled', 'ready', 'missed'];
const ended: readonly RunState[] = ['done', 'rolledBack', 'closed'];

/**
 * Returns the objects that a run has yet to write to in its current direction, by their keys among those of all
 * connections. Until then, their state is not drift. Empty for a run that is diverted until T1 or has not started.
 */
export function busyObjects(run: RunRecord): readonly string[] {
  const view = foldRun(run);
  if (waiting.includes(view.state) || ended.includes(view.state)) return [];
  const { steps, rollback } = bindPlan(run.plan, run.events);
  const objects = new Map((view.direction === 'apply' ? steps : rollback).map((step) => [step.id, step]));
  const left = view[view.direction].filter((each) => each.step.kind === 'write' && !isOver(each));
  return [
    ...new Set(
      left.flatMap(({ step: { id } }) => {
        const step = objects.get(id);
        return step?.kind === 'write' ? [ownedKey(step.object, run.plan.connectionId)] : [];
      }),
    ),
  ];
}
