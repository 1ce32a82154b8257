import type { Diversion } from '@/lib/diversion/diversion';
import { listDomains } from '@/lib/diversion/routes';
import { getHostName, ruleAt } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef } from '@/lib/estate/object';
import { refName } from '@/lib/estate/ref-name';
import { domainMatcher } from '@/lib/match-domain';
import type { WriteStep } from '@/lib/plan/model/model';
import type { SafetyRule } from './safety-rule';

type PlanOfWrite = { readonly connectionId: string; readonly diversion: Pick<Diversion, 'routes'> };

/** The region of an object; DNS has none. */
function getRegion(object: ObjectRef): string | null {
  return object.kind === 'recordSet' ? null : object.region;
}

/** Returns the domains of the routes that use an object without a domain of its own; all if none names it. */
function listRouteDomains(object: ObjectRef, { routes }: PlanOfWrite['diversion']): readonly string[] {
  const uses = routes.filter((route) => {
    if (object.kind === 'listener') return route.loadBalancerId === object.loadBalancerId;
    if (object.kind !== 'provisioned' || route.to !== 'function') return false;
    return route.function.name === object.name && route.function.namespace === object.namespace;
  });
  return listDomains(uses.length === 0 ? routes : uses);
}

/** Returns the domains that a write concerns, in lower case: those of its rule or records, otherwise of its routes. */
export function listWriteDomains(
  { object }: Pick<WriteStep, 'object'>,
  { diversion }: Pick<PlanOfWrite, 'diversion'>,
  estate: Estate | null,
): readonly string[] {
  if (object.kind === 'recordSet') return [getHostName(object).toLowerCase()];
  if (object.kind !== 'rule') return listRouteDomains(object, diversion);
  const others = estate === null ? [] : (ruleAt(estate, object)?.domains ?? []);
  return [...new Set([object.domain, ...others].map((domain) => domain.toLowerCase()))];
}

/**
 * The place of a change: the display name of its object, its account, the regions that it belongs to (none = any), and
 * the domains that it concerns.
 */
export type ChangePlace = {
  readonly name: string;
  readonly connectionId: string;
  readonly regions: readonly string[];
  readonly domains: readonly string[];
};
export type LocatedWrite = ChangePlace & { readonly step: WriteStep };

/** Returns whether some name fits both patterns, in which each `*` stands for any characters. */
function shareNames(one: string, other: string): boolean {
  // The lengths of beginnings of `other` that share a name with the beginning of `one`, whose length grows.
  let reached = new Set([0]);
  for (let at = 0; at < one.length; at += 1) {
    const next = new Set<number>();
    // A set also visits what is added meanwhile.
    for (const length of reached) {
      if (one[at] === '*' || other[length] === '*') {
        next.add(length);
        if (length < other.length) reached.add(length + 1);
      } else if (one[at] === other[length]) next.add(length + 1);
    }
    reached = next;
  }
  return [...reached].some((length) => /^\**$/.test(other.slice(length)));
}

/**
 * Returns a test whether a domain of a rule has names that fit one of some patterns. A wildcard stands for all its names, and
 * an expression (`~…`) may take any name.
 */
export function fitsAny(patterns: readonly string[]): (domain: string) => boolean {
  const fits = domainMatcher(patterns);
  return (domain) => {
    if (domain.startsWith('~')) return patterns.length > 0;
    return fits(domain) || (domain.includes('*') && patterns.some((pattern) => shareNames(pattern, domain)));
  };
}

/** Returns a test whether a rule applies to a change at a place. Each domain is compared with its patterns once. */
export function placeMatcher({ match }: Pick<SafetyRule, 'match'>): (place: ChangePlace) => boolean {
  const { connectionIds, regions, domains } = match;
  const fits = once(fitsAny(domains));
  return (place) => {
    if (connectionIds.length > 0 && !connectionIds.includes(place.connectionId)) return false;
    if (
      regions.length > 0 &&
      place.regions.length > 0 &&
      !place.regions.some((each) => regions.includes(each))
    )
      return false;
    return domains.length === 0 || place.domains.some(fits);
  };
}

/**
 * Returns the place of a write. A write of DNS records belongs to the regions in which its plan writes elsewhere, or to
 * any if it writes nowhere else.
 */
export function locateWrite(
  step: WriteStep,
  plan: PlanOfWrite & { readonly regions: readonly string[] },
  estate: Estate | null,
): LocatedWrite {
  const region = getRegion(step.object);
  return {
    step,
    name: refName(step.object),
    connectionId: step.object.connectionId ?? plan.connectionId,
    regions: region === null ? plan.regions : [region],
    domains: listWriteDomains(step, plan, estate),
  };
}

/** Returns the regions of some writes, each once. */
export function listRegions(writes: readonly Pick<WriteStep, 'object'>[]): readonly string[] {
  return [...new Set(writes.flatMap(({ object }) => getRegion(object) ?? []))];
}

/** Creates a look-up that computes each value once. */
export function once<Value>(compute: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}
