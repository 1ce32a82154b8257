import type { Probe } from '@/lib/estate/probe';
import type { Change } from './change';

/** Documented rates and usual durations; measured history will replace them. All in ms. */
const clbTaskMs = 2000;
const dnsWriteMs = 500;
const probeMs = 300;

/** A changed rule is in effect at the load balancer some seconds after its task. Our bound, not the cloud's. */
const httpProbeWithinMs = 20_000;
/** Beyond the old TTL, for resolvers that keep answers a little longer. Our bound. */
const dnsGraceMs = 30_000;

/**
 * How long a probe may go on asking before it has failed.
 * @param oldTtlS TTL of the answers that resolvers may still hold, in seconds.
 */
export function probeWithinMs(probe: Probe, oldTtlS: number): number {
  return probe.kind === 'http' ? httpProbeWithinMs : oldTtlS * 1000 + dnsGraceMs;
}

/** How long a change will take, its waiting included. */
export function forecastMs(change: Change): number {
  if (change.kind === 'probe') return probeMs;
  if (change.kind === 'bake') return Math.max(change.bakeS, change.oldTtlS) * 1000;
  return change.call.service === 'clb' ? clbTaskMs : dnsWriteMs;
}
