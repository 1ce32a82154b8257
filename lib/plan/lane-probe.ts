import type { HttpProbe } from '@/lib/estate/probe';
import type { ResolvedLane } from './resolve-lane';

/** A path that the rule's URL surely matches; a regular expression names none, so its requests go to the root. */
function pathOf(url: string): string {
  const plain = url.replace(/^(=|\^~)\s*/, '');
  return plain.startsWith('/') ? plain : '/';
}

/** The request that a lane's new route must answer; undefined where its load balancer has no address. */
export function laneProbe(lane: ResolvedLane, bodyContains: string | null): HttpProbe | undefined {
  const address = lane.loadBalancer.domain ?? lane.loadBalancer.vips[0];
  if (address === undefined) return undefined;
  return {
    kind: 'http',
    host: lane.hostName,
    path: pathOf(lane.ref.url),
    scheme: lane.listener.protocol === 'HTTPS' ? 'https' : 'http',
    address,
    port: lane.listener.port,
    expect: { status: 200, bodyContains },
  };
}
