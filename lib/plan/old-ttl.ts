import type { DnsRecord } from '@/lib/estate/model';
import type { Change } from './change';
import type { SetChanges } from './set-changes';

/** One line of a name that is about to move: the records that it has, and the writes so far. */
export type MovingLine = { readonly records: readonly DnsRecord[]; readonly changes: SetChanges };

/** The largest TTL of what answers on some lines, in seconds: so long may resolvers hold an answer. */
export function oldTtlOf(lines: readonly Pick<MovingLine, 'records'>[]): number {
  return Math.max(0, ...lines.flatMap(({ records }) => records.filter((r) => r.enabled).map((r) => r.ttlS)));
}

/**
 * Lowers the TTL of what answers, and waits until answers with the old one have expired; what moves needs the wait. Who
 * asked a moment before the TTL was lowered keeps the old answer for all of the old TTL
 * (https://www.rfc-editor.org/rfc/rfc1035#section-3.2.1).
 * @returns the wait; none where nothing is lowered
 */
export function waitForOldTtl(
  lines: readonly MovingLine[],
  lowerTtlS: number | null,
  key: string,
): readonly Change[] {
  if (lowerTtlS === null) return [];
  const lowered = lines.flatMap(({ changes }) => changes.lowerTtl(lowerTtlS));
  if (lowered.length === 0) return [];
  const wait: Change = {
    kind: 'bake',
    key: `${key}.oldTtl`,
    phase: 'prewarm',
    needs: lowered,
    bakeS: 0,
    oldTtlS: oldTtlOf(lines),
  };
  for (const { changes } of lines) changes.need([wait.key]);
  return [wait];
}
