import type { IngressRule, SecurityGroup } from './network-model';

/**
 * The clients that a group allows: all, some addresses, or none; unknown = a template or another group decides.
 */
export type Ingress = 'open' | 'partly' | 'closed' | 'unknown';

const everyone = '0.0.0.0/0';

/** Returns whether a rule applies to a TCP port; null = its template decides. */
function isAbout({ protocol, ports }: IngressRule, port: number): boolean | null {
  if (protocol === null) return null;
  if (protocol !== 'ALL' && protocol !== 'TCP') return false;
  return ports.split(',').some((part) => {
    const text = part.trim();
    if (text.toUpperCase() === 'ALL') return true;
    const [from = Number.NaN, to = from] = text.split('-').map(Number);
    return port >= from && port <= to;
  });
}

/**
 * Returns who may reach a TCP port by IPv4 through the security groups of one load balancer or server, in the order in
 * which they are bound. Rules are evaluated from the top, the first match applies, and traffic without a match is
 * refused: https://www.tencentcloud.com/document/product/213/12452. A source that is not everyone counts as some
 * addresses, so the result may be `partly` even if overlapping rules cover all or no addresses.
 */
export function judgeIngress(groups: readonly SecurityGroup[], port: number): Ingress {
  let acceptsSome = false;
  let refusesSome = false;
  let mayAccept = false;
  let mayRefuse = false;
  for (const rule of groups.flatMap(({ ingress }) => ingress)) {
    const about = isAbout(rule, port);
    // IPv6 blocks are about no IPv4 client.
    if (about === false || rule.source?.includes(':')) continue;
    const accepts = rule.action === 'ACCEPT';
    if (about === null || rule.source === null) {
      if (accepts) mayAccept = true;
      else mayRefuse = true;
    } else if (rule.source !== everyone) {
      if (accepts) acceptsSome = true;
      else refusesSome = true;
    } else if (accepts) {
      return mayRefuse ? 'unknown' : refusesSome ? 'partly' : 'open';
    } else break;
  }
  return mayAccept ? 'unknown' : acceptsSome ? 'partly' : 'closed';
}
