import type { DnsRecord } from '@/lib/estate/model';
import type { PlannedChange } from '@/lib/plan/model/change';
import type { SetChanges } from '@/lib/plan/model/set-changes';
import type { DnsMove } from './diff-dns';

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
