import type { CustomConfig } from '@/lib/estate/account-model';
import { isPartlyUnread } from '@/lib/estate/gaps';
import { findAccount } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';

/** The effects of custom configurations on the requests of a route. */
export type RouteConfig = Pick<
  CustomConfig,
  'addsMethodHeader' | 'addsUriHeader' | 'readTimeoutS' | 'bodyMaxMb' | 'tlsVersions' | 'directives'
>;

type Place = Pick<ResolvedRoute, 'loadBalancer' | 'listener' | 'rule' | 'hostName'>;

/** From the widest to the narrowest, which wins. */
const scopes = ['CLB', 'SERVER', 'LOCATION'] as const;

function holdsFor(config: CustomConfig, { loadBalancer, listener, rule, hostName }: Place): boolean {
  const domains: readonly string[] = rule?.domains ?? [hostName];
  return config.bindings.some((bound) => {
    if (bound.loadBalancerId !== loadBalancer.id) return false;
    if (config.scope === 'CLB') return true;
    if (bound.listenerId !== listener.id) return false;
    if (config.scope === 'LOCATION') return rule !== undefined && bound.ruleId === rule.id;
    return bound.domain !== null && domains.includes(bound.domain);
  });
}

/**
 * Returns the layer-7 custom configuration that applies to a route: the narrower one overrides the wider one and
 * replaces its headers, as in nginx. https://www.tencentcloud.com/document/product/214/32427
 * @returns null where the configurations could not be read. An estate with none of them and no quotas of the region is
 * a snapshot from before both were read.
 */
export function configOfRoute(estate: Estate, place: Place): RouteConfig | null {
  const { region } = place.loadBalancer;
  const { clbQuotas } = findAccount(estate, place.loadBalancer);
  const isOld = estate.customConfigs.length === 0 && !clbQuotas.some((quota) => quota.region === region);
  if (isOld || isPartlyUnread(estate, `clb-config/${region}`)) return null;
  const own = estate.customConfigs
    .filter((config) => holdsFor(config, place))
    .toSorted((a, b) => scopes.indexOf(a.scope) - scopes.indexOf(b.scope));
  const withHeaders = own.findLast((config) => config.addsMethodHeader || config.addsUriHeader);
  return {
    addsMethodHeader: withHeaders?.addsMethodHeader ?? false,
    addsUriHeader: withHeaders?.addsUriHeader ?? false,
    readTimeoutS: own.findLast(({ readTimeoutS }) => readTimeoutS !== null)?.readTimeoutS ?? null,
    bodyMaxMb: own.findLast(({ bodyMaxMb }) => bodyMaxMb !== null)?.bodyMaxMb ?? null,
    tlsVersions: own.findLast(({ tlsVersions }) => tlsVersions !== null)?.tlsVersions ?? null,
    directives: [...new Set(own.flatMap(({ directives }) => directives))],
  };
}
