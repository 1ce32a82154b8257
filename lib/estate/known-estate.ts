import { byKey, type EstateChange } from './diff-estates';
import { type EstateObject, estateLists, inKeyOrder, listOf, unreadIn } from './estate-lists';
import { isUnread } from './gaps';
import type { Estate } from './model';

/**
 * A reading with what it could not read as it was last known: the objects of its gaps, and of regions that are not read
 * any more. So a part that is away for a while neither seems deleted nor made anew. The gaps stay in it and tell which
 * those are; `asRead` takes them out again.
 * @param earlier what was known before, made by this function too
 * @returns the reading itself where there is nothing to carry over
 */
export function carryUnread(earlier: Estate, reading: Estate): Estate {
  const isMissing = unreadIn(earlier);
  const lists = estateLists.flatMap((list) => {
    const before = listOf(earlier, list);
    if (before.length === 0) return [];
    const now = byKey(list, listOf(reading, list));
    const carried = [...byKey(list, before)].filter(
      ([key, object]) => !now.has(key) && isMissing(list, object, reading),
    );
    return carried.length === 0
      ? []
      : [[list, inKeyOrder(list, [...now.values(), ...carried.map(([, object]) => object)])] as const];
  });
  const { networkAccountType } = earlier.account;
  const isAccountCarried = isUnread(reading, 'account') && networkAccountType !== null;
  if (lists.length === 0 && !isAccountCarried) return reading;
  const account = isAccountCarried ? { ...reading.account, networkAccountType } : reading.account;
  return { ...reading, account, ...Object.fromEntries(lists) };
}

/** A known estate as its reading found it: without what was carried over. */
export function asRead(known: Estate): Estate {
  const isMissing = unreadIn(known);
  const isThere = (list: (typeof estateLists)[number]) => (object: EstateObject) =>
    !isMissing(list, object, known);
  const lists = estateLists.map((list) => [list, listOf(known, list).filter(isThere(list))]);
  const account = isUnread(known, 'account') ? { ...known.account, networkAccountType: null } : known.account;
  return { ...known, account, ...Object.fromEntries(lists) };
}

/**
 * The changes that happened in the cloud, out of all between two known estates. What only a build that knows more fields
 * or lists of an object has read, or one that knows fewer has not, is no change there; nor is another reason of a gap.
 */
export function cloudChanges(
  changes: readonly EstateChange[],
  earlier: Estate,
  later: Estate,
): readonly EstateChange[] {
  return changes.flatMap((change): readonly EstateChange[] => {
    const { kind } = change;
    if (kind !== 'estate' && (earlier[kind] === undefined || later[kind] === undefined)) return [];
    if (change.op !== 'changed') return [change];
    if (kind === 'gaps') return [];
    const fields = change.fields.filter(
      (field) => 'removed' in field || (field.before !== undefined && field.after !== undefined),
    );
    if (fields.length === change.fields.length) return [change];
    return fields.length === 0 ? [] : [{ ...change, fields }];
  });
}
