import { getRecordSetState } from '@/lib/estate/look-up';
import { DnsRecord, type Estate } from '@/lib/estate/model';
import { type RecordSetRef, type RecordState, recordKey } from '@/lib/estate/object';
import type { KeptWeight } from '@/lib/estate/record-shares';
import type { RunBaseline } from './model/baseline-states';

/** Returns the instant when the records of a snapshot were read, as ISO. */
export function recordsReadAt({ partsAt, takenAt }: Pick<Estate, 'partsAt' | 'takenAt'>): string {
  return partsAt ?? takenAt;
}

type Written = {
  readonly object: RecordSetRef;
  readonly records: readonly RecordState[];
  readonly leftAt: string;
};

/** Returns all records with those of one set as a run has left them: a changed record keeps its id, a new one gets one. */
function withRecordSet(
  all: Estate['records'],
  { object, records: after, leftAt: updatedAt }: Written,
): Estate['records'] {
  const { zone, subdomain, line, lineId } = object;
  const states = new Set(getRecordSetState({ records: all }, object).records.map(recordKey));
  const mine = all.filter(
    (r) => r.zone === zone && r.subdomain === subdomain && r.lineId === lineId && states.has(recordKey(r)),
  );
  const keys = new Set(after.map(recordKey));
  const moved = mine.filter((record) => !keys.has(recordKey(record)));
  const written = after.map((state, index) => {
    const known = mine.find((record) => recordKey(record) === recordKey(state)) ?? moved.shift();
    const own = known ?? { id: index + 1, zone, subdomain, line, lineId };
    return DnsRecord.parse({ ...own, ...state, updatedAt });
  });
  return [...all.filter((record) => !mine.includes(record)), ...written];
}

/** Returns the records with the weights that the cloud has kept on them. */
function withWeights(records: readonly RecordState[], kept: readonly KeptWeight[]): readonly RecordState[] {
  return records.map((record) => {
    const weight = kept.findLast((each) => recordKey(each) === recordKey(record))?.weight ?? record.weight;
    return { ...record, weight };
  });
}

/**
 * Returns the snapshot of one account with the record sets that runs have written since its records were read, as their
 * journals have them: what a name leads to is known when a run's write is done, not only after the next sync. Weights
 * that the cloud has kept stay on their records. Pure.
 * @param runs of any connection, in any order
 */
export function withWrittenRecords(estate: Estate, runs: readonly RunBaseline[]): Estate {
  const readAt = Date.parse(recordsReadAt(estate));
  const written = runs
    .flatMap(({ connectionId, objects }) =>
      [...objects.values()].flatMap(({ object, state, leftAt, keptWeights }): readonly Written[] =>
        object.kind === 'recordSet' &&
        state.kind === 'recordSet' &&
        (object.connectionId ?? connectionId) === estate.connectionId &&
        Date.parse(leftAt) > readAt
          ? [{ object, records: withWeights(state.records, keptWeights), leftAt }]
          : [],
      ),
    )
    .sort((a, b) => Date.parse(a.leftAt) - Date.parse(b.leftAt));
  if (written.length === 0) return estate;
  return { ...estate, records: written.reduce(withRecordSet, estate.records) };
}
