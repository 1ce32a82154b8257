import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCron, parseTimerCron } from './cron';

function listTimes(expression: string) {
  const parsed = parseCron(expression);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

test.each([
  // The examples on the page of the timer trigger, from midnight UTC = 08:00 in Beijing.
  ['*/5 * * * * * *', '2026-12-11T00:00:05.000Z'],
  ['0 0 2 1 * * *', '2026-12-31T18:00:00.000Z'],
  ['0 15 10 * * MON-FRI *', '2026-12-11T02:15:00.000Z'],
  ['0 0 10,14,16 * * * *', '2026-12-11T02:00:00.000Z'],
  ['0 */30 9-17 * * * *', '2026-12-11T01:00:00.000Z'],
  ['0 0 12 * * WED *', '2026-12-16T04:00:00.000Z'],
  ['0 1/10 * * * * *', '2026-12-11T00:01:00.000Z'],
])('%s is next due at %s', (expression, next) => {
  expect(listTimes(expression).nextAfter(Date.UTC(2026, 11, 11))).toBe(Date.parse(next));
});

test.each(['* * * * *', '* * * * * *', '60 * * * * * *', '0 0 25 * * * *', 'x * * * * * *', ''])(
  'rejects %j as an expression of seven fields',
  (expression) => {
    expect(parseCron(expression).ok).toBe(false);
  },
);

test('finds a last time no later than now and a next one after it, with none in between', () => {
  const second = fc.integer({ min: 0, max: 59 });
  fc.assert(
    fc.property(second, second, fc.integer({ min: 0, max: 86_400_000 }), (s, m, ms) => {
      const now = Date.UTC(2026, 11, 11) + ms;
      const { lastAt, nextAfter } = listTimes(`${s} ${m} * * * * *`);
      const last = lastAt(now) ?? Number.NaN;
      expect(last).toBeLessThanOrEqual(now);
      expect(nextAfter(now)).toBeGreaterThan(now);
      expect(nextAfter(last)).toBe(nextAfter(now));
    }),
  );
});

test('accepts five or seven fields for timers, but not six', () => {
  const five = parseTimerCron('30 10 * * *');
  expect(five.ok && five.value.nextAfter(Date.UTC(2026, 11, 11))).toBe(Date.UTC(2026, 11, 11, 2, 30));
  expect(parseTimerCron('0 30 10 * * * *').ok).toBe(true);
  expect(parseTimerCron('0 30 10 * * *').ok).toBe(false);
});
