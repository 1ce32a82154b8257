import type { CloudConnection } from '@/lib/cloud/connection';
import type { Cloud } from '@/lib/cloud/port';
import type { Prober } from '@/lib/estate/probe';
import { storable } from '@/lib/input/outside-text';
import type { AddressOwners } from './destination';
import { probeDns } from './dns-probe';
import { type PortRules, probeHttp } from './http-probe';
import { probeReady } from './ready-probe';

/**
 * Creates a prober that sends probes from this process, with the resolver and the ports of one connection.
 * @param cloud reports whether instances are ready; a prober without it can't check that
 * @param ownerOf returns the load balancer that has an address: probes connect to no other one. By default the
 * account's own
 * @param rulesAt returns the rules that decide whose site answers at a port of that load balancer
 */
export function createProber(
  connection: Pick<
    CloudConnection,
    'dns' | 'resolvers' | 'vipNetwork' | 'portOffset' | 'addresses' | 'authority'
  >,
  cloud: Pick<Cloud, 'readyInstances' | 'addressOwner' | 'portRules'>,
  ownerOf: AddressOwners = (address) => cloud.addressOwner(address),
  rulesAt: PortRules = (owner, port, isFresh) => cloud.portRules(owner, port, isFresh),
): Prober {
  const ask: Prober['probe'] = (probe) => {
    if (probe.kind === 'dns') return probeDns(probe, connection);
    if (probe.kind === 'ready') return probeReady(probe, cloud);
    return probeHttp(probe, connection, ownerOf, rulesAt);
  };
  // A server may respond with any bytes, and the journal stores its response.
  return { probe: async (probe) => storable(await ask(probe)) };
}
