import { clbSharedQps, clbSpecQps, peakShareMost } from '@/lib/estate/facts/limits';
import type { LoadBalancer } from '@/lib/estate/model';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, Finding } from '@/lib/preflight/model/model';

const { pass, warn, block, unknown } = createFindings(
  'peak-load-balancer',
  'https://www.tencentcloud.com/document/product/214/41563',
);

function balancerFinding({ id, name, slaType }: LoadBalancer, peak: number): Finding {
  const isShared = slaType === '';
  const most = isShared ? clbSharedQps : clbSpecQps[slaType ?? ''];
  const values = { name, peak, spec: slaType ?? '', most: most ?? 0 };
  const found = { field: 'expectedPeakRps' as const, objects: [id], values };
  if (slaType === null) return unknown({ ...found, why: 'unread' });
  if (most === undefined) return unknown({ ...found, why: 'spec' });
  const percent = Math.round((peak / most) * 100);
  const of = { ...found, values: { ...values, percent } };
  // A shared one may accept more than it guarantees.
  if (peak > most) return isShared ? warn({ ...of, why: 'shared' }) : block({ ...of, why: 'beyond' });
  return peak > most * peakShareMost ? warn({ ...of, why: 'close' }) : pass({ ...of, why: 'pass' });
}

/**
 * Checks that each load balancer that traffic moves to accepts the expected peak of requests per second: anything
 * beyond its specification is dropped. The full peak is assumed to reach each of them.
 */
export const checkPeakLoadBalancer: Check = (input) => {
  const { expectedPeakRps: peak } = input.diversion;
  if (peak === null || !(peak > 0)) return [];
  const led = input.routes.filter((resolved) => isLedTo(input, resolved));
  const balancers = new Map(led.map(({ loadBalancer }) => [loadBalancer.id, loadBalancer]));
  return [...balancers.values()].map((loadBalancer) => balancerFinding(loadBalancer, peak));
};
