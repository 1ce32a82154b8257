import { type DnsTarget, getDnsTarget } from '@/lib/estate/dns-target';
import { recordTtlDefaultS } from '@/lib/estate/facts/limits';
import { getSubdomain, listAddressRecords } from '@/lib/estate/look-up';
import type { DnsRecord, DnsZone, Estate, LoadBalancer } from '@/lib/estate/model';
import type { RecordSetRef } from '@/lib/estate/object';
import { getOwner } from '@/lib/estate/owner';
import type { PlannedChange } from '@/lib/plan/model/change';
import { type DnsChange, findDnsChange } from '@/lib/plan/model/dns-change';
import type { OriginalTtl } from '@/lib/plan/model/model';
import { SetChanges } from '@/lib/plan/model/set-changes';
import { restoreOldTtl, waitForOldTtl } from './old-ttl';

/** DNSPod's default line, used when no record of the zone names it (id 0 overrides the name). */
const defaultLine = { id: '0', name: '默认' };

function getDefaultLine(estate: Estate, zone: DnsZone): string {
  return (
    estate.records.find((r) => r.zone === zone.name && r.lineId === defaultLine.id)?.line ?? defaultLine.name
  );
}

/** A name to point at a load balancer. */
export type DnsMove = {
  readonly hostName: string;
  readonly zone: DnsZone;
  /** The destination load balancer. */
  readonly loadBalancer: LoadBalancer;
  readonly key: string;
  /** Keys of the changes that must be complete before DNS may move. */
  readonly needs: readonly string[];
  /** TTL of the records that answer before and after the move, from prewarm on, in seconds; null = unchanged. */
  readonly lowerTtlS: number | null;
  /** The time for which clients keep a connection, in seconds. */
  readonly keepAliveS: number;
  /** The TTLs that an earlier run has lowered. */
  readonly originalTtls: readonly OriginalTtl[];
};

/**
 * Adds the writes of a DNS change. The line has an answer after each of them, and after each write of their rollback.
 */
function leadLine(changes: SetChanges, way: DnsChange, target: DnsTarget, lowerTtlS: number | null): void {
  switch (way.kind) {
    case 'there':
    case 'taken':
    case 'noAddress':
      return;
    case 'create':
      changes.create({
        ...target,
        ttlS: Math.min(recordTtlDefaultS, lowerTtlS ?? recordTtlDefaultS),
        weight: null,
        enabled: true,
      });
      return;
    case 'switch':
      // Its answers are cached for its TTL after a rollback.
      if (lowerTtlS !== null) changes.lowerTtlOf(way.to, lowerTtlS);
      if (!way.to.enabled) changes.status(way.to, true);
      for (const record of way.off) changes.status(record, false);
      return;
    case 'move':
      for (const record of way.offBefore) changes.status(record, false);
      changes.move(way.record, target);
      for (const record of way.offAfter) changes.status(record, false);
  }
}

/** Returns the lines of a name, with its records on each; only the default line if it has no records. */
export function listMovingLines(
  estate: Estate,
  hostName: string,
  zone: DnsZone,
): readonly { readonly set: RecordSetRef; readonly records: readonly DnsRecord[] }[] {
  const records = listAddressRecords(estate, hostName).filter((r) => r.zone === zone.name);
  const lines = new Map(records.map((r) => [r.lineId, r.line]));
  if (lines.size === 0) lines.set(defaultLine.id, getDefaultLine(estate, zone));
  const subdomain = getSubdomain(hostName, zone.name);
  return [...lines].map(([lineId, line]) => ({
    set: { kind: 'recordSet', ...getOwner(zone), zone: zone.name, subdomain, lineId, line },
    records: records.filter((r) => r.lineId === lineId),
  }));
}

/**
 * Returns the DNS writes that point a host name at a load balancer, on every line of the name. Returns none at all if
 * one line can't be pointed there (`taken`): the preflight reports it, and a name is never moved partially.
 */
export function diffDns(estate: Estate, move: DnsMove): PlannedChange[] {
  const { hostName, zone, loadBalancer, key, needs, lowerTtlS, originalTtls } = move;
  const target = getDnsTarget(loadBalancer);
  const ways = listMovingLines(estate, hostName, zone).map(({ set, records }) => ({
    records,
    way: findDnsChange(records, loadBalancer),
    changes: new SetChanges(set, { records, key, needs, originalTtls }),
  }));
  if (target === undefined || ways.some(({ way }) => way.kind === 'taken')) return [];
  const moving = ways.filter(({ way }) => way.kind !== 'there');
  const wait = waitForOldTtl(moving, move);
  for (const { changes, way } of moving) leadLine(changes, way, target, lowerTtlS);
  // A line that an earlier run has moved may still have the TTL that this run lowered.
  const lines = ways.filter(({ way, changes }) => way.kind !== 'there' || changes.hasLowered);
  const drain = restoreOldTtl(lines, move);
  return [...lines.flatMap(({ changes }) => changes.changes), ...wait, ...drain];
}
