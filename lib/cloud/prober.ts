import type { Prober } from '@/lib/estate/probe';
import type { CloudConnection } from './connection';
import { probeDns } from './dns-probe';
import { probeHttp } from './http-probe';
import { resolverOf } from './resolver';

/** Asks probes from where this process stands, with the resolver and the ports of one connection. */
export function createProber(
  connection: Pick<CloudConnection, 'dns' | 'portOffset' | 'addresses' | 'authority'>,
): Prober {
  return {
    probe: (probe) => {
      if (probe.kind === 'dns') return probeDns(probe, resolverOf(connection.dns));
      return probeHttp(probe, connection, resolverOf(probe.resolver ?? connection.dns));
    },
  };
}
