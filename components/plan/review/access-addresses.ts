import type { ConnectionView } from '@/lib/contract/connection';
import { leadsTo } from '@/lib/estate/dns-target';
import { listAddressRecords } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { getProbeUrl, type HttpProbe } from '@/lib/estate/probe';
import type { Plan } from '@/lib/plan/model/model';

/** The address of a function by its name, once an Access has been applied. */
export type AccessAddress = { readonly url: string; readonly probe: HttpProbe };

/** Returns the addresses that an Access publishes, from its plan's final probes; empty for other kinds. */
export function accessAddresses({
  diversion,
  steps,
}: Pick<Plan, 'diversion' | 'steps'>): readonly AccessAddress[] {
  if (diversion.kind !== 'access') return [];
  const probes = steps.flatMap((step) =>
    step.kind === 'probe' && step.probe.kind === 'http' ? [step.probe] : [],
  );
  return [...new Map(probes.map((probe) => [getProbeUrl(probe), probe]))].map(([url, probe]) => ({
    url,
    probe,
  }));
}

/**
 * Returns the command that requests an address. Only the sandbox's own DNS knows its names, so there the command goes
 * to the load balancer that the name points at.
 * @returns null in a sandbox while the name has no destination
 */
export function curlLine(
  { url, probe }: AccessAddress,
  connection: Pick<ConnectionView, 'kind' | 'portOffset' | 'dial'>,
  estate: Pick<Estate, 'records' | 'loadBalancers'> | null,
): string | null {
  if (connection.kind === 'tencent') return `curl '${url}'`;
  const records =
    estate === null ? [] : listAddressRecords(estate, probe.host).filter(({ enabled }) => enabled);
  const lb = estate?.loadBalancers.find((each) => records.some((record) => leadsTo(record, each)));
  const vip = lb?.vips[0];
  if (vip === undefined) return null;
  const usual = probe.port < 1024 ? probe.port + connection.portOffset : probe.port;
  const dialled = connection.dial?.[`${vip}:${probe.port}`] ?? `${vip}:${usual}`;
  // The sandbox signs its certificates itself.
  const trust = probe.scheme === 'https' ? '--insecure ' : '';
  return `curl ${trust}--connect-to ${probe.host}:${probe.port}:${dialled} '${url}'`;
}
