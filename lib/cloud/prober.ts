import type { Prober } from '@/lib/estate/probe';
import type { CloudConnection } from './connection';
import { probeDns } from './dns-probe';
import { probeHttp } from './http-probe';
import type { Cloud } from './port';
import { probeReady } from './ready-probe';

/**
 * Asks probes from where this process stands, with the resolver and the ports of one connection.
 * @param cloud what knows whether instances are ready; a prober without it can't ask that.
 */
export function createProber(
  connection: Pick<CloudConnection, 'dns' | 'portOffset' | 'addresses' | 'authority'>,
  cloud: Pick<Cloud, 'readyInstances'> | null = null,
): Prober {
  return {
    probe: (probe) => {
      if (probe.kind === 'dns') return probeDns(probe, connection.dns);
      if (probe.kind === 'ready') return probeReady(probe, cloud);
      return probeHttp(probe, connection);
    },
  };
}
