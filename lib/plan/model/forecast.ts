import { provisionedPerMinute } from '@/lib/estate/facts/limits';
import type { Probe } from '@/lib/estate/probe';
import type { PlannedChange } from './change';

/** The measured durations of writes on this connection, by action, in ms: the median of the last ones. */
export type Durations = Readonly<Record<string, number>>;

/** Default durations without measurements. All in ms. */
const clbTaskMs = 2000;
/** Load balancers take longer to create than the objects on them. */
const loadBalancerMs = 10_000;
const quickWriteMs = 500;
const probeMs = 300;

/** A changed rule takes effect at the load balancer some seconds after its task. Our own bound, not the cloud's. */
const httpProbeWithinMs = 20_000;
/** Added to the old TTL, for resolvers that cache answers a little longer. Our own bound. */
const dnsGraceMs = 30_000;
/** Instances may start at half the documented pace before the run is stopped. Our own bound. */
const readyGraceMs = 60_000;

/** Returns the time that instances take to become ready at the documented pace, in ms. */
function readyMs(instances: number): number {
  return (instances / provisionedPerMinute) * 60_000;
}

/**
 * Returns the time for which a probe may retry before it fails.
 * @param oldTtlS TTL of the answers that resolvers may still cache, in seconds
 */
export function probeWithinMs(probe: Probe, oldTtlS: number): number {
  switch (probe.kind) {
    case 'http':
      return httpProbeWithinMs;
    case 'dns':
      return oldTtlS * 1000 + dnsGraceMs;
    case 'ready':
      return Math.ceil(readyMs(probe.expect.instances) * 2) + readyGraceMs;
  }
}

/** Returns the forecast duration of a change, including its wait: as measured, otherwise as documented. */
export function forecastMs(change: PlannedChange, durations: Durations = {}): number {
  if (change.kind === 'probe')
    return change.probe.kind === 'ready' ? Math.ceil(readyMs(change.probe.expect.instances)) : probeMs;
  if (change.kind === 'bake') return Math.max(change.bakeS, change.oldTtlS) * 1000;
  return forecastOfCall(change.call, durations);
}

/** Returns the forecast duration of a write: as measured, otherwise as documented. In ms. */
export function forecastOfCall(
  { service, action }: { readonly service: string; readonly action: string },
  durations: Durations = {},
): number {
  const measured = durations[action];
  if (measured !== undefined) return Math.round(measured);
  if (action.endsWith('LoadBalancer')) return loadBalancerMs;
  return service === 'clb' ? clbTaskMs : quickWriteMs;
}
