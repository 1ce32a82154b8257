import type { Prober } from '@/lib/estate/probe';
import type { CloudConnection } from './connection';
import type { AddressOwners } from './destination';
import { probeDns } from './dns-probe';
import { probeHttp } from './http-probe';
import type { Cloud } from './port';
import { probeReady } from './ready-probe';

/**
 * Asks probes from where this process stands, with the resolver and the ports of one connection.
 * @param cloud what knows whether instances are ready; a prober without it can't ask that
 * @param ownerOf whose load balancer an address is: probes connect to no other one. By default the account's own
 */
export function createProber(
  connection: Pick<
    CloudConnection,
    'dns' | 'resolvers' | 'vipNetwork' | 'portOffset' | 'addresses' | 'authority'
  >,
  cloud: Pick<Cloud, 'readyInstances' | 'addressOwner'>,
  ownerOf: AddressOwners = (address) => cloud.addressOwner(address),
): Prober {
  return {
    probe: (probe) => {
      if (probe.kind === 'dns') return probeDns(probe, connection);
      if (probe.kind === 'ready') return probeReady(probe, cloud);
      return probeHttp(probe, connection, ownerOf);
    },
  };
}
