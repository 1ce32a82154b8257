import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundPoint } from '@/lib/capacity/demand/demand';
import { packSeries, unpackSeries } from './pack-series';

const rate = fc.double({ min: 0, max: 10_000_000, noNaN: true }).map(roundPoint);

describe('a packed series', () => {
  it('has the numbers that were packed, in at most three digits each', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(rate, fc.constant(0)), { maxLength: 200 }), (numbers) => {
        const text = packSeries(numbers) ?? expect.fail();
        expect(unpackSeries(text)).toEqual(numbers);
        expect(text).toMatch(/^[\w-]*$/);
        expect(text.length).toBeLessThanOrEqual(3 * numbers.length);
      }),
    );
  });

  it('takes two digits for numbers that are close to each other', () => {
    const day = Array.from({ length: 1440 }, (_, minute) =>
      roundPoint(5000 + 4000 * Math.sin(minute / 200) + 30 * Math.sin(minute)),
    );
    expect(packSeries(day)?.length).toBeLessThan(2.2 * 1440);
  });

  it('rejects numbers with more digits, or beyond those that it has', () => {
    for (const number of [1.2345, 123_456, 1e9, -1, 1e-9, Number.NaN, Infinity])
      expect(packSeries([number])).toBeNull();
  });

  it('is read in one pass, to no more numbers than half of its length, or not at all', () => {
    const text = fc.string({ unit: fc.constantFrom(...'AZaz09-_.é'), maxLength: 300 });
    fc.assert(
      fc.property(text, (any) => {
        const numbers = unpackSeries(any);
        if (numbers === null) return;
        expect(numbers.length).toBeLessThanOrEqual(any.length / 2);
        expect(numbers.every((number) => number >= 0 && number < 1e9)).toBe(true);
      }),
    );
    expect(unpackSeries('A')).toBeNull();
    expect(unpackSeries('AA')).toBeNull();
  });
});
