import { recordTtlDefaultS } from '@/lib/estate/limits';
import { addressRecordsOf, dnsTargetOf, recordSetStateOf, subdomainOf } from '@/lib/estate/look-up';
import type { DnsZone, Estate, LoadBalancer } from '@/lib/estate/model';
import type { RecordSetRef } from '@/lib/estate/object';
import type { Change } from './change';
import { type DnsWay, dnsWay } from './dns-way';
import { SetChanges } from './set-changes';

/** What DNSPod calls its default line when no record of the zone names it (id 0 overrides the name). */
export const defaultLine = { id: '0', name: '默认' };

export function defaultLineOf(estate: Estate, zone: DnsZone): string {
  return (
    estate.records.find((r) => r.zone === zone.name && r.lineId === defaultLine.id)?.line ?? defaultLine.name
  );
}

/** The writes of a way: at every point of them, and of their way back, the line goes on answering. */
function leadLine(
  changes: SetChanges,
  way: DnsWay,
  target: NonNullable<ReturnType<typeof dnsTargetOf>>,
): void {
  switch (way.kind) {
    case 'there':
    case 'taken':
    case 'noAddress':
      return;
    case 'create':
      changes.create({ ...target, ttlS: recordTtlDefaultS, weight: null, enabled: true });
      return;
    case 'switch':
      if (!way.to.enabled) changes.status(way.to, true);
      for (const record of way.off) changes.status(record, false);
      return;
    case 'move':
      for (const record of way.offBefore) changes.status(record, false);
      changes.move(way.record, target);
      for (const record of way.offAfter) changes.status(record, false);
  }
}

/**
 * The DNS writes that lead a host name to a load balancer, on every line that the name has. None at all if one line can't be
 * led there (`taken`): the preflight says so, and half a name is not moved.
 * @param needs keys of the changes that must be done before DNS may move.
 */
export function diffDns(
  estate: Estate,
  input: {
    hostName: string;
    zone: DnsZone;
    loadBalancer: LoadBalancer;
    key: string;
    needs: readonly string[];
  },
): Change[] {
  const { hostName, zone, loadBalancer, key, needs } = input;
  const records = addressRecordsOf(estate, hostName).filter((r) => r.zone === zone.name);
  const lines = new Map(records.map((r) => [r.lineId, r.line]));
  if (lines.size === 0) lines.set(defaultLine.id, defaultLineOf(estate, zone));
  const target = dnsTargetOf(loadBalancer);
  const ways = [...lines].map(([lineId, line]) => {
    const way = dnsWay(
      records.filter((r) => r.lineId === lineId),
      loadBalancer,
    );
    return { lineId, line, way };
  });
  if (target === undefined || ways.some(({ way }) => way.kind === 'taken')) return [];
  return ways.flatMap(({ lineId, line, way }) => {
    const set: RecordSetRef = {
      kind: 'recordSet',
      zone: zone.name,
      subdomain: subdomainOf(hostName, zone.name),
      lineId,
      line,
    };
    const changes = new SetChanges(set, recordSetStateOf(estate, set), key, needs);
    leadLine(changes, way, target);
    return changes.changes;
  });
}
