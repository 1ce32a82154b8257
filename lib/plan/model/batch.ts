import { phases } from '@/lib/diversion/phase';
import { invariant } from '@/lib/invariant';
import type { Step, StepId } from './model';

/**
 * Returns the rank of a ready step. Instances start, and old answers expire, while other work runs: such checks and
 * waits therefore come last.
 */
function phaseRank(step: Step): number {
  if (step.kind === 'write') return 0;
  if (step.kind === 'probe') return step.probe.kind === 'ready' ? 1 : 0;
  return 2;
}

/**
 * Returns the steps that may run now, in parallel: those of the earliest unfinished phase with completed dependencies,
 * and waits only if nothing else is left to do. A phase starts when the previous one is over. Pure; steps keep their
 * order.
 * @returns an empty list when all are done
 * @throws if steps wait for each other: the planner never creates such a plan
 */
export function nextBatch(steps: readonly Step[], done: ReadonlySet<StepId>): readonly Step[] {
  const open = steps.filter((step) => !done.has(step.id));
  if (open.length === 0) return [];
  const phase = Math.min(...open.map((step) => phases.indexOf(step.phase)));
  const ready = open.filter(
    (step) => phases.indexOf(step.phase) === phase && step.needs.every((id) => done.has(id)),
  );
  invariant(ready.length > 0, `steps wait for each other: ${open.map((step) => step.id).join(', ')}`);
  const rank = Math.min(...ready.map(phaseRank));
  return ready.filter((step) => phaseRank(step) === rank);
}
