import { z } from 'zod';
import { DomainPattern } from '@/lib/domain-pattern';
import { regionCode } from '@/lib/region-code';
import { covers, type Footprint, isUnlimited } from './covers';
import {
  commonRole,
  isInstallationWide,
  listPermissions,
  mayUse,
  type Permission,
  type Role,
  tokenRoles,
} from './roles';
import type { QueryName, VerbName } from './verbs';

/** The maximum number of values of one limit. */
const valuesMax = 50;
/** The maximum number of grants of one person. */
const grantsMax = 20;

const limit = <T extends z.ZodType>(value: T) =>
  z.array(value).min(1, 'grant.empty').max(valuesMax, 'grant.tooMany').readonly().nullable();

/** Limits of a grant to objects. null = no limit of that kind. */
export const Limits = z.object({
  connections: limit(z.string().min(1, 'grant.connection').max(100, 'grant.connection')),
  regions: limit(regionCode()),
  domains: limit(DomainPattern),
});
export type Limits = z.infer<typeof Limits>;

/** The absence of limits. */
export const noLimits: Limits = { connections: null, regions: null, domains: null };

/** A role on all objects within its limits. */
export const RoleGrant = Limits.extend({ role: z.enum(tokenRoles) });
export type RoleGrant = z.infer<typeof RoleGrant>;

/** The grants of a person: they may do what any of them allows. */
export const Grants = z.array(RoleGrant).min(1, 'grant.none').max(grantsMax, 'grant.tooMany').readonly();
export type Grants = z.infer<typeof Grants>;

/** Creates the grants of a role on everything. */
export const grantEverywhere = (role: Role): Grants => [{ role, ...noLimits }];

/** Writes limits for people: `domains *.shop.example.co.id, regions ap-jakarta`; '' = none. */
export function describeLimits({ connections, regions, domains }: Limits): string {
  return Object.entries({ connections, regions, domains })
    .flatMap(([kind, values]) => (values === null ? [] : [`${kind} ${values.join(' ')}`]))
    .join(', ');
}

/** Writes grants for people: `operator (domains *.shop.example.co.id), viewer`. */
export function describeGrants(grants: readonly RoleGrant[]): string {
  return grants
    .map(({ role, ...limits }) => {
      const listed = describeLimits(limits);
      return listed === '' ? role : `${role} (${listed})`;
    })
    .join(', ');
}

/** The roles of an actor: each applies where all of its limits do. */
export type Access = readonly { readonly role: Role; readonly limits: readonly Limits[] }[];

/**
 * Reads stored grants. One with an invalid role or limit, as after a manual change in the database, gives no rights,
 * because those that it was meant to give are unknown.
 */
export function readStoredGrants(stored: unknown): Grants {
  const all: readonly unknown[] = Array.isArray(stored) ? stored : [];
  return all.flatMap((grant) => RoleGrant.safeParse(grant).data ?? []);
}

/** Reads the stored limits of a token; null = it has none. Invalid ones cover nothing. */
export function readStoredLimits(stored: unknown): Limits | null {
  if (stored === null) return null;
  return Limits.safeParse(stored).data ?? { connections: [], regions: [], domains: [] };
}

/** Converts stored grants to the access that they give. */
export const toAccess = (stored: unknown): Access =>
  readStoredGrants(stored).map(({ role, ...limits }) => ({ role, limits: [limits] }));

/** Returns the access that a token has: its owner's, with the rights that both roles share, and within its own limits. */
export function narrowAccess(access: Access, role: Role, limits: Limits | null): Access {
  return access.flatMap((grant) => {
    const common = commonRole(grant.role, role);
    if (common === null) return [];
    return [{ role: common, limits: limits === null ? grant.limits : [...grant.limits, limits] }];
  });
}

/** Returns the highest of an actor's roles, by which people know them; null = not signed in. */
export function mainRole(access: Access): Role | null {
  const [first = null] = access
    .map(({ role }) => role)
    .sort((a, b) => tokenRoles.indexOf(b) - tokenRoles.indexOf(a));
  return first;
}

/** Returns the grants of an actor that allow an operation, wherever they apply. What concerns everything needs one without limits. */
function findGrants(access: Access, operation: VerbName | QueryName): Access {
  const able = access.filter(({ role }) => mayUse(role, operation));
  if (!isInstallationWide(operation)) return able;
  return able.filter(({ limits }) => limits.every(isUnlimited));
}

/** Returns whether an actor may use a verb or a query on some objects at least. */
export function mayUseSomewhere(access: Access, operation: VerbName | QueryName): boolean {
  return mayUse(null, operation) || findGrants(access, operation).length > 0;
}

/** Returns whether an actor may use a verb or a query on everything. */
export function mayUseEverywhere(access: Access, operation: VerbName | QueryName): boolean {
  return (
    mayUse(null, operation) || findGrants(access, operation).some(({ limits }) => limits.every(isUnlimited))
  );
}

/** Returns whether an actor may use a verb or a query on objects: one grant must cover all of them. */
export function mayUseOn(access: Access, operation: VerbName | QueryName, footprint: Footprint): boolean {
  return (
    mayUse(null, operation) ||
    findGrants(access, operation).some(({ limits }) => limits.every((each) => covers(each, footprint)))
  );
}

/** The rights that a role gives within its limits, all of which apply at once. */
export type RightsWithin = { readonly rights: readonly Permission[]; readonly limits: readonly Limits[] };

/**
 * Returns the rights of an actor with the limits of each. To configure and to read the audit log concern everything, so
 * that a role with limits has neither.
 */
export function listRights(access: Access): readonly RightsWithin[] {
  return access.map(({ role, limits }) => {
    const rights = listPermissions(role);
    const isEverywhere = limits.every(isUnlimited);
    return {
      rights: isEverywhere ? rights : rights.filter((right) => right !== 'configure' && right !== 'audit'),
      limits: isEverywhere ? [] : limits,
    };
  });
}

/** Returns the limits of the grants that allow an operation: of each, all apply at once. */
export function listLimits(access: Access, operation: VerbName | QueryName): readonly (readonly Limits[])[] {
  return findGrants(access, operation).map(({ limits }) => limits);
}
