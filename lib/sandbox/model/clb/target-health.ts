import type { WorldHealthCheck } from '@/lib/sandbox/world/clb';
import type { WorldInstance } from '@/lib/sandbox/world/network';

/** The values of DescribeTargetHealth: healthy, unhealthy, not known yet, no check. */
export type TargetHealth = 'Alive' | 'Dead' | 'Unknown' | 'Close';

/**
 * Returns how long a server must respond until the check finds it healthy, in ms: check interval × healthy threshold,
 * as the page states for a new server (https://www.tencentcloud.com/document/product/214/6097). The same after a
 * failure.
 */
export function healthyAfterMs(check: WorldHealthCheck): number {
  return check.intervalS * check.healthyCount * 1000;
}

/**
 * Returns how long a server must not respond until the check finds it unhealthy, in ms: timeout × unhealthy threshold +
 * interval × (threshold − 1), 16 s by default (https://www.tencentcloud.com/document/product/214/6097).
 */
export function unhealthyAfterMs(check: WorldHealthCheck): number {
  return (check.timeoutS * check.unhealthyCount + check.intervalS * (check.unhealthyCount - 1)) * 1000;
}

/** The state of a server: responding or not, and since when, in epoch milliseconds. */
type Answering = { readonly yes: boolean; readonly since: number };

/** The bit of 2xx codes in a check's mask: the sandbox's servers respond to every request with 200. */
const code2xx = 2;

function answering(check: WorldHealthCheck, instance: WorldInstance | undefined, now: number): Answering {
  // Deleted since, or responding with a code that the check doesn't accept: treated as never having responded.
  if (!instance) return { yes: false, since: 0 };
  const readsCode = check.type === 'HTTP' || check.type === 'HTTPS';
  if (readsCode && (check.httpCodes & code2xx) === 0) return { yes: false, since: 0 };
  const { state, stateSince, downSince } = instance;
  const isDown = downSince !== null && downSince <= now;
  if (state === 'STOPPED')
    return { yes: false, since: isDown ? Math.min(stateSince, downSince) : stateSince };
  return isDown ? { yes: false, since: downSince } : { yes: true, since: stateSince };
}

/**
 * Returns the state that the load balancer's checker would report for a target now. Nothing is polled: the state is
 * computed from when the target was registered and since when its server responds or does not, so it costs nothing
 * until read and works with any clock. A server that was registered long ago and responds is Alive at once; a new one
 * is Unknown until it has been checked for {@link healthyAfterMs}. Weight plays no part: servers of weight 0 are
 * checked too.
 *
 * Only the last change of the server is known, so a stop shorter than {@link unhealthyAfterMs} counts as detected after
 * the next start. Passive checks (three failed requests) belong to the data plane.
 * @param check null = there is none
 * @param instance undefined = it has been deleted
 */
export function targetHealth(
  check: WorldHealthCheck | null,
  registeredAt: number,
  instance: WorldInstance | undefined,
  now: number,
): TargetHealth {
  if (!check?.on) return 'Close';
  const { yes, since } = answering(check, instance, now);
  const observedMs = now - Math.max(since, registeredAt);
  if (yes) {
    if (observedMs >= healthyAfterMs(check)) return 'Alive';
    // It started after it was registered, late enough for the check to have found it unhealthy before.
    return since - registeredAt >= unhealthyAfterMs(check) ? 'Dead' : 'Unknown';
  }
  if (observedMs >= unhealthyAfterMs(check)) return 'Dead';
  const cameUp = instance !== undefined && instance.state === 'RUNNING' ? instance.stateSince : 0;
  return since - Math.max(cameUp, registeredAt) >= healthyAfterMs(check) ? 'Alive' : 'Unknown';
}
