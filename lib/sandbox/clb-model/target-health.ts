import type { WorldHealthCheck } from '../world/clb';
import type { WorldInstance } from '../world/network';

/** As DescribeTargetHealth says it: healthy, unhealthy, not known yet, no check. */
export type TargetHealth = 'Alive' | 'Dead' | 'Unknown' | 'Close';

/**
 * How long a server must answer until the check finds it healthy, in ms: check interval × healthy threshold, as the
 * page says of a new server (https://www.tencentcloud.com/document/product/214/6097). The same after a failure.
 */
export function healthyAfterMs(check: WorldHealthCheck): number {
  return check.intervalS * check.healthyCount * 1000;
}

/**
 * How long a server must not answer until the check finds it unhealthy, in ms: timeout × unhealthy threshold +
 * interval × (threshold − 1), 16 s by default (https://www.tencentcloud.com/document/product/214/6097).
 */
export function unhealthyAfterMs(check: WorldHealthCheck): number {
  return (check.timeoutS * check.unhealthyCount + check.intervalS * (check.unhealthyCount - 1)) * 1000;
}

/** Since when a server answers, or does not: epoch milliseconds. */
type Answering = { readonly yes: boolean; readonly since: number };

/** Bit of the 2xx codes in a check's mask: the servers of the sandbox answer each request with 200. */
const code2xx = 2;

function answering(check: WorldHealthCheck, instance: WorldInstance | undefined, now: number): Answering {
  // Deleted since, or answering with a code that the check doesn't take: it never did.
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
 * What the load balancer's checker would hold of a target now. Nothing is polled: the state follows from when the
 * target was registered and since when its server answers or does not, so it costs nothing while nobody asks, and
 * follows any clock. A server that was registered long ago and answers is Alive at once; a new one is Unknown until
 * it has been checked for {@link healthyAfterMs}. Weight plays no part: servers of weight 0 are checked too.
 *
 * Of the past only the last change of the server is known, so a stop shorter than {@link unhealthyAfterMs} counts
 * after the next start as one that was found. Passive checks (three failed requests) are the data plane's.
 * @param check null = there is none
 * @param instance undefined = it is gone
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
    // It came up later than it was registered, long enough for the check to have found it unhealthy before.
    return since - registeredAt >= unhealthyAfterMs(check) ? 'Dead' : 'Unknown';
  }
  if (observedMs >= unhealthyAfterMs(check)) return 'Dead';
  const cameUp = instance !== undefined && instance.state === 'RUNNING' ? instance.stateSince : 0;
  return since - Math.max(cameUp, registeredAt) >= healthyAfterMs(check) ? 'Alive' : 'Unknown';
}
