import type { WorldRecord } from '../world/dnspod';
import type { Shares } from './shares';

/** The behaviour of a set in which only some records have a weight: an assumption. */
type MixedWeights = 'roundRobin' | 'weightedOnly' | 'unsetIsOne';

/** Fisher–Yates. `random` gives numbers in [0, 1). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return result;
}

/** Picks one of them, each as often as its weight's share of the sum. */
function draw(records: readonly WorldRecord[], shares: Shares): readonly WorldRecord[] {
  let left = shares(records[0]?.id ?? 0) * records.reduce((sum, record) => sum + recordWeight(record), 0);
  for (const record of records) {
    left -= recordWeight(record);
    if (left < 0) return [record];
  }
  return records.slice(-1);
}

/** Returns the weight. A draw includes records without a weight only if they count as 1. */
function recordWeight(record: WorldRecord): number {
  return record.weight || 1;
}

export type ChoiceRules = {
  /** Numbers in [0, 1) for the order. */
  readonly random: () => number;
  /** Numbers for the weights. */
  readonly shares: Shares;
  readonly mixedWeights: MixedWeights;
};

/**
 * Chooses what one answer contains of the records of one name, type and line: without weights all of them in random
 * order, with weights 1–100 one of them by share (https://github.com/tencentyun/intlcloud-documents). Weight 0 is no
 * weight (https://cloud.tencent.com/document/api/1427/56180). Never empty unless the records are.
 */
export function chooseRecords(
  records: readonly WorldRecord[],
  { random, shares, mixedWeights }: ChoiceRules,
): readonly WorldRecord[] {
  const weighted = records.filter((record) => (record.weight ?? 0) > 0);
  if (weighted.length === 0) return shuffled(records, random);
  if (weighted.length === records.length) return draw(records, shares);
  switch (mixedWeights) {
    case 'roundRobin':
      return shuffled(records, random);
    case 'weightedOnly':
      return draw(weighted, shares);
    case 'unsetIsOne':
      return draw(records, shares);
  }
}
