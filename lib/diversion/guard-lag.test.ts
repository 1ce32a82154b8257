import { expect, it } from 'vitest';
import type { Guard } from './cutover';
import { tooShortGuards, trafficLags } from './guard-lag';

const guard = (measure: Guard['measure'], forS: number): Guard => ({
  measure,
  forS,
  limit: 5,
  outcome: 'hold',
});

it('returns the longest lag of the readings, or none without readings', () => {
  const of = (...readings: readonly (number | null)[]) => ({
    readings: readings.map((lagMs) => ({ lagMs })),
    functionLagMs: null,
  });
  const longest = { errorRate: 90_000, splitDeviation: 90_000, errorsAboveCvm: 90_000 };
  expect(trafficLags(of(30_000, null, 90_000))).toEqual(longest);
  expect(trafficLags(of(null))).toEqual({});
  expect(trafficLags({ ...of(), functionLagMs: 60_000 })).toEqual({ throttles: 60_000 });
  expect(trafficLags(null)).toEqual({});
});

it('finds guards that are shorter than the lag of their measure allows', () => {
  const guards = [guard('latency', 5), guard('errorRate', 149), guard('throttles', 5)];
  expect(tooShortGuards(guards, { errorRate: 90_000 })).toEqual([1]);
  expect(tooShortGuards([guard('errorRate', 150)], { errorRate: 90_000 })).toEqual([]);
  expect(tooShortGuards([guard('errorRate', 5)], { errorRate: 0 })).toEqual([]);
  expect(tooShortGuards(guards, {})).toEqual([]);
});
