import type { ObjectState, RecordSetState, RecordState } from './object';
import { recordKey, sameState } from './object-state';

/** A weight that DNSPod has kept on a record that should have none. */
export type KeptWeight = Pick<RecordState, 'type' | 'value'> & { readonly weight: number };

const effectiveWeight = ({ weight }: RecordState) => weight || null;

/**
 * Returns the weights in `found` of records that have none in `wanted`.
 * @returns null where the two differ in anything else
 */
function keptWeights(found: RecordSetState, wanted: RecordSetState): readonly KeptWeight[] | null {
  const unweighted = new Set(wanted.records.filter((r) => effectiveWeight(r) === null).map(recordKey));
  const kept: KeptWeight[] = [];
  const records = found.records.map((record) => {
    const weight = effectiveWeight(record);
    if (weight === null || !unweighted.has(recordKey(record))) return record;
    kept.push({ type: record.type, value: record.value, weight });
    return { ...record, weight: null };
  });
  return sameState({ ...found, records }, wanted) ? kept : null;
}

/**
 * Returns the share of some records in the answers of their line, in %: weight ÷ sum of weights, or equal shares where
 * no record has a weight; 0 where none of them is on.
 * @param records of one line
 * @returns null where only some of the records that are on have a weight: those shares are undocumented
 */
export function getShare<R extends Pick<RecordState, 'enabled' | 'weight'>>(
  records: readonly R[],
  isOwn: (record: R) => boolean,
): number | null {
  const on = records.filter(({ enabled }) => enabled);
  const weighted = on.filter(({ weight }) => weight);
  if (on.length > 1 && weighted.length > 0 && weighted.length < on.length) return null;
  const weigh = (some: readonly R[]) =>
    some.reduce((sum, { weight }) => sum + (weighted.length === 0 ? 1 : (weight ?? 1)), 0);
  return on.length === 0 ? 0 : (weigh(on.filter(isOwn)) / weigh(on)) * 100;
}

/**
 * Returns whether the records that are on in `wanted` have the same shares of answers by the weights in `found`. A
 * single record gets all answers; several without a weight get equal shares, as do several with the same weight. If
 * only some records of a wanted set have a weight, the shares are undocumented and never the same.
 */
export function sharesAsWanted(found: RecordSetState, wanted: RecordSetState): boolean {
  const on = wanted.records.filter(({ enabled }) => enabled);
  if (on.length <= 1) return true;
  const wantedWeights = on.map(effectiveWeight);
  const weights = new Map(found.records.map((record) => [recordKey(record), effectiveWeight(record)]));
  const foundWeights = on.map((record) => weights.get(recordKey(record)) ?? null);
  if (wantedWeights.every((weight) => weight === null)) return new Set(foundWeights).size === 1;
  return foundWeights.every((weight, index) => weight !== null && weight === wantedWeights[index]);
}

/**
 * Returns whether a state is the wanted one, or differs only in weights that DNSPod has kept and that leave every
 * record its share. DNSPod's API says that weight 0 switches weighting off; others found that a weight can't be unset
 * (github.com/tencentcloudstack/terraform-provider-tencentcloud/pull/3521).
 */
export function isAsWanted(found: ObjectState, wanted: ObjectState): boolean {
  if (sameState(found, wanted)) return true;
  if (found.kind !== 'recordSet' || wanted.kind !== 'recordSet') return false;
  return keptWeights(found, wanted) !== null && sharesAsWanted(found, wanted);
}
