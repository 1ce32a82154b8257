import { phases } from '@/lib/diversion/phase';
import type { PlannedChange } from '@/lib/plan/model/change';
import { err, ok, type Result } from '@/lib/result';

/**
 * Orders changes so that each follows its dependencies; among ready ones, by phase, then in the given order.
 * @returns the order, or the keys that wait for each other (a cycle) or for a missing change
 */
export function orderChanges(
  changes: readonly PlannedChange[],
): Result<readonly PlannedChange[], readonly string[]> {
  const done = new Set<string>();
  const ordered: PlannedChange[] = [];
  let waiting = [...changes].sort((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase));
  while (waiting.length > 0) {
    const next = waiting.find((change) => change.needs.every((key) => done.has(key)));
    if (next === undefined) return err(waiting.map((change) => change.key));
    ordered.push(next);
    done.add(next.key);
    waiting = waiting.filter((change) => change !== next);
  }
  return ok(ordered);
}
