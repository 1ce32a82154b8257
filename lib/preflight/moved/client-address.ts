import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';
import { describeMoved, listMovedRules } from './moved-rules';

const { pass, warn } = createFindings('client-address', sources.customConfig);

/**
 * States where a function finds the client's address: in headers only. A load balancer of the family NAT64 does not
 * pass it, so a name that moves to one loses it.
 */
export const checkClientAddress: Check = (input) => {
  const moved = listMovedRules(input);
  const lost = moved.filter(
    ({ loadBalancer, to }) =>
      loadBalancer.addressFamily !== 'ipv6-nat64' && to.loadBalancer.addressFamily === 'ipv6-nat64',
  );
  if (moved.length === 0) return [];
  return [
    lost.length === 0
      ? pass({ ...describeMoved(moved), why: 'pass' })
      : warn({ ...describeMoved(lost), why: 'lost' }),
  ];
};
