import type { DnsRecord } from '@/lib/estate/model';
import type { RecordSetRef, RecordSetState, RecordState } from '@/lib/estate/object';
import { recordKey } from '@/lib/estate/object-state';
import type { PlannedChange } from '@/lib/plan/model/change';
import { SetChanges, type SetRecord } from '@/lib/plan/model/set-changes';
import { err, ok, type Result } from '@/lib/result';

/** An existing record that has changed, and its intended state. */
type Pair = { readonly record: DnsRecord; readonly wanted: RecordState };

/** The work to do, by record. */
type Work = {
  /** With the same type and value. */
  readonly kept: readonly Pair[];
  /** With another type or value. */
  readonly moved: readonly Pair[];
  readonly missing: readonly RecordState[];
};

const keyOf = recordKey;

/** @returns null if a record would have to be deleted: Spillway deletes only records that it has created */
function planWork(records: readonly DnsRecord[], wanted: readonly RecordState[]): Work | null {
  const byKey = new Map(records.map((record) => [keyOf(record), record]));
  const kept = wanted.flatMap((state): readonly Pair[] => {
    const record = byKey.get(keyOf(state));
    return record === undefined ? [] : [{ record, wanted: state }];
  });
  const isKept = new Set(kept.map(({ record }) => record));
  const extra = records.filter((record) => !isKept.has(record));
  const missing = wanted.filter((state) => !byKey.has(keyOf(state)));
  const moved: Pair[] = [];
  for (const record of extra) {
    const free = missing.filter((state) => moved.every((pair) => pair.wanted !== state));
    const to = free.find(({ type }) => type === record.type) ?? free[0];
    if (to === undefined) return null;
    moved.push({ record, wanted: to });
  }
  return { kept, moved, missing: missing.filter((state) => moved.every((pair) => pair.wanted !== state)) };
}

type SimulatedEvent = (changes: SetChanges) => void;

/** Returns the actions in order; `offFirst` makes room for a type that can't coexist with another. */
function listRecordChanges({ kept, moved, missing }: Work, offFirst: boolean): readonly SimulatedEvent[] {
  const now = [
    ...kept.map(({ record, wanted }) => ({ at: record as SetRecord, was: record.enabled, wanted })),
    ...moved.map(({ record, wanted }) => ({
      at: { type: wanted.type, value: wanted.value, id: record.id } as SetRecord,
      was: record.enabled,
      wanted,
    })),
  ];
  const status = (enabled: boolean, of: typeof now) =>
    of
      .filter(({ was, wanted }) => was !== enabled && wanted.enabled === enabled)
      .map(
        ({ at }): SimulatedEvent =>
          (changes) =>
            changes.status(at, enabled),
      );
  const stays = now.slice(0, kept.length);
  const all: readonly { at: SetRecord; wanted: RecordState }[] = [
    ...now,
    ...missing.map((wanted) => ({ at: { ...wanted, id: null }, wanted })),
  ];
  const on = all.filter(({ wanted }) => wanted.enabled);
  const off = status(false, offFirst ? now.slice(kept.length) : now);
  return [
    ...(offFirst ? status(false, stays) : []),
    ...moved.map(({ record, wanted: { type, value } }): SimulatedEvent => {
      return (changes) => changes.move(record, { type, value });
    }),
    ...status(true, now),
    ...missing.map(
      (state): SimulatedEvent =>
        (changes) =>
          changes.create(state),
    ),
    (changes) => {
      const records = on.map(({ at }) => at);
      const isToLose = on.every(({ wanted }) => !wanted.weight) && !changes.areUnweighted(records);
      if (isToLose) changes.equalise(records);
    },
    ...all.map(
      ({ at, wanted }): SimulatedEvent =>
        (changes) =>
          changes.weigh(at, wanted.weight),
    ),
    ...now.map(
      ({ at, wanted }): SimulatedEvent =>
        (changes) =>
          changes.retime(at, wanted.ttlS),
    ),
    ...off,
  ];
}

/** Returns whether DNSPod accepts a set, and whether clients that had an answer still have one. */
function isSound({ records }: RecordSetState, answers: boolean): boolean {
  const on = records.filter(({ enabled }) => enabled);
  const isMixed = on.some(({ type }) => type === 'CNAME') && on.some(({ type }) => type !== 'CNAME');
  const isDouble = new Set(records.map(keyOf)).size < records.length;
  return !isMixed && !isDouble && (on.length > 0 || !answers);
}

/**
 * Returns the writes that restore the records of a name on a line and always leave clients an answer.
 * @param records all address records of the set
 * @param needs keys of the changes that must be complete before the name points there
 * @returns the reason if single calls can't do it: a record was added, or no order keeps an answer
 */
export function restoreRecords(
  set: RecordSetRef,
  records: readonly DnsRecord[],
  wanted: RecordSetState,
  { key, needs }: { readonly key: string; readonly needs: readonly string[] },
): Result<readonly PlannedChange[], 'extraRecord' | 'stuck'> {
  const work = planWork(records, wanted.records);
  if (work === null) return err('extraRecord');
  const isOn = ({ enabled }: { enabled: boolean }) => enabled;
  const answers = records.some(isOn) && wanted.records.some(isOn);
  for (const offFirst of [false, true]) {
    const made = new SetChanges(set, { records, key, needs });
    for (const change of listRecordChanges(work, offFirst)) change(made);
    const isPossible = made.changes.every(
      (change) =>
        change.kind !== 'write' || change.after.kind !== 'recordSet' || isSound(change.after, answers),
    );
    if (isPossible) return ok(made.changes);
  }
  return err('stuck');
}
