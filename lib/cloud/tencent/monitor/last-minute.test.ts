import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lagOf, lastMinute, meanOfWhole, newestMinute } from './last-minute';

const minute = Date.UTC(2026, 11, 11, 17);
const before = minute - 60_000;

it('takes the current minute, and the part of the one before that the last 60 seconds still cover', () => {
  const counts = new Map([
    [before, 40],
    [minute, 3],
  ]);
  expect(newestMinute(counts)).toBe(minute);
  expect(lastMinute(counts, minute, minute)).toBe(43);
  expect(lastMinute(counts, minute, minute + 15_000)).toBe(33);
  expect(lastMinute(counts, minute, minute + 60_000)).toBe(3);
});

it('takes a completed newest minute as the last one, as when monitoring lags', () => {
  const counts = new Map([
    [before, 40],
    [minute, 3],
  ]);
  expect(lastMinute(counts, minute, minute + 150_000)).toBe(3);
});

it('counts no missing point, and detects data without any point', () => {
  expect(newestMinute(new Map())).toBeNull();
  expect(lastMinute(new Map([[before, 40]]), minute, minute + 30_000)).toBe(20);
  expect(lastMinute(new Map(), minute, minute + 30_000)).toBe(0);
});

it('reports an even stream as even, including at a minute boundary', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1, max: 1000 }), (ran, perMinute) => {
      const counts = new Map([
        [before, perMinute],
        [minute, (perMinute * ran) / 60_000],
      ]);
      expect(lastMinute(counts, minute, minute + ran)).toBeCloseTo(perMinute, 6);
    }),
  );
});

it('takes the mean of the completed minutes', () => {
  const rates = new Map([
    [before - 60_000, 20],
    [before, 40],
    [minute, 3],
  ]);
  expect(meanOfWhole(rates, minute + 30_000)).toBe(30);
  expect(meanOfWhole(rates, minute + 60_000)).toBe(21);
  expect(meanOfWhole(new Map([[minute, 3]]), minute + 30_000)).toBeNull();
});

it('tells how long ago the newest minute ended', () => {
  const counts = new Map([[minute, 3]]);
  expect(lagOf(counts, minute + 59_000)).toBe(0);
  expect(lagOf(counts, minute + 60_000)).toBe(0);
  expect(lagOf(counts, minute + 150_000)).toBe(90_000);
  expect(lagOf(new Map(), minute)).toBeNull();
});
