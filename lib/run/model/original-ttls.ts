import type { RecordSetRef, RecordSetState, RecordState } from '@/lib/estate/object';
import { ownedKey, recordKey } from '@/lib/estate/object-state';
import type { OriginalTtl } from '@/lib/plan/model/model';
import { findOriginalTtl } from '@/lib/plan/model/set-changes';
import { foldRun, type RunRecord } from './fold-run';
import { doneEvent } from './history';
import { bindPlan } from './placeholders';
import { undoList } from './run-effects';

/** The lowered records of one set, by their current type and value. */
type LoweredSet = Map<string, OriginalTtl>;

/** One write on a record set, and when it was done: an ISO instant. */
type Write = {
  readonly set: RecordSetRef;
  readonly before: RecordSetState;
  readonly after: RecordSetState;
  readonly at: string;
  /** Set if the run restores drift: the TTLs that it sets are meant to stay, however low. */
  readonly isRestore: boolean;
};

/**
 * Returns the records whose TTL runs have lowered and not restored, with their original TTL: a plan created now would
 * take the lowered TTL for the original. Whichever run or diversion lowered it, the record has one original TTL.
 * @param runs the runs of one connection that wrote to these names, oldest first
 */
export function listOriginalTtls(runs: readonly RunRecord[], now: Date): readonly OriginalTtl[] {
  const sets = new Map<string, LoweredSet>();
  for (const run of runs) {
    // A record may lead to a load balancer that the run has created.
    const bound = { ...run, plan: bindPlan(run.plan, run.events) };
    for (const { step } of undoList(foldRun(bound)).toReversed()) {
      if (step.kind !== 'write' || step.object.kind !== 'recordSet') continue;
      const { object: set, before, after } = step;
      if (before.kind !== 'recordSet' || after.kind !== 'recordSet') continue;
      const key = ownedKey(set, run.plan.connectionId);
      const lowered = sets.get(key) ?? new Map();
      sets.set(key, lowered);
      const at = doneEvent(run.events, 'apply', step.id)?.at ?? now.toISOString();
      follow(lowered, { set, before, after, at, isRestore: run.plan.restores !== undefined }, now);
    }
  }
  return [...sets.values()].flatMap((lowered) => [...lowered.values()]);
}

/** Follows the lowered records of a set through one write. */
function follow(lowered: LoweredSet, { set, before, after, at, isRestore }: Write, now: Date): void {
  const find = ({ records }: RecordSetState, one: RecordState) =>
    records.find((each) => recordKey(each) === recordKey(one));
  const gone = before.records.find((record) => find(after, record) === undefined);
  for (const record of after.records) {
    const old = find(before, record);
    if (old === undefined) {
      const moved = gone === undefined ? findSameTtl(lowered, record) : lowered.get(recordKey(gone));
      if (gone !== undefined) lowered.delete(recordKey(gone));
      if (moved !== undefined)
        lowered.set(recordKey(record), { ...moved, record: toRecord(record), loweredS: record.ttlS });
    } else if (old.ttlS !== record.ttlS) {
      const earlier = lowered.get(recordKey(record));
      // The first of several runs that lowered it has the original.
      const ttlS = earlier?.loweredS === old.ttlS ? earlier.ttlS : old.ttlS;
      // No answer of a disabled record is waited for.
      const leftS = old.enabled ? Math.ceil((Date.parse(at) + old.ttlS * 1000 - now.getTime()) / 1000) : 0;
      const cachedS = Math.max(0, earlier?.cachedS ?? 0, leftS);
      if (isRestore || record.ttlS >= ttlS) lowered.delete(recordKey(record));
      else
        lowered.set(recordKey(record), {
          set,
          record: toRecord(record),
          loweredS: record.ttlS,
          ttlS,
          cachedS,
        });
    }
  }
}

const toRecord = ({ type, value }: RecordState): OriginalTtl['record'] => ({ type, value });

/** Returns a lowered record with the TTL that a new record was created with; undefined = none. */
function findSameTtl(lowered: LoweredSet, { ttlS }: RecordState): OriginalTtl | undefined {
  return [...lowered.values()].find((each) => each.loweredS === ttlS);
}

/**
 * Returns the original TTLs of the records that still have the lowered one.
 * @param getStates the states in which a plan finds a record set, or restores it
 */
export function keepLowered(
  originalTtls: readonly OriginalTtl[],
  getStates: (set: RecordSetRef) => readonly RecordSetState[],
): readonly OriginalTtl[] {
  return originalTtls.filter((original) =>
    getStates(original.set).some(({ records }) =>
      records.some((record) => findOriginalTtl([original], original.set, record) !== undefined),
    ),
  );
}
