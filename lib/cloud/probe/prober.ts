import type { CloudConnection } from '@/lib/cloud/connection';
import { CloudError } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import { isTransient } from '@/lib/cloud/transient';
import type { ProbeAnswer, Prober, ReadyProbe } from '@/lib/estate/probe';
import { storable } from '@/lib/input/outside-text';
import type { AddressOwners } from './destination';
import { probeDns } from './dns-probe';
import { probeHttp } from './http-probe';

/**
 * Creates a prober that sends probes from this process, with the resolver and the ports of one connection.
 * @param cloud reports whether instances are ready; a prober without it can't check that
 * @param ownerOf returns the load balancer that has an address: probes connect to no other one. By default the
 * account's own
 */
export function createProber(
  connection: Pick<
    CloudConnection,
    'dns' | 'resolvers' | 'vipNetwork' | 'portOffset' | 'addresses' | 'authority'
  >,
  cloud: Pick<Cloud, 'readyInstances' | 'addressOwner'>,
  ownerOf: AddressOwners = (address) => cloud.addressOwner(address),
): Prober {
  const ask: Prober['probe'] = (probe) => {
    if (probe.kind === 'dns') return probeDns(probe, connection);
    if (probe.kind === 'ready') return probeReady(probe, cloud);
    return probeHttp(probe, connection, ownerOf);
  };
  // A server may respond with any bytes, and the journal stores its response.
  return { probe: async (probe) => storable(await ask(probe)) };
}

/** Asks the cloud how many instances of a version are ready; a refusal is a result, too. */
async function probeReady(
  { expect, kind: _kind, ...of }: ReadyProbe,
  cloud: Pick<Cloud, 'readyInstances'>,
): Promise<ProbeAnswer> {
  const startedAt = performance.now();
  const answer = (status: string | null, body: string, failure: string | null): ProbeAnswer => {
    const latencyMs = Math.round(performance.now() - startedAt);
    const address = `${of.region}/${of.namespace}/${of.name}:${of.qualifier}`;
    return { passed: failure === null, latencyMs, status, address, body, failure };
  };
  try {
    const ready = await cloud.readyInstances(of);
    const told = `${ready} of ${expect.instances} instances are ready`;
    return ready >= expect.instances ? answer('ready', told, null) : answer('starting', told, told);
  } catch (cause) {
    if (!(cause instanceof CloudError)) throw cause;
    const silence = isTransient(cause.data) ? ({ unanswered: true } as const) : {};
    return { ...answer(null, '', `${cause.data.code}: ${cause.data.message}`), ...silence };
  }
}
