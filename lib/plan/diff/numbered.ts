import { getOwner } from '@/lib/estate/owner';
import { invariant } from '@/lib/invariant';
import type { PlannedChange } from '@/lib/plan/model/change';
import { type Durations, forecastMs } from '@/lib/plan/model/forecast';
import { type Step, StepId } from '@/lib/plan/model/model';

/** Numbers changes in order as steps `s1`, `s2`, …; needs by key become needs by id. */
export function numbered(changes: readonly PlannedChange[], durations: Durations = {}): Step[] {
  const ids = new Map(changes.map((change, index) => [change.key, StepId.parse(`s${index + 1}`)]));
  return changes.map((change): Step => {
    const id = ids.get(change.key);
    invariant(id !== undefined, `change ${change.key} has a number`);
    const needs = change.needs.flatMap((key) => ids.get(key) ?? []);
    const { phase } = change;
    const common = { ...(change.wave === undefined ? {} : { wave: change.wave }), needs };
    if (change.kind === 'probe') {
      const { probe, withinMs } = change;
      return {
        kind: 'probe',
        id,
        phase,
        probe,
        withinMs,
        ...common,
        forecastMs: forecastMs(change, durations),
      };
    }
    if (change.kind === 'bake') {
      const { bakeS, oldTtlS, name, percent } = change;
      return {
        kind: 'bake',
        id,
        phase: change.phase,
        name,
        percent,
        bakeS,
        oldTtlS,
        ...common,
        forecastMs: forecastMs(change, durations),
      };
    }
    const { object, before, after, yields } = change;
    const owned = getOwner(object);
    const [call, inverse] = [
      { ...change.call, ...owned },
      { ...change.inverse, ...owned },
    ];
    const forecast = forecastMs(change, durations);
    return {
      kind: 'write',
      id,
      phase,
      object,
      call,
      before,
      after,
      inverse,
      ...(yields === undefined ? {} : { yields }),
      undoes: null,
      ...common,
      forecastMs: forecast,
    };
  });
}
