import { type EstatePart, isUnread } from './gaps';
import type { Estate } from './model';

/**
 * The lists of an estate by name, with the type of their objects. A list added to the model is included automatically.
 */
export type EstateObjects = {
  [K in Exclude<keyof Estate, 'otherAccounts'> as NonNullable<Estate[K]> extends readonly object[]
    ? K
    : never]-?: NonNullable<Estate[K]> extends readonly (infer T)[] ? T : never;
};
export type EstateList = keyof EstateObjects;
export type EstateObject = EstateObjects[EstateList];

type ListRule<T> = {
  /** The unique key of an object within its list: the cloud's id, or its name where the cloud has no id. */
  readonly key: (object: T) => string | number;
  /**
   * The part of a sync that contains the object, to check when the object is missing; null = it can't be missing
   * without having been read.
   */
  readonly part: (object: T, regionOf: (loadBalancerId: string) => string) => EstatePart | null;
};

const rules: { readonly [K in EstateList]: ListRule<EstateObjects[K]> } = {
  zones: { key: ({ name }) => name, part: ({ name }) => `dnspod/${name}` },
  records: { key: ({ id }) => id, part: ({ zone, id }) => `dnspod/${zone}/${id}` },
  loadBalancers: { key: ({ id }) => id, part: ({ region, id }) => `clb/${region}/${id}` },
  listeners: {
    key: ({ id }) => id,
    part: ({ id, loadBalancerId: owner }, regionOf) => `clb/${regionOf(owner)}/${owner}/${id}`,
  },
  rules: {
    key: ({ id }) => id,
    part: ({ id, listenerId, loadBalancerId: owner }, regionOf) =>
      `clb/${regionOf(owner)}/${owner}/${listenerId}/${id}`,
  },
  functions: {
    key: ({ region, namespace, name }) => `${region}/${namespace}/${name}`,
    part: ({ region, namespace, name }) => `scf/${region}/${namespace}/${name}`,
  },
  instances: { key: ({ id }) => id, part: ({ region, id }) => `cvm/${region}/${id}` },
  clbQuotas: { key: ({ region }) => region, part: ({ region }) => `clb-quota/${region}` },
  scfAccounts: { key: ({ region }) => region, part: ({ region }) => `scf-account/${region}` },
  vpcs: { key: ({ id }) => id, part: ({ region, id }) => `vpc/${region}/${id}` },
  subnets: { key: ({ id }) => id, part: ({ region, id }) => `vpc/${region}/${id}` },
  availabilityZones: { key: ({ id }) => id, part: ({ region, id }) => `zones/${region}/${id}` },
  securityGroups: {
    key: ({ region, id }) => `${region}/${id}`,
    part: ({ region, id }) => `security-groups/${region}/${id}`,
  },
  scfNamespaces: {
    key: ({ region, name }) => `${region}/${name}`,
    part: ({ region, name }) => `scf/${region}/${name}`,
  },
  certificates: { key: ({ id }) => id, part: ({ id }) => `ssl/${id}` },
  customConfigs: { key: ({ id }) => id, part: ({ region, id }) => `clb-config/${region}/${id}` },
  igtm: { key: ({ id }) => id, part: ({ id }) => `igtm/${id}` },
  dnsLines: { key: ({ grade }) => grade, part: () => 'dnspod-lines' },
  gaps: { key: ({ part }) => part, part: () => null },
};

/** The names of the lists. */
export const estateLists = Object.keys(rules) as readonly EstateList[];

/** Returns the key of an object in its list. */
export function keyIn(list: EstateList, object: EstateObject): string | number {
  return (rules[list] as ListRule<EstateObject>).key(object);
}

/** Returns one list of an estate, by its name; empty where the build that stored the estate does not read the list. */
export function getList(estate: Estate, list: EstateList): readonly EstateObject[] {
  return (estate[list] as readonly EstateObject[] | undefined) ?? [];
}

/** Sorts a list by key, the order in which syncs return it. */
export function inKeyOrder(list: EstateList, objects: Iterable<EstateObject>): EstateObject[] {
  return [...objects].sort((a, b) => {
    const [left, right] = [keyIn(list, a), keyIn(list, b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/** The fields of an estate that show whether a part of it was read. */
export type ReadParts = Pick<Estate, 'gaps' | 'regions'>;

/** Products that are read by region: objects in a region outside the sync were not read. */
const byRegion =
  /^(?:clb|scf|cvm|vpc|zones|security-groups|clb-protection|clb-quota|clb-config|scf-account)\/([^/]+)/;

/**
 * Returns a function that checks whether another sync could have missed an object because it did not read the object's
 * part.
 * @param estate the one that has the objects
 */
export function unreadIn(estate: Estate): (list: EstateList, object: EstateObject, by: ReadParts) => boolean {
  const regions = new Map(estate.loadBalancers.map(({ id, region }) => [String(id), region]));
  const findRegion = (loadBalancerId: string) => regions.get(loadBalancerId) ?? '';
  return (list, object, by) => {
    const part = (rules[list] as ListRule<EstateObject>).part(object, findRegion);
    if (part === null) return false;
    const region = byRegion.exec(part)?.[1];
    return isUnread(by, part) || (region !== undefined && region !== '' && !by.regions.includes(region));
  };
}
