import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peakPoints } from './peak-points';

const curve = (key: string, stepS: number, ...values: readonly number[]) => ({
  key,
  stepS,
  values: Float64Array.from(values),
});

describe('the points of several curves', () => {
  it('have the largest value of each, with nothing after its end', () => {
    const points = peakPoints([curve('a', 10, 1, 5, 2, 0), curve('b', 20, 7)], { most: 2, startMs: 1000 });
    expect(points).toEqual([
      { at: 1000, values: { a: 5, b: 7 } },
      { at: 21_000, values: { a: 2, b: null } },
    ]);
  });

  it('are no more than asked, and lose no peak', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 });
    const steps = fc.constantFrom(1, 7, 10, 60);
    fc.assert(
      fc.property(
        values,
        steps,
        values,
        steps,
        fc.integer({ min: 1, max: 50 }),
        (a, stepA, b, stepB, most) => {
          const points = peakPoints([curve('a', stepA, ...a), curve('b', stepB, ...b)], { most, startMs: 0 });
          expect(points.length).toBeLessThanOrEqual(most);
          const drawn = (key: string) => Math.max(...points.map((point) => point.values[key] ?? 0));
          expect([drawn('a'), drawn('b')]).toEqual([Math.max(...a), Math.max(...b)]);
        },
      ),
    );
  });
});
