import { hasUnreadLoadBalancers, isPartlyUnread } from '@/lib/estate/gaps';
import { addressRecordTypes } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef } from '@/lib/estate/object';
import { isAbsent, objectKey } from '@/lib/estate/object-state';
import type { Step, WriteStep } from './model';

/** Objects of a kind that a plan writes to, each counted once. */
export type Touched = {
  readonly kind: ObjectRef['kind'];
  /** The number of objects that did not exist before. */
  readonly made: number;
  readonly changed: number;
  /** The number of objects of the kind in the estate; null = not counted, or some could not be read. */
  readonly all: number | null;
};

const kinds: readonly ObjectRef['kind'][] = ['loadBalancer', 'listener', 'rule', 'provisioned', 'recordSet'];

function countAll(kind: ObjectRef['kind'], estate: Estate): number | null {
  if (kind === 'recordSet' ? isPartlyUnread(estate, 'dnspod') : hasUnreadLoadBalancers(estate)) return null;
  switch (kind) {
    case 'loadBalancer':
      return estate.loadBalancers.length;
    case 'listener':
      return estate.listeners.length;
    case 'rule':
      return estate.rules.length;
    case 'recordSet':
      return new Set(
        estate.records
          .filter(({ type }) => addressRecordTypes.includes(type))
          .map(({ zone, subdomain, lineId }) => `${subdomain}.${zone}/${lineId}`),
      ).size;
    case 'provisioned':
      return null;
  }
}

/** Returns whether a write creates its object. A record set exists once it has a record, enabled or not. */
function isMade({ before }: WriteStep): boolean {
  return before.kind === 'recordSet' ? before.records.length === 0 : isAbsent(before);
}

/**
 * Returns the objects that a list of steps writes to, by kind, in the order of their dependencies.
 * @param estate for the totals; null = unknown
 */
export function touchedBy(steps: readonly Step[], estate: Estate | null): readonly Touched[] {
  const firsts = new Map<string, WriteStep>();
  for (const step of steps) {
    if (step.kind !== 'write') continue;
    const key = objectKey(step.object);
    if (!firsts.has(key)) firsts.set(key, step);
  }
  return kinds.flatMap((kind) => {
    const writes = [...firsts.values()].filter(({ object }) => object.kind === kind);
    const made = writes.filter(isMade).length;
    const all = estate === null ? null : countAll(kind, estate);
    return writes.length === 0 ? [] : [{ kind, made, changed: writes.length - made, all }];
  });
}
