import type { EstateList, EstateObject } from '@/lib/estate/estate-lists';
import { type EstatePart, isUnread } from '@/lib/estate/gaps';
import type { DnsZone, Estate, ScfFunction } from '@/lib/estate/model';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Fields that are read separately from the rest of their object, each with its part: null where that could not be read.
 */
const partsOf: { readonly [K in EstateList]?: (object: never) => Readonly<Record<string, EstatePart>> } = {
  zones: (_: DnsZone) => ({ minTtlS: 'dnspod-plans', sameNameMax: 'dnspod-plans' }),
  functions: ({ region, namespace, name }: ScfFunction) => {
    const part = `scf/${region}/${namespace}/${name}` as const;
    return {
      aliases: `${part}/aliases`,
      reservedMb: `${part}/reserved`,
      provisioned: `${part}/provisioned`,
    };
  },
};

/** Returns the names of an object's fields that this sync could not read, though it read the object. */
function unreadFields(list: EstateList, object: EstateObject, by: Pick<Estate, 'gaps'>): readonly string[] {
  if (by.gaps.length === 0) return [];
  const parts = partsOf[list]?.(object as never) ?? {};
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
export function carryFields(
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
export function fieldsAsRead(list: EstateList, object: EstateObject, by: Pick<Estate, 'gaps'>): EstateObject {
  return withFields(object, unreadFields(list, object, by), () => null);
}
