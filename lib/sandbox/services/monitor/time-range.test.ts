import fc from 'fast-check';
import { expect, test } from 'vitest';
import { monitorTime, timeRange } from './get-monitor-data';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 11, 3, 4, 5);
const times = fc.integer({ min: now - 3 * dayMs, max: now });

test('starts periods at multiples in Beijing time, consecutive and covering the requested times', () => {
  fc.assert(
    fc.property(fc.constantFrom(60, 300, 3600, 86_400), times, times, (Period, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const request = { Period, StartTime: monitorTime(from), EndTime: monitorTime(to) };
      const { starts, start, end, periodMs } = timeRange(request, now, Number.POSITIVE_INFINITY);
      expect(starts[0]).toBe(start);
      expect(starts.at(-1)).toBe(end);
      expect(starts.every((each) => (each + 8 * 3_600_000) % periodMs === 0)).toBe(true);
      expect(starts.every((each, index) => each === start + index * periodMs)).toBe(true);
      // Times have no fractions of a second.
      expect(from - (from % 1000)).toBeGreaterThanOrEqual(start);
      expect(to - (to % 1000)).toBeLessThan(end + periodMs);
    }),
    { numRuns: 60 },
  );
});

test.each([
  '2026-11-11T11:00:00+08:00',
  '2026-11-11T03:00:00Z',
  '2026-11-11 11:00:00',
  '2026-11-10T19:00:00-08:00',
])('accepts the same time in another form: %s', (StartTime) => {
  const { start } = timeRange({ Period: 60, StartTime }, now, 1000);
  expect(monitorTime(start)).toBe('2026-11-11T11:00:00+08:00');
});

test('uses periods of five minutes of the day in Beijing until now when no times are given', () => {
  const { start, end, periodMs } = timeRange({}, now, 1000);
  expect([monitorTime(start), monitorTime(end), periodMs]).toEqual([
    '2026-11-11T00:00:00+08:00',
    '2026-11-11T11:00:00+08:00',
    300_000,
  ]);
});
