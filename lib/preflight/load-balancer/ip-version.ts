import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { suggestLoadBalancer } from '@/lib/preflight/model/suggest';

const { pass, block, unknown } = createFindings('ip-version', sources.binding);

/** Checks the IP version: IPv4 and IPv6 NAT64 instances can take functions, full-chain IPv6 ones can't. */
export const checkIpVersion: Check = (input) =>
  listFunctionRoutes(input).map((route): Finding => {
    const { id, name, addressFamily } = route.loadBalancer;
    const found = { field: routeFieldName(route, 'loadBalancerId'), objects: [id] } as const;
    if (addressFamily === 'ipv6-full-chain') {
      return block({ ...found, why: 'fullChain', values: { name }, fix: suggestLoadBalancer(input, route) });
    }
    if (addressFamily === 'unknown') {
      return unknown({ ...found, why: 'unknown', values: { name }, fix: suggestLoadBalancer(input, route) });
    }
    return pass({
      ...found,
      why: 'pass',
      values: { family: addressFamily === 'ipv4' ? 'IPv4' : 'IPv6 NAT64' },
    });
  });
