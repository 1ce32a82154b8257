import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lagOf, lastMinute, meanOfWhole, newestMinute } from './last-minute';

const minute = Date.UTC(2026, 11, 11, 17);
const before = minute - 60_000;

it('combines the current minute with the part of the previous one within the last 60 seconds', () => {
  const counts = new Map([
    [before, 40],
    [minute, 3],
  ]);
  expect(newestMinute(counts)).toBe(minute);
  expect(lastMinute(counts, minute, minute)).toBe(43);
  expect(lastMinute(counts, minute, minute + 15_000)).toBe(33);
  expect(lastMinute(counts, minute, minute + 60_000)).toBe(3);
});

it('uses the newest completed minute when monitoring lags', () => {
  const counts = new Map([
    [before, 40],
    [minute, 3],
  ]);
  expect(lastMinute(counts, minute, minute + 150_000)).toBe(3);
});

it('ignores missing points, and detects data without any point', () => {
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

it('returns the mean of the completed minutes', () => {
  const rates = new Map([
    [before - 60_000, 20],
    [before, 40],
    [minute, 3],
  ]);
  expect(meanOfWhole(rates, minute + 30_000)).toBe(30);
  expect(meanOfWhole(rates, minute + 60_000)).toBe(21);
  expect(meanOfWhole(new Map([[minute, 3]]), minute + 30_000)).toBeNull();
});

it('returns the age of the end of the newest minute', () => {
  const counts = new Map([[minute, 3]]);
  expect(lagOf(counts, minute + 59_000)).toBe(0);
  expect(lagOf(counts, minute + 60_000)).toBe(0);
  expect(lagOf(counts, minute + 150_000)).toBe(90_000);
  expect(lagOf(new Map(), minute)).toBeNull();
});
