import { findLoadBalancer, listRulesBehind } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { objectKey } from '@/lib/estate/object-state';
import type { LocatedWrite } from './matching-writes';
import type { BulkRule } from './safety-rule';

/** A count of changes, in the unit of its rule, and the object that it is about: a load balancer; '' = all. */
export type ChangeCount = { readonly object: string; readonly count: number };

const ownKey = ({ connectionId, step: { object } }: LocatedWrite) => `${connectionId}:${objectKey(object)}`;

/** Returns the changed rules of each load balancer, in % of all its rules. */
function countRoutes(writes: readonly LocatedWrite[], estate: Estate): readonly ChangeCount[] {
  const changed = new Map<string, Set<string>>();
  const made = new Map<string, Set<string>>();
  for (const write of writes) {
    const { object, before } = write.step;
    if (object.kind !== 'rule') continue;
    const { loadBalancerId } = object;
    changed.set(loadBalancerId, (changed.get(loadBalancerId) ?? new Set()).add(ownKey(write)));
    if (before.kind === 'rule' && !before.exists)
      made.set(loadBalancerId, (made.get(loadBalancerId) ?? new Set()).add(ownKey(write)));
  }
  return [...changed].map(([id, rules]) => {
    const known = listRulesBehind(estate, id).length;
    const all = Math.max(known + (made.get(id)?.size ?? 0), rules.size);
    return { object: findLoadBalancer(estate, id)?.name ?? id, count: Math.round((rules.size / all) * 100) };
  });
}

/** Returns what some writes change, in the unit of a threshold: one count, or one for each load balancer. */
export function countChanges(
  unit: BulkRule['unit'],
  writes: readonly LocatedWrite[],
  estate: Estate,
): readonly ChangeCount[] {
  if (unit === 'writes') return [{ object: '', count: writes.length }];
  if (unit === 'routesPercent') return countRoutes(writes, estate);
  return [{ object: '', count: new Set(writes.flatMap(({ domains }) => domains)).size }];
}
