import { type ObjectRef, type ObjectState, objectKey } from '@/lib/estate/object';
import type { Plan, WriteStep } from '@/lib/plan/model/model';

/** An object that a plan writes to: its state before and after, and the writes between. */
export type TouchedResource = {
  readonly object: ObjectRef;
  readonly start: ObjectState;
  readonly end: ObjectState;
  readonly steps: readonly WriteStep[];
};

/** Returns all objects that a plan's apply writes to, in the order of the first write. */
export function resourcesTouchedBy({ steps }: Pick<Plan, 'steps'>): readonly TouchedResource[] {
  const found = new Map<string, TouchedResource>();
  for (const step of steps) {
    if (step.kind !== 'write') continue;
    const key = objectKey(step.object);
    const known = found.get(key);
    found.set(key, {
      object: step.object,
      start: known?.start ?? step.before,
      end: step.after,
      steps: [...(known?.steps ?? []), step],
    });
  }
  return [...found.values()];
}
