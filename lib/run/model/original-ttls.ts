import { getRecordSetState } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { RecordSetState } from '@/lib/estate/object';
import { objectKey, recordKey } from '@/lib/estate/object-state';
import type { OriginalTtl } from '@/lib/plan/model/model';
import { foldRun, type RunRecord } from './fold-run';
import { doneEvent } from './history';
import { undoList } from './run-effects';

/**
 * Returns the record sets whose TTL is still lowered in a snapshot by runs of a diversion, with their original TTL: a
 * plan created now would take the lowered TTL for the original.
 * @param runs the runs of the diversion, oldest first
 */
export function listOriginalTtls(
  runs: readonly RunRecord[],
  estate: Pick<Estate, 'records'>,
  now: Date,
): readonly OriginalTtl[] {
  const found = new Map<string, OriginalTtl>();
  for (const run of runs) {
    for (const { step } of undoList(foldRun(run)).toReversed()) {
      if (step.kind !== 'write' || step.object.kind !== 'recordSet') continue;
      const { object: set, before, after } = step;
      if (before.kind !== 'recordSet' || after.kind !== 'recordSet') continue;
      const change = findTtlChange(before, after);
      if (change === null) continue;
      const key = objectKey(set);
      const earlier = found.get(key);
      // The first of several runs that lowered it has the original.
      const ttlS = earlier?.loweredS === change.from ? earlier.ttlS : change.from;
      const at = doneEvent(run.events, 'apply', step.id)?.at ?? now.toISOString();
      const leftS = Math.ceil((Date.parse(at) + change.from * 1000 - now.getTime()) / 1000);
      const cachedS = Math.max(0, earlier?.cachedS ?? 0, leftS);
      if (change.to < ttlS) found.set(key, { set, loweredS: change.to, ttlS, cachedS });
      else found.delete(key);
    }
  }
  return [...found.values()].filter(({ set, loweredS }) =>
    getRecordSetState(estate, set).records.some(({ enabled, ttlS }) => enabled && ttlS === loweredS),
  );
}

/** Returns the TTL that a write changes, in seconds; null = it changes none. */
function findTtlChange(
  before: RecordSetState,
  after: RecordSetState,
): { readonly from: number; readonly to: number } | null {
  for (const record of after.records) {
    const old = before.records.find((each) => recordKey(each) === recordKey(record));
    if (old !== undefined && old.ttlS !== record.ttlS) return { from: old.ttlS, to: record.ttlS };
  }
  return null;
}
