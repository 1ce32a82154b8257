import type { Diversion } from '@/lib/diversion/diversion';
import { listDomains } from '@/lib/diversion/routes';
import { getHostName, ruleAt } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef } from '@/lib/estate/object';
import { matchesAnyDomain, matchesDomain } from '@/lib/match-domain';
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

/** The place of a change: its account, the regions that it belongs to (none = any), and the domains that it concerns. */
export type ChangePlace = {
  readonly connectionId: string;
  readonly regions: readonly string[];
  readonly domains: readonly string[];
};

/** Returns whether a rule applies to a change at a place. */
export function matchesPlace({ match }: Pick<SafetyRule, 'match'>, place: ChangePlace): boolean {
  const { connectionIds, regions, domains } = match;
  if (connectionIds.length > 0 && !connectionIds.includes(place.connectionId)) return false;
  if (regions.length > 0 && place.regions.length > 0 && !place.regions.some((each) => regions.includes(each)))
    return false;
  return domains.length === 0 || place.domains.some((domain) => fitsAny(domains, domain));
}

/**
 * Returns the place of a write. A write of DNS records belongs to the regions in which its plan writes elsewhere, or to
 * any if it writes nowhere else.
 */
export function locateWrite(
  step: Pick<WriteStep, 'object'>,
  plan: PlanOfWrite & { readonly regions: readonly string[] },
  estate: Estate | null,
): ChangePlace {
  const region = getRegion(step.object);
  return {
    connectionId: step.object.connectionId ?? plan.connectionId,
    regions: region === null ? plan.regions : [region],
    domains: listWriteDomains(step, plan, estate),
  };
}

/** Returns whether a rule applies to a write: by its connection, region and domains. */
export function matchesWrite(
  rule: Pick<SafetyRule, 'match'>,
  step: Pick<WriteStep, 'object'>,
  plan: PlanOfWrite & { readonly regions: readonly string[] },
  estate: Estate | null,
): boolean {
  return matchesPlace(rule, locateWrite(step, plan, estate));
}

/** Returns whether a domain, which may be a wildcard of a rule, has names that fit a pattern. */
export function fitsAny(patterns: readonly string[], domain: string): boolean {
  return matchesAnyDomain(patterns, domain) || patterns.some((pattern) => matchesDomain(domain, pattern));
}

/** Returns the regions of some writes, each once. */
export function listRegions(writes: readonly Pick<WriteStep, 'object'>[]): readonly string[] {
  return [...new Set(writes.flatMap(({ object }) => getRegion(object) ?? []))];
}
