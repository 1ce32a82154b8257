import type { Probes } from './model/probe';
import { accountProbes } from './probes/account-probes';
import { bindingProbes } from './probes/binding-probes';
import { dnsProbes } from './probes/dns-probes';
import { functionProbes } from './probes/function-probes';
import { httpProbes } from './probes/http-probes';
import { loadBalancerProbes } from './probes/load-balancer-probes';

/**
 * One entry for each assumption of the sandbox, in the order in which they run; the type makes sure that none is
 * missing.
 */
export const probes: Probes = {
  ...accountProbes,
  ...loadBalancerProbes,
  ...httpProbes,
  ...bindingProbes,
  ...functionProbes,
  ...dnsProbes,
};
