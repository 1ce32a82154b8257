import { objectKey } from '@/lib/estate/object';
import type { Plan } from '@/lib/plan/model';
import type { RunRecord } from '@/lib/run/fold-run';
import { foldRun } from '@/lib/run/fold-run';
import type { RunState } from '@/lib/run/model';

/** In these states a run may still write; so may a held one, once somebody takes it up again. */
const active: readonly RunState[] = ['queued', 'applying', 'reverting', 'held'];

function touched(plan: Plan): ReadonlySet<string> {
  return new Set(plan.steps.flatMap((step) => (step.kind === 'write' ? [objectKey(step.object)] : [])));
}

/** The run that is under way on something that this plan wants to write, if there is one. */
export function findOverlap(
  plan: Plan,
  others: readonly RunRecord[],
): { runId: string; object: string } | null {
  const mine = touched(plan);
  for (const other of others) {
    if (other.plan.connectionId !== plan.connectionId || !active.includes(foldRun(other).state)) continue;
    const object = [...touched(other.plan)].find((key) => mine.has(key));
    if (object !== undefined) return { runId: other.id, object };
  }
  return null;
}
