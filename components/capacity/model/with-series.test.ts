import { describe, expect, it } from 'vitest';
import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { saleScenario } from '@/testing/capacity/sale-scenario';
import { eventTime } from './event-time';
import { alignSeries, startWithSeries } from './with-series';

const sale = saleScenario({ startsAt: '2026-12-11T16:30:00.000Z' });
const series = (length: number, peakAt: number) =>
  ({
    kind: 'series',
    startS: 30,
    intervalS: 60,
    rps: Array.from({ length }, (_, index) => (index === peakAt ? 500 : 100)),
    scale: 1,
  }) as const;

describe('a series as the demand', () => {
  it('has its highest point at the event, so that leads and times stay', () => {
    const next = CapacityScenario.parse(alignSeries(sale, series(120, 100)));
    expect(eventTime(next)).toBe(eventTime(sale));
    const { startsAt, traffic, functions } = sale;
    expect(next).toMatchObject({ startsAt, traffic, functions });
    expect(next.durationS).toBe(sale.durationS);
  });

  it('makes the scenario longer if it ends later, and is cut a day before the start', () => {
    const long = alignSeries(sale, series(4000, 0));
    expect(long.durationS).toBe(eventTime(sale) + 4000 * 60);
    const late = CapacityScenario.parse(alignSeries(sale, series(4000, 3999)));
    expect(eventTime(late)).toBe(eventTime(sale));
    expect(late.demand).toMatchObject({ startS: expect.any(Number) });
    expect(late.demand.kind === 'series' ? late.demand.startS : 0).toBeGreaterThanOrEqual(-86_400);
  });

  it('keeps the scenario within 14 days', () => {
    const hours = { ...series(14 * 24, 0), intervalS: 3600 };
    expect(CapacityScenario.parse(alignSeries(sale, hours)).durationS).toBe(14 * 86_400);
    expect(CapacityScenario.parse(startWithSeries(sale, hours, null)).durationS).toBe(14 * 86_400);
  });

  it('starts the scenario, at its own instant', () => {
    const next = CapacityScenario.parse(startWithSeries(sale, series(120, 5), '2026-11-28T17:00:00Z'));
    expect(next).toMatchObject({ durationS: 7200, startsAt: '2026-11-28T17:00:00.000Z' });
    expect(startWithSeries(sale, series(120, 5), null).startsAt).toBe(sale.startsAt);
    // The event stays within it.
    expect(startWithSeries(sale, series(2, 0), null).durationS).toBe(eventTime(sale) + 60);
  });
});
