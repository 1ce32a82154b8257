import type { WorldRecord } from '../world/dnspod';
import type { Shares } from './shares';

/** What a set does in which some records have a weight and some have none: an assumption. */
type MixedWeights = 'roundRobin' | 'weightedOnly' | 'unsetIsOne';

/** Fisher–Yates. `random` gives numbers in [0, 1). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return result;
}

/** One of them, each as often as its weight's share of the sum says. */
function draw(records: readonly WorldRecord[], shares: Shares): readonly WorldRecord[] {
  let left = shares(records[0]?.id ?? 0) * records.reduce((sum, record) => sum + weightOf(record), 0);
  for (const record of records) {
    left -= weightOf(record);
    if (left < 0) return [record];
  }
  return records.slice(-1);
}

/** Only where a draw has records without a weight, that counts as 1. */
function weightOf(record: WorldRecord): number {
  return record.weight || 1;
}

export type ChoiceRules = {
  /** Numbers in [0, 1) for order. */
  readonly random: () => number;
  /** Those for weights. */
  readonly shares: Shares;
  readonly mixedWeights: MixedWeights;
};

/**
 * What one answer says of the records of one name, type and line: without weights all of them in random order, with
 * weights 1–100 one of them by share (https://github.com/tencentyun/intlcloud-documents). Weight 0 is no weight
 * (https://cloud.tencent.com/document/api/1427/56180). Never empty when the records aren't.
 */
export function choose(
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
