import { phases } from '@/lib/diversion/phase';
import { invariant } from '@/lib/invariant';
import type { Step, StepId } from './model';

/** A wait counts from when what it waits for was done: whatever is to be done meanwhile comes before it. */
function isWait({ kind }: Step): boolean {
  return kind === 'bake' || kind === 'drain';
}

/**
 * The steps that may run now, side by side: those of the earliest phase that isn't over whose needs are done, waits only
 * when nothing else is left to do. A phase begins when the one before it is over. Pure; steps keep their order.
 * @returns an empty list when all are done
 * @throws where steps wait for each other: the planner never makes such a plan
 */
export function nextWave(steps: readonly Step[], done: ReadonlySet<StepId>): readonly Step[] {
  const open = steps.filter((step) => !done.has(step.id));
  if (open.length === 0) return [];
  const phase = Math.min(...open.map((step) => phases.indexOf(step.phase)));
  const ready = open.filter(
    (step) => phases.indexOf(step.phase) === phase && step.needs.every((id) => done.has(id)),
  );
  invariant(ready.length > 0, `steps wait for each other: ${open.map((step) => step.id).join(', ')}`);
  const acting = ready.filter((step) => !isWait(step));
  return acting.length > 0 ? acting : ready;
}
