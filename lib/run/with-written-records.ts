import { getRecordSetState } from '@/lib/estate/look-up';
import { DnsRecord, type Estate } from '@/lib/estate/model';
import { type RecordSetRef, type RecordState, recordKey } from '@/lib/estate/object';
import { type DoneRun, runBaseline } from './model/baseline-states';

/** The records of one line as a run has left them: what it has changed keeps its id, what it has created gets one. */
function writtenRecords(
  estate: Estate,
  ref: RecordSetRef,
  after: readonly RecordState[],
  updatedAt: string,
): readonly DnsRecord[] {
  const states = new Set(getRecordSetState(estate, ref).records.map(recordKey));
  const mine = estate.records.filter(
    (r) =>
      r.zone === ref.zone &&
      r.subdomain === ref.subdomain &&
      r.lineId === ref.lineId &&
      states.has(recordKey(r)),
  );
  const keys = new Set(after.map(recordKey));
  const moved = mine.filter((record) => !keys.has(recordKey(record)));
  const written = after.map((state, index) => {
    const known = mine.find((record) => recordKey(record) === recordKey(state)) ?? moved.shift();
    const { zone, subdomain, line, lineId } = ref;
    return DnsRecord.parse({
      ...(known ?? { id: index + 1, zone, subdomain, line, lineId }),
      ...state,
      updatedAt,
    });
  });
  return [...estate.records.filter((record) => !mine.includes(record)), ...written];
}

/**
 * Returns a snapshot with the record sets that a run has written since the records were read, as its journal has them: what a
 * name leads to is known when the run's write is done, not only after the next sync. Pure.
 */
export function withWrittenRecords(estate: Estate, run: DoneRun): Estate {
  const readAt = Date.parse(estate.partsAt ?? estate.takenAt);
  let known = estate;
  for (const { object, state, leftAt } of runBaseline(run).objects.values())
    if (object.kind === 'recordSet' && state.kind === 'recordSet' && Date.parse(leftAt) > readAt)
      known = { ...known, records: [...writtenRecords(known, object, state.records, leftAt)] };
  return known;
}
