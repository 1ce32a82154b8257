import { getHostName } from './look-up';
import type { Estate, FunctionTrigger, ScfFunction } from './model';

/** A place in an estate: its account, and where it has them its region and its domain. */
export type EstatePlace = {
  readonly connectionId: string;
  readonly region?: string;
  readonly domain?: string;
};

/** Returns the domains in a text, also wildcards. */
const listDomains = (text: string) =>
  (text.match(/[\p{L}\p{N}_*.-]+/gu) ?? [])
    .map((word) => word.split('.').filter(Boolean))
    .filter((labels) => labels.length > 1 && /^\p{L}[\p{L}\p{N}-]+$/u.test(labels.at(-1) ?? ''))
    .map((labels) => labels.join('.'));

/**
 * Returns a function's triggers without the texts that name domains which someone may not see. The setting of a load
 * balancer's trigger always names one: if none is found in it, such as a regular expression, it is left out, too.
 */
function limitTriggers(
  triggers: ScfFunction['triggers'],
  maySeeDomain: (domain: string) => boolean,
): ScfFunction['triggers'] {
  // No pattern covers it: someone who may see it is not limited by domain.
  if (triggers === null || maySeeDomain('~')) return triggers;
  const limit = (text: string, kind?: string) => {
    const domains = listDomains(text);
    if (domains.length === 0 && kind === 'clb') return '';
    return domains.every((domain) => maySeeDomain(domain.toLowerCase())) ? text : '';
  };
  return triggers.map(
    (trigger): FunctionTrigger => ({
      ...trigger,
      setting: limit(trigger.setting, trigger.kind),
      description: limit(trigger.description),
    }),
  );
}

/**
 * Returns an estate without what someone may not see. Load balancers, functions, servers and networks are limited by region;
 * rules, records and certificates by their domains as well. A rule or certificate with several domains keeps those that may be
 * seen. What is not of one place, such as gaps, stays.
 */
export function limitEstate(estate: Estate, maySee: (place: EstatePlace) => boolean): Estate {
  const own = estate.connectionId;
  const at = (object: { readonly connectionId?: string | undefined }) => object.connectionId ?? own;
  const inRegion = <T extends { readonly region: string; readonly connectionId?: string }>(
    all: readonly T[],
  ) => all.filter((each) => maySee({ connectionId: at(each), region: each.region }));

  const loadBalancers = inRegion(estate.loadBalancers);
  const balancers = new Map(loadBalancers.map((each) => [each.id, each]));
  const rules = estate.rules.flatMap((rule) => {
    const balancer = balancers.get(rule.loadBalancerId);
    if (balancer === undefined) return [];
    const { region } = balancer;
    const domains = rule.domains.filter((domain) => maySee({ connectionId: at(balancer), region, domain }));
    const [domain] = domains;
    if (domain === undefined) return [];
    return domains.length === rule.domains.length ? [rule] : [{ ...rule, domain, domains }];
  });
  const zoneOwners = new Map(estate.zones.map((zone) => [zone.name, at(zone)]));
  const records = estate.records.filter((record) =>
    maySee({ connectionId: zoneOwners.get(record.zone) ?? own, domain: getHostName(record) }),
  );
  const zonesOfRecords = new Set(records.map(({ zone }) => zone));
  return {
    ...estate,
    regions: estate.regions.filter((region) => maySee({ connectionId: own, region })),
    zones: estate.zones.filter(
      (zone) => zonesOfRecords.has(zone.name) || maySee({ connectionId: at(zone), domain: zone.name }),
    ),
    records,
    loadBalancers,
    listeners: estate.listeners.filter(({ loadBalancerId }) => balancers.has(loadBalancerId)),
    rules,
    functions: inRegion(estate.functions).map((fn) => ({
      ...fn,
      triggers: limitTriggers(fn.triggers, (domain) =>
        maySee({ connectionId: at(fn), region: fn.region, domain }),
      ),
    })),
    instances: inRegion(estate.instances),
    clbQuotas: inRegion(estate.clbQuotas),
    scfAccounts: inRegion(estate.scfAccounts),
    scfNamespaces: inRegion(estate.scfNamespaces),
    vpcs: inRegion(estate.vpcs),
    subnets: inRegion(estate.subnets),
    availabilityZones: inRegion(estate.availabilityZones),
    securityGroups: inRegion(estate.securityGroups),
    certificates: estate.certificates.flatMap((certificate) => {
      const domains = certificate.domains.filter((domain) => maySee({ connectionId: own, domain }));
      return domains.length === 0 ? [] : [{ ...certificate, domains }];
    }),
    customConfigs: inRegion(estate.customConfigs).map((config) => ({
      ...config,
      bindings: config.bindings.filter(
        ({ domain }) => domain === null || maySee({ connectionId: own, region: config.region, domain }),
      ),
    })),
    igtm: estate.igtm.filter((each) =>
      [each.domain, each.accessName].some(
        (domain) => domain !== null && maySee({ connectionId: at(each), domain }),
      ),
    ),
    ...(estate.otherAccounts && {
      otherAccounts: estate.otherAccounts.filter(({ connectionId }) => maySee({ connectionId })),
    }),
  };
}
