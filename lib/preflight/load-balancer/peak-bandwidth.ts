import { assumedResponseKb, bandwidthMaxMbps, peakShareMost } from '@/lib/estate/facts/limits';
import type { LoadBalancer } from '@/lib/estate/model';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding, Fix } from '@/lib/preflight/model/model';

const { pass, warn, unknown } = createFindings(
  'peak-bandwidth',
  'https://cloud.tencent.com/document/api/214/30694#InternetAccessible',
);

/** Returns the bandwidth for responses of the assumed size, in Mbps. @param rps requests per second */
function bandwidthNeededMbps(rps: number): number {
  return Math.ceil((rps * assumedResponseKb * 1024 * 8) / 1_000_000);
}

/** Returns the requests per second that a bandwidth carries, with responses of the assumed size. */
export function requestsFor(mbps: number): number {
  return Math.floor((mbps * 1_000_000) / (assumedResponseKb * 1024 * 8));
}

/**
 * Returns the bandwidth to set for a peak, in Mbps: with spare capacity, rounded up to a hundred, within the maximum.
 */
export function bandwidthFor(peak: number, slaType: string): number {
  const wanted = Math.ceil(bandwidthNeededMbps(peak) / peakShareMost / 100) * 100;
  return Math.min(wanted, slaType === '' ? bandwidthMaxMbps.shared : bandwidthMaxMbps.specified);
}

/**
 * Returns the fix that gives it the bandwidth; null where it already has its maximum. @param nth its index among the
 * created objects
 */
function bandwidthFix({ name, slaType, bandwidthMbps }: LoadBalancer, nth: number, peak: number): Fix | null {
  const mbps = bandwidthFor(peak, slaType ?? '');
  if (mbps <= (bandwidthMbps ?? 0)) return null;
  if (nth === -1) return { label: 'raiseBandwidth', values: { name, mbps }, patch: null };
  const field = `creates.loadBalancers.${nth}.bandwidthMbps` as const;
  return { label: 'setBandwidth', values: { name, mbps }, patch: { field, value: String(mbps) } };
}

function bandwidthFinding({ diversion }: CheckInput, balancer: LoadBalancer, peak: number): Finding {
  const { id, name, bandwidthMbps: most } = balancer;
  const nth = diversion.creates.loadBalancers.findIndex((made) => made.id === id);
  const needed = bandwidthNeededMbps(peak);
  const values = { name, peak, needed, most: most ?? 0, kb: assumedResponseKb };
  const field = nth === -1 ? ('expectedPeakRps' as const) : (`creates.loadBalancers.${nth}` as const);
  const found = { field, objects: [id], values };
  if (most === null) return unknown({ ...found, why: 'unread' });
  if (needed <= most * peakShareMost) return pass({ ...found, why: 'pass' });
  const fix = bandwidthFix(balancer, nth, peak);
  return needed <= most ? warn({ ...found, why: 'close', fix }) : warn({ ...found, why: 'beyond', fix });
}

/**
 * Compares the bandwidth of each load balancer that traffic moves to with the expected peak: excess traffic is dropped.
 * It never blocks, because the size of a response is assumed (`assumedResponseKb`). A load balancer without a limit of
 * its own has nothing to compare: `bandwidthMbps` 0, or a shared internal one that the plan creates.
 */
export const checkPeakBandwidth: Check = (input) => {
  const { expectedPeakRps: peak } = input.diversion;
  if (peak === null || !(peak > 0)) return [];
  const led = input.routes.filter((resolved) => isLedTo(input, resolved));
  const balancers = new Map(led.map(({ loadBalancer }) => [loadBalancer.id, loadBalancer]));
  return [...balancers.values()]
    .filter(({ network, slaType, bandwidthMbps }) =>
      network === 'OPEN' ? bandwidthMbps !== 0 : slaType !== '' && bandwidthMbps !== 0,
    )
    .map((loadBalancer) => bandwidthFinding(input, loadBalancer, peak));
};
