import type { WorldRecord } from '../world/dnspod';

/** What a set does in which some records have a weight and some have none: an assumption. */
export type MixedWeights = 'roundRobin' | 'weightedOnly' | 'unsetIsOne';

/** Fisher–Yates. `random` gives numbers in [0, 1). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return result;
}

/** One of them, each with a chance of its weight's share of the sum. */
function draw(records: readonly WorldRecord[], random: () => number): readonly WorldRecord[] {
  let left = random() * records.reduce((sum, record) => sum + weightOf(record), 0);
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

/**
 * What one answer says of the records of one name, type and line: without weights all of them in random order, with
 * weights 1–100 one of them by share (https://github.com/tencentyun/intlcloud-documents). Weight 0 is no weight
 * (https://cloud.tencent.com/document/api/1427/56180). Never empty when the records aren't.
 */
export function choose(
  records: readonly WorldRecord[],
  random: () => number,
  mixed: MixedWeights,
): readonly WorldRecord[] {
  const weighted = records.filter((record) => (record.weight ?? 0) > 0);
  if (weighted.length === 0) return shuffled(records, random);
  if (weighted.length === records.length) return draw(records, random);
  switch (mixed) {
    case 'roundRobin':
      return shuffled(records, random);
    case 'weightedOnly':
      return draw(weighted, random);
    case 'unsetIsOne':
      return draw(records, random);
  }
}
