import { hostNameOf } from '@/lib/estate/look-up';
import { type ObjectRef, objectKey } from '@/lib/estate/object';
import type { Plan } from '@/lib/plan/model';
import { foldRun, type RunRecord } from '@/lib/run/fold-run';
import type { RunState } from '@/lib/run/model';

/** In these states a run may still write; so may a held one, once somebody takes it up again. */
const active: readonly RunState[] = ['queued', 'applying', 'reverting', 'held'];

export type Overlap = { readonly runId: string; readonly isHeld: boolean; readonly object: string };

function touched(plan: Plan): ReadonlyMap<string, ObjectRef> {
  return new Map(plan.steps.flatMap((s) => (s.kind === 'write' ? [[objectKey(s.object), s.object]] : [])));
}

function nameOf(object: ObjectRef): string {
  return object.kind === 'recordSet'
    ? hostNameOf(object)
    : `${object.domain}${object.url} (${object.loadBalancerId})`;
}

/** The run that is under way on something that this plan wants to write, if there is one. */
export function findOverlap(plan: Plan, others: readonly RunRecord[]): Overlap | null {
  const mine = touched(plan);
  for (const other of others) {
    const { state } = foldRun(other);
    if (other.plan.connectionId !== plan.connectionId || !active.includes(state)) continue;
    const object = [...touched(other.plan).values()].find((ref) => mine.has(objectKey(ref)));
    if (object !== undefined) return { runId: other.id, isHeld: state === 'held', object: nameOf(object) };
  }
  return null;
}
