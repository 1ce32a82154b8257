import type { DnsRecord } from '@/lib/estate/model';
import type { MapNode } from './map-model';
import { hostNodeId, type TopologyRoute } from './route';

/** The records that a host's node has room for. */
const recordsShown = 8;

type HostNodeRecords = Pick<MapNode & { kind: 'host' }, 'ttls' | 'records' | 'moreRecords'>;

/** The records of each drawn host, each once, and whether it points at something in this estate. */
export type HostRecords = ReadonlyMap<
  string,
  ReadonlyMap<number, { readonly record: DnsRecord; readonly leads: boolean }>
>;

/**
 * Collects the records of each drawn host.
 * @param routes all routes of the estate: a host shows its other answers even where a filter leaves them out
 */
export function collectRecords(routes: readonly TopologyRoute[], ids: ReadonlySet<string>): HostRecords {
  const records = new Map<string, Map<number, { record: DnsRecord; leads: boolean }>>();
  for (const { host, record, loadBalancer } of routes) {
    if (host === null || record === null || !ids.has(hostNodeId(host))) continue;
    const known = records.get(hostNodeId(host)) ?? new Map();
    records.set(hostNodeId(host), known.set(record.id, { record, leads: loadBalancer !== null }));
  }
  return records;
}

/** Returns the records that a host's node shows, and how many more it has. */
export function drawRecords(host: string, hosts: HostRecords): HostNodeRecords {
  const all = [...(hosts.get(host)?.values() ?? [])];
  return {
    ttls: [...new Set(all.map(({ record }) => record.ttlS))].sort((a, b) => a - b),
    records: all.slice(0, recordsShown).map(({ record, leads }) => ({
      id: record.id,
      type: record.type,
      value: record.value,
      isEnabled: record.enabled,
      leads,
    })),
    moreRecords: Math.max(0, all.length - recordsShown),
  };
}

/** Returns the record's place on its host's node: its id, or `more` if the node has no room for it. */
export function placeRecord(host: string, recordId: number, hosts: HostRecords): number | 'more' {
  const all = [...(hosts.get(host)?.keys() ?? [])];
  return all.indexOf(recordId) < recordsShown ? recordId : 'more';
}
