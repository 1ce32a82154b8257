import type { KnownIds } from '@/lib/estate/call';
import { recordKey } from '@/lib/estate/object-state';
import type { WriteStep } from '@/lib/plan/model/model';

/** Returns the record ids that `stepDone` reports for a step, each derived from the last number of its address. */
export function testRecordIds({ after }: WriteStep): { readonly recordIds?: KnownIds } {
  if (after.kind !== 'recordSet') return {};
  const id = (value: string) => 100 + Number(value.split('.').at(-1));
  return {
    recordIds: Object.fromEntries(after.records.map((record) => [recordKey(record), id(record.value)])),
  };
}
