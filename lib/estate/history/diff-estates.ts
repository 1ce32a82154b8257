import { type EstateList, type EstateObject, estateLists, getList, keyIn } from '@/lib/estate/estate-lists';
import type { Estate } from '@/lib/estate/model';
import { isSet, sameValue, stableText } from '@/lib/estate/same-value';

/** A change of one field of an object. */
export type FieldChange = {
  readonly field: string;
} /** `before` or `after` is absent if the object had no such field then, because the build that read it did not know the field. */ & (
  | { readonly before?: unknown; readonly after?: unknown }
  /** A list of items, such as targets: the removed and the added ones, in any order. */
  | { readonly removed: readonly unknown[]; readonly added: readonly unknown[] }
);

/** A change of one object of an estate. `estate` means everything outside the lists: the account, the regions. */
export type EstateChange = { readonly kind: EstateList | 'estate'; readonly key: string } & (
  | { readonly op: 'added' | 'removed'; readonly object: EstateObject }
  | { readonly op: 'changed'; readonly fields: readonly FieldChange[] }
);

/** Fields that differ between syncs independently of the cloud. */
const ofTheReading: ReadonlySet<string> = new Set([
  'connectionId',
  'takenAt',
  'partsAt',
  'listenerConnections',
]);

type Fields = Readonly<Record<string, unknown>>;

function fieldChange(field: string, before: unknown, after: unknown): FieldChange {
  if (isSet(before) && isSet(after))
    return { field, removed: itemsWithout(before, after), added: itemsWithout(after, before) };
  return { field, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function diffFields(before: Fields, after: Fields, skip?: ReadonlySet<string>): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (skip?.has(field) || sameValue(before[field], after[field])) continue;
    changes.push(fieldChange(field, before[field], after[field]));
  }
  return changes;
}

/**
 * Indexes objects by key. An id that appears twice (the cloud's pages shift while they are read) counts once, in its
 * last version.
 */
export function byKey(list: EstateList, objects: readonly EstateObject[]): Map<string, EstateObject> {
  return new Map(objects.map((object) => [String(keyIn(list, object)), object]));
}

const outsideOfLists: ReadonlySet<string> = new Set([...ofTheReading, ...estateLists]);

/**
 * Returns the changes from one estate to another, object by object: `applyChanges` of them to the earlier estate gives
 * the later one. Order does not matter, neither that of objects nor that of items in an object's list. Fields and lists
 * added to the model are compared like all others.
 */
export function diffEstates(earlier: Estate, later: Estate): readonly EstateChange[] {
  const changes: EstateChange[] = [];
  const fields = diffFields(earlier, later, outsideOfLists);
  if (fields.length > 0) changes.push({ kind: 'estate', key: '', op: 'changed', fields });
  for (const kind of estateLists) {
    const before = byKey(kind, getList(earlier, kind));
    const after = byKey(kind, getList(later, kind));
    for (const [key, object] of before) {
      const now = after.get(key);
      if (now === undefined) changes.push({ kind, key, op: 'removed', object });
      else if (!sameValue(object, now))
        changes.push({ kind, key, op: 'changed', fields: diffFields(object, now) });
    }
    for (const [key, object] of after) if (!before.has(key)) changes.push({ kind, key, op: 'added', object });
  }
  return changes;
}

/** Returns a list without some items, each removed as often as it occurs in `off`. Items are compared by value. */
export function itemsWithout(items: readonly unknown[], off: readonly unknown[]): readonly unknown[] {
  const left = new Map<string, number>();
  for (const item of off) left.set(stableText(item), (left.get(stableText(item)) ?? 0) + 1);
  return items.filter((item) => {
    const text = stableText(item);
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count === 0;
  });
}
