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
  expect(trafficLags([{ lagMs: 30_000 }, { lagMs: null }, { lagMs: 90_000 }])).toEqual({ errorRate: 90_000 });
  expect(trafficLags([{ lagMs: null }])).toEqual({});
  expect(trafficLags([])).toEqual({});
});

it('finds guards that are shorter than the lag of their measure allows', () => {
  const guards = [guard('latency', 5), guard('errorRate', 149), guard('throttles', 5)];
  expect(tooShortGuards(guards, { errorRate: 90_000 })).toEqual([1]);
  expect(tooShortGuards([guard('errorRate', 150)], { errorRate: 90_000 })).toEqual([]);
  expect(tooShortGuards([guard('errorRate', 5)], { errorRate: 0 })).toEqual([]);
  expect(tooShortGuards(guards, {})).toEqual([]);
});
