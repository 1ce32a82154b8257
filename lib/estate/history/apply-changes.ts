import { type EstateList, type EstateObject, getList, inKeyOrder } from '@/lib/estate/estate-lists';
import type { Estate } from '@/lib/estate/model';
import { byKey, type EstateChange, type FieldChange, itemsWithout } from './diff-estates';

type Fields = Readonly<Record<string, unknown>>;

/** Returns an object, or an estate's data beside its lists, with some fields replaced. */
function withFields<T extends object>(object: T, fields: readonly FieldChange[]): T {
  const next: Record<string, unknown> = { ...(object as Fields) };
  for (const change of fields) {
    const { field } = change;
    if ('removed' in change) {
      const items = (object as Fields)[field] as readonly unknown[];
      next[field] = [...itemsWithout(items, change.removed), ...change.added];
    } else if (change.after === undefined) delete next[field];
    else next[field] = change.after;
  }
  return next as T;
}

/**
 * Applies changes to an estate in order: any number of changes of one object, from any number of steps. Lists are
 * returned in the order of syncs; the connection and the time of the sync are unchanged.
 * @param changes as found by `diffEstates`, starting from this estate
 */
export function applyChanges(estate: Estate, changes: readonly EstateChange[]): Estate {
  let next: Estate = { ...estate };
  const touched = new Map<EstateList, Map<string, EstateObject>>();
  const indexObjects = (kind: EstateList) => {
    const known = touched.get(kind) ?? byKey(kind, getList(estate, kind));
    touched.set(kind, known);
    return known;
  };
  for (const change of changes) {
    const { kind, key } = change;
    if (kind === 'estate') {
      if (change.op === 'changed') next = withFields(next, change.fields);
      continue;
    }
    const objects = indexObjects(kind);
    if (change.op === 'changed') {
      const object = objects.get(key);
      if (object !== undefined) objects.set(key, withFields(object, change.fields));
    } else if (change.op === 'added') objects.set(key, change.object);
    else objects.delete(key);
  }
  const lists = [...touched].map(([kind, objects]) => [kind, inKeyOrder(kind, objects.values())]);
  return { ...next, ...Object.fromEntries(lists) };
}

const opposite = { added: 'removed', removed: 'added' } as const;

function reverseField(change: FieldChange): FieldChange {
  const { field } = change;
  if ('removed' in change) return { field, removed: change.added, added: change.removed };
  const { before, after } = change;
  return {
    field,
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  };
}

/** Returns the inverse: applied to the later estate, it gives the earlier one. */
export function reverseChanges(changes: readonly EstateChange[]): readonly EstateChange[] {
  return changes.toReversed().map((change) => {
    if (change.op === 'changed') return { ...change, fields: change.fields.map(reverseField) };
    return { ...change, op: opposite[change.op] };
  });
}
