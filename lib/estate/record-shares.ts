import { type ObjectState, type RecordSetState, type RecordState, recordKey, sameState } from './object';

/** A weight that DNSPod has left on a record which was to have none. */
export type KeptWeight = Pick<RecordState, 'type' | 'value'> & { readonly weight: number };

const weightOf = ({ weight }: RecordState) => weight || null;

/**
 * Returns the weights that `found` has on records which `wanted` has without one.
 * @returns null where the two differ in anything else
 */
function keptWeights(found: RecordSetState, wanted: RecordSetState): readonly KeptWeight[] | null {
  const unweighted = new Set(wanted.records.filter((r) => weightOf(r) === null).map(recordKey));
  const kept: KeptWeight[] = [];
  const records = found.records.map((record) => {
    const weight = weightOf(record);
    if (weight === null || !unweighted.has(recordKey(record))) return record;
    kept.push({ type: record.type, value: record.value, weight });
    return { ...record, weight: null };
  });
  return sameState({ ...found, records }, wanted) ? kept : null;
}

/**
 * Returns whether the records that are on in `wanted` have the same shares of answers by the weights in `found`. One record
 * alone has all of them; several without a weight have equal ones, as several with the same weight do. A wanted set of which
 * some have a weight and some have none has shares that nothing documents: that is never the same.
 */
export function sharesAsWanted(found: RecordSetState, wanted: RecordSetState): boolean {
  const on = wanted.records.filter(({ enabled }) => enabled);
  if (on.length <= 1) return true;
  const wantedWeights = on.map(weightOf);
  const weights = new Map(found.records.map((record) => [recordKey(record), weightOf(record)]));
  const foundWeights = on.map((record) => weights.get(recordKey(record)) ?? null);
  if (wantedWeights.every((weight) => weight === null)) return new Set(foundWeights).size === 1;
  return foundWeights.every((weight, index) => weight !== null && weight === wantedWeights[index]);
}

/**
 * Returns whether a state is the wanted one, or differs from it in nothing but weights that DNSPod has kept and that leave
 * every record its share. DNSPod's API says that weight 0 switches weighting off; others found that a weight can't be unset
 * (github.com/tencentcloudstack/terraform-provider-tencentcloud/pull/3521).
 */
export function isAsWanted(found: ObjectState, wanted: ObjectState): boolean {
  if (sameState(found, wanted)) return true;
  if (found.kind !== 'recordSet' || wanted.kind !== 'recordSet') return false;
  return keptWeights(found, wanted) !== null && sharesAsWanted(found, wanted);
}
