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

/** One line of a name that is about to move: its records, and the writes so far. */
export type MovingLine = { readonly records: readonly DnsRecord[]; readonly changes: SetChanges };

/** Returns the largest TTL of the answers on some lines, in seconds: the maximum cache time of an answer. */
export function getOldTtl(lines: readonly Pick<MovingLine, 'records'>[]): number {
  return Math.max(0, ...lines.flatMap(({ records }) => records.filter((r) => r.enabled).map((r) => r.ttlS)));
}

/**
 * Lowers the TTL of the answering records, and waits until answers with the old one have expired; the move depends on
 * the wait. A client that asked just before the TTL was lowered keeps the old answer for the full old TTL
 * (https://www.rfc-editor.org/rfc/rfc1035#section-3.2.1). The wait includes answers from before an earlier run lowered
 * it.
 * @returns the wait; none if nothing is lowered, now or before
 */
export function waitForOldTtl(
  lines: readonly MovingLine[],
  { key, hostName, lowerTtlS }: Pick<DnsMove, 'key' | 'hostName' | 'lowerTtlS'>,
): readonly PlannedChange[] {
  const lowered = lowerTtlS === null ? [] : lines.flatMap(({ changes }) => changes.lowerTtl(lowerTtlS));
  const cachedS = Math.max(0, ...lines.map(({ changes }) => changes.cachedS));
  if (lowered.length === 0 && cachedS === 0) return [];
  const wait: PlannedChange = {
    kind: 'bake',
    key: `${key}.oldTtl`,
    phase: 'prewarm',
    name: hostName,
    percent: null,
    needs: lowered,
    bakeS: 0,
    oldTtlS: Math.max(cachedS, lowered.length === 0 ? 0 : getOldTtl(lines)),
  };
  for (const { changes } of lines) changes.need([wait.key]);
  return [wait];
}

/**
 * Restores the TTLs that were lowered for a permanent move, but only once old answers and kept connections have
 * expired: until then a rollback benefits from the low TTL, and clients follow it fast. TTLs that an earlier run has
 * lowered for a name that doesn't move now are restored without a wait.
 * @returns the wait; the writes are among the changes of the lines. None if nothing is lowered, or nothing moves.
 */
export function restoreOldTtl(
  lines: readonly MovingLine[],
  { key, hostName, lowerTtlS, keepAliveS }: Pick<DnsMove, 'key' | 'hostName' | 'lowerTtlS' | 'keepAliveS'>,
): readonly PlannedChange[] {
  const lowered = lines.filter(({ changes }) => changes.hasLowered);
  if (lowered.length === 0) return [];
  const ttlS = getOldTtl(lines);
  const oldTtlS = Math.min(ttlS, lowerTtlS ?? ttlS);
  const moves = lines.flatMap(({ changes }) =>
    changes.changes.flatMap((change) => (change.phase === 'divert' ? [change.key] : [])),
  );
  if (moves.length === 0) {
    for (const { changes } of lowered) changes.restoreTtl([]);
    return [];
  }
  const wait: PlannedChange = {
    kind: 'bake',
    key: `${key}.newTtl`,
    phase: 'drain',
    name: hostName,
    percent: null,
    needs: moves,
    bakeS: oldTtlS + keepAliveS,
    oldTtlS,
  };
  for (const { changes } of lowered) changes.restoreTtl([wait.key]);
  return [wait];
}

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
