import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrafficHistory } from '@/lib/estate/history/traffic-history';
import { Demand } from './demand';
import { gapFillings, toHistorySeries } from './history-series';

const from = '2026-11-28T17:00:00.000Z';
const history = (...rps: readonly (number | null)[]): TrafficHistory => ({ from, periodS: 60, rps });
const pointsOf = (...rps: readonly (number | null)[]) => ({
  zero: toHistorySeries(history(...rps), 'zero').demand?.rps,
  line: toHistorySeries(history(...rps), 'line').demand?.rps,
});

describe('measured requests as a demand', () => {
  it('are points in the middle of their periods', () => {
    const { demand, firstAt, peakRps, meanRps, gaps } = toHistorySeries(history(100, 300, 200), 'zero');
    expect(demand).toEqual({ kind: 'series', startS: 30, intervalS: 60, rps: [100, 300, 200], scale: 1 });
    expect({ firstAt, peakRps, meanRps, gaps }).toEqual({
      firstAt: from,
      peakRps: 300,
      meanRps: 200,
      gaps: [],
    });
  });

  it('have gaps filled as asked, and listed', () => {
    expect(pointsOf(100, null, null, 400)).toEqual({ zero: [100, 0, 0, 400], line: [100, 200, 300, 400] });
    expect(pointsOf(null, 5, null)).toEqual({ zero: [0, 5, 0], line: [5, 5, 5] });
    expect(toHistorySeries(history(null, 5, null, null, 7, null), 'line').gaps).toEqual([
      { from, until: '2026-11-28T17:01:00.000Z', periods: 1 },
      { from: '2026-11-28T17:02:00.000Z', until: '2026-11-28T17:04:00.000Z', periods: 2 },
      { from: '2026-11-28T17:05:00.000Z', until: '2026-11-28T17:06:00.000Z', periods: 1 },
    ]);
  });

  it('are no demand without any value', () => {
    expect(toHistorySeries(history(null, null), 'zero')).toMatchObject({ demand: null, peakRps: 0 });
  });

  it('are valid whatever was measured, and known values stay within their digits', () => {
    const value = fc.option(fc.double({ min: 0, max: 1_000_000, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 50 }),
        fc.constantFrom(...gapFillings),
        (rps, filling) => {
          const { demand } = toHistorySeries(history(...rps), filling);
          if (demand === null) return rps.every((each) => each === null);
          Demand.parse(demand);
          return rps.every(
            (each, index) =>
              each === null || Math.abs((demand.rps[index] ?? -1) - each) <= each * 0.001 + 1e-7,
          );
        },
      ),
    );
  });
});
