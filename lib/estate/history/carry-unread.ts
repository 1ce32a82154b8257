import { unknownPermissions } from '@/lib/estate/account-model';
import type { EstateList } from '@/lib/estate/estate-lists';
import { type EstateObject, estateLists, getList, inKeyOrder, unreadIn } from '@/lib/estate/estate-lists';
import { type EstatePart, isUnread } from '@/lib/estate/gaps';
import type { Estate } from '@/lib/estate/model';
import { byKey, type EstateChange } from './diff-estates';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the fields that are read separately from the rest of their object, each with its part: null where that could
 * not be read.
 */
function fieldParts(list: EstateList, object: EstateObject): Readonly<Record<string, EstatePart>> {
  if (list === 'zones') return { minTtlS: 'dnspod-plans', sameNameMax: 'dnspod-plans' };
  if (list === 'loadBalancers' && 'vips' in object)
    return { operationProtection: `clb-protection/${object.region}` };
  if (list !== 'functions' || !('namespace' in object)) return {};
  const part = `scf/${object.region}/${object.namespace}/${object.name}` as const;
  return { aliases: `${part}/aliases`, reservedMb: `${part}/reserved`, provisioned: `${part}/provisioned` };
}

/** Returns the names of an object's fields that this sync could not read, though it read the object. */
function unreadFields(list: EstateList, object: EstateObject, by: Pick<Estate, 'gaps'>): readonly string[] {
  if (by.gaps.length === 0) return [];
  const parts = fieldParts(list, object);
  return Object.keys(parts).filter((field) => parts[field] !== undefined && isUnread(by, parts[field]));
}

function withFields(
  object: EstateObject,
  names: readonly string[],
  of: (name: string) => unknown,
): EstateObject {
  const changed = names.filter((name) => (object as Fields)[name] !== of(name));
  if (changed.length === 0) return object;
  return { ...object, ...Object.fromEntries(changed.map((name) => [name, of(name)])) } as EstateObject;
}

/** Returns an object with the earlier values of the fields that its sync could not read. */
function carryFields(
  list: EstateList,
  before: EstateObject | undefined,
  object: EstateObject,
  by: Pick<Estate, 'gaps'>,
): EstateObject {
  if (before === undefined) return object;
  const names = unreadFields(list, object, by).filter((name) => (before as Fields)[name] != null);
  return withFields(object, names, (name) => (before as Fields)[name]);
}

/** Returns an object as its sync found it: null in the fields that it could not read. */
function fieldsAsRead(list: EstateList, object: EstateObject, by: Pick<Estate, 'gaps'>): EstateObject {
  return withFields(object, unreadFields(list, object, by), () => null);
}

/**
 * Completes a sync with the last known state of what it could not read: the objects in its gaps, and those of regions
 * that are no longer synced. A part that is unreadable for a while therefore seems neither deleted nor created again.
 * The gaps are kept and mark these objects; `asRead` removes them.
 * @param earlier the last known estate, also returned by this function
 * @returns the sync itself where there is nothing to carry over
 */
export function carryUnread(earlier: Estate, reading: Estate): Estate {
  const isMissing = unreadIn(earlier);
  const lists = estateLists.flatMap((list) => {
    const before = getList(earlier, list);
    if (before.length === 0) return [];
    const now = byKey(list, getList(reading, list));
    const found = [...now.values()];
    const earlierOnes = byKey(list, before);
    const carried = [...earlierOnes].filter(
      ([key, object]) => !now.has(key) && isMissing(list, object, reading),
    );
    const kept = [...now].map(([key, object]) => carryFields(list, earlierOnes.get(key), object, reading));
    const isSame = carried.length === 0 && kept.every((object, at) => object === found[at]);
    return isSame
      ? []
      : [[list, inKeyOrder(list, [...kept, ...carried.map(([, object]) => object)])] as const];
  });
  const account = carryAccount(earlier, reading);
  if (lists.length === 0 && account === reading.account) return reading;
  return { ...reading, account, ...Object.fromEntries(lists) };
}

function carryAccount(earlier: Estate, reading: Estate): Estate['account'] {
  const { networkAccountType, permissions } = earlier.account;
  const type = isUnread(reading, 'account') && networkAccountType !== null ? { networkAccountType } : null;
  const may = isUnread(reading, 'cam') && permissions.source !== null ? { permissions } : null;
  return type || may ? { ...reading.account, ...type, ...may } : reading.account;
}

/** Returns a known estate as its sync found it, without carried-over objects. */
export function asRead(known: Estate): Estate {
  const isMissing = unreadIn(known);
  const isThere = (list: (typeof estateLists)[number]) => (object: EstateObject) =>
    !isMissing(list, object, known);
  const lists = estateLists.map((list) => [
    list,
    getList(known, list)
      .filter(isThere(list))
      .map((object) => fieldsAsRead(list, object, known)),
  ]);
  const account = {
    ...known.account,
    ...(isUnread(known, 'account') && { networkAccountType: null }),
    ...(isUnread(known, 'cam') && { permissions: unknownPermissions }),
  };
  return { ...known, account, ...Object.fromEntries(lists) };
}

/**
 * Returns the changes that happened in the cloud, out of all changes between two known estates. It excludes fields or
 * lists that only one of the two builds reads, another reason for a gap, and the stored format.
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
      (field) =>
        'removed' in field ||
        (field.before !== undefined && field.after !== undefined && field.field !== 'format'),
    );
    if (fields.length === change.fields.length) return [change];
    return fields.length === 0 ? [] : [{ ...change, fields }];
  });
}
