import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinedQuantile, type WeightedWait } from './combined-wait';
import { PeakWait } from './peak-wait';
import { noWait } from './wait';

const coldS = 0.42;
const cold = { share: 1, leastS: coldS, spanS: 0, rate: 0 };

/** Returns the peak of steps, each with the waits of its requests. */
function peakOf(steps: readonly (readonly WeightedWait[])[], stepS: number, share = 0.95): number {
  const peak = new PeakWait(share);
  for (const [index, waits] of steps.entries()) {
    peak.begin(index * stepS, combinedQuantile(waits, share));
    for (const { wait, weight } of waits) peak.add(wait, weight);
  }
  return peak.seconds;
}

describe('the largest wait of any minute', () => {
  it('is that of a minute, not of a step in which all requests wait', () => {
    const second = (waiting: number): readonly WeightedWait[] => [
      { wait: cold, weight: waiting },
      { wait: noWait, weight: 100 - waiting },
    ];
    const first = (seconds: number) => Array.from({ length: 120 }, (_, at) => second(at < seconds ? 100 : 0));
    expect(peakOf(first(2), 1)).toBe(0);
    expect(peakOf(first(4), 1)).toBeCloseTo(coldS);
  });

  it('does not depend on the length of steps', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 36 });
    fc.assert(
      fc.property(shares, (waiting) => {
        const steps = waiting.map((share): readonly WeightedWait[] => [
          { wait: { share, leastS: 0.1, spanS: 2, rate: 0 }, weight: 100 },
        ]);
        // Each step of 5 seconds as five of 1 second.
        const fine = steps.flatMap((waits) =>
          Array.from({ length: 5 }, () => waits.map(({ wait, weight }) => ({ wait, weight: weight / 5 }))),
        );
        expect(peakOf(fine, 1)).toBeCloseTo(peakOf(steps, 5), 6);
      }),
    );
  });

  it('is the largest of all minutes, and not above that of their steps', () => {
    const waits = fc.array(
      fc.record({
        wait: fc.record({
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          leastS: fc.double({ min: 0, max: 1, noNaN: true }),
          spanS: fc.double({ min: 0, max: 3, noNaN: true }),
          rate: fc.constant(0),
        }),
        weight: fc.integer({ min: 1, max: 1000 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(waits, { minLength: 1, maxLength: 20 }), (steps) => {
        const minutes = Array.from({ length: Math.ceil(steps.length / 3) }, (_, minute) =>
          combinedQuantile(steps.slice(minute * 3, minute * 3 + 3).flat(), 0.95),
        );
        const peak = peakOf(steps, 20);
        expect(peak).toBeCloseTo(Math.max(...minutes), 6);
        expect(peak).toBeLessThanOrEqual(
          Math.max(...steps.map((step) => combinedQuantile(step, 0.95))) + 1e-6,
        );
      }),
    );
  });
});
