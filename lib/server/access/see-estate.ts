import 'server-only';
import { type EstatePlace, limitEstate } from '@/lib/estate/limit-estate';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef } from '@/lib/estate/object';
import { type Access, listLimits, mayUseEverywhere, mayUseOn } from '@/lib/policy/access';
import type { Actor } from '@/lib/policy/actor';
import { getObjectFootprint } from '@/lib/policy/object-footprint';
import type { QueryName, VerbName } from '@/lib/policy/verbs';

/** The rules of limited copies of a snapshot, by the limits: what is derived from a copy is derived once for its rules. */
const limitedRules = new WeakMap<Estate['rules'], Map<string, Estate['rules']>>();
/** More than there are different limits in most teams. */
const copiesMax = 20;

const toFootprint = ({ connectionId, region, domain }: EstatePlace) => ({
  connections: [connectionId],
  regions: region === undefined ? [] : [region],
  domains: domain === undefined ? [] : [domain],
});

/** Returns whether an actor may see what is at a place of an estate. */
export function maySee(access: Access, operation: QueryName | VerbName, place: EstatePlace): boolean {
  return mayUseOn(access, operation, toFootprint(place));
}

/** Returns whether an actor may see an object that a plan writes. */
export function maySeeObject(
  access: Access,
  operation: QueryName | VerbName,
  object: ObjectRef,
  connectionId: string,
): boolean {
  return mayUseOn(access, operation, getObjectFootprint(object, connectionId));
}

/** Returns the part of an estate that an actor may see by a query. */
export function seeEstate({ access }: Pick<Actor, 'access'>, operation: QueryName, estate: Estate): Estate {
  if (mayUseEverywhere(access, operation)) return estate;
  const copy = limitEstate(estate, (place) => maySee(access, operation, place));
  const known = limitedRules.get(estate.rules) ?? new Map<string, Estate['rules']>();
  limitedRules.set(estate.rules, known);
  const key = JSON.stringify(listLimits(access, operation));
  const rules = known.get(key) ?? copy.rules;
  if (known.size >= copiesMax) known.clear();
  known.set(key, rules);
  return { ...copy, rules };
}
