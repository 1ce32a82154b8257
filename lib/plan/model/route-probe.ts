import { getAddress } from '@/lib/estate/dns-target';
import type { HttpProbe } from '@/lib/estate/probe';
import type { ResolvedRoute } from './resolve-route';

/** Returns a path that the rule's URL certainly matches; the root for a regular expression. */
export function getProbePath(url: string): string {
  const plain = url.replace(/^(=|\^~)\s*/, '');
  return plain.startsWith('/') ? plain : '/';
}

/** Returns the request that a route must answer; undefined if its load balancer has no address. */
export function routeProbe(resolved: ResolvedRoute): HttpProbe | undefined {
  const { route, loadBalancer, listener, hostName, ref } = resolved;
  const address = getAddress(loadBalancer);
  if (address === undefined) return undefined;
  return {
    kind: 'http',
    host: hostName,
    path: getProbePath(ref.url),
    scheme: listener.protocol === 'HTTPS' ? 'https' : 'http',
    address,
    port: listener.port,
    expect: { status: 200, bodyContains: route.to === 'function' ? route.expectedBody : null },
  };
}
