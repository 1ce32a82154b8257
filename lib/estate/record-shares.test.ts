import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordSetState, RecordState } from './object';
import { isAsWanted, sharesAsWanted } from './record-shares';

const set = (...weights: readonly (number | null | 'off')[]): RecordSetState => ({
  kind: 'recordSet',
  records: weights.map((weight, index): RecordState => {
    const enabled = weight !== 'off';
    return {
      type: 'A',
      value: `192.0.2.${index}`,
      ttlS: 60,
      enabled,
      weight: weight === 'off' ? 40 : weight,
    };
  }),
});
const withoutWeights = (state: RecordSetState): RecordSetState => ({
  ...state,
  records: state.records.map((record) => ({ ...record, weight: null })),
});

describe('isAsWanted', () => {
  it.each([
    ['one record that keeps its weight', set(90), set(null), true],
    ['equal weights where none were', set(50, 50), set(null, null), true],
    ['unequal weights where none were', set(90, 10), set(null, null), false],
    ['one of two without a weight', set(50, null), set(null, null), false],
    ['a record that is off and keeps its weight', set(90, 'off'), withoutWeights(set(90, 'off')), true],
    ['another weight where one is wanted', set(90), set(10), false],
    ['no weight where one is wanted', set(null), set(10), false],
    ['a record more', set(50, 50), set(null), false],
    ['weights kept beside those of others', set(50, 50), set(null, 50), false],
  ])('%s', (_, found, wanted, expected) => {
    expect(isAsWanted(found, wanted)).toBe(expected);
  });

  it('compares everything but weights', () => {
    const [record] = set(90).records;
    const found = { ...set(90), records: [{ ...record, ttlS: 5 } as RecordState] };
    expect(isAsWanted(found, set(null))).toBe(false);
  });
});

it('property: accepts weights exactly if each record has the same share of the sum', () => {
  const weight = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1, maxLength: 5 }), (weights) => {
      const sum = weights.reduce((total, each) => total + each, 0);
      const isEqual = weights.every((each) => each * weights.length === sum);
      expect(sharesAsWanted(set(...weights), withoutWeights(set(...weights)))).toBe(isEqual);
      expect(sharesAsWanted(set(...weights), set(...weights))).toBe(true);
    }),
  );
});
