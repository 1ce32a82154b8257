import type { Creates, InternetAccess } from './creates';

/**
 * The billing of a load balancer's traffic: by traffic, where the bandwidth is a cap that costs nothing, or by
 * bandwidth, which accounts of the international site can't have.
 * https://cloud.tencent.com/document/api/214/30694#InternetAccessible
 */
export const internetChargeTypes = ['TRAFFIC_POSTPAID_BY_HOUR', 'BANDWIDTH_POSTPAID_BY_HOUR'] as const;

/**
 * The default proposed for a public load balancer. When billed by traffic, the cap itself costs nothing. Our own
 * choice; no source.
 */
export const internetAccessDefault: InternetAccess = {
  chargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
  bandwidthMbps: 200,
};

/**
 * Returns whether a load balancer has a bandwidth to set: public ones do, and internal ones with a specification. Same
 * page.
 */
export function hasBandwidth(made: {
  readonly network: 'OPEN' | 'INTERNAL';
  readonly slaType: string;
}): boolean {
  return made.network === 'OPEN' || made.slaType !== '';
}

export const noCreates: Creates = { loadBalancers: [], listeners: [] };

/** Returns whether an id names an object that the plan creates and that does not exist yet. */
export function isPlaceholder(id: string): boolean {
  return id.startsWith('@');
}
