import type { KnownIds } from '@/lib/estate/call';
import { recordKey } from '@/lib/estate/object-state';
import type { WriteStep } from '@/lib/plan/model/model';

/**
 * Returns the cloud's ids that `stepDone` reports for a step: a record's is derived from the last number of its address,
 * a rule's from its listener.
 */
export function testWrittenIds({ object, after }: WriteStep): {
  readonly recordIds?: KnownIds;
  readonly ruleId?: string;
} {
  if (object.kind === 'rule' && after.kind === 'rule' && after.exists)
    return { ruleId: `loc-of-${object.listenerId}` };
  if (after.kind !== 'recordSet') return {};
  const id = (value: string) => 100 + Number(value.split('.').at(-1));
  return {
    recordIds: Object.fromEntries(after.records.map((record) => [recordKey(record), id(record.value)])),
  };
}
