import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRange, routeByKey } from './route-by-key';

const exact = { version: '2', key: 'invoke.headers.User', method: 'exact', expression: 'Ann' } as const;

test('matches an exact rule to calls whose key has exactly that value', () => {
  const route = (key: Record<string, string>) => routeByKey({ match: exact }, key);
  expect([{ User: 'Ann' }, { User: 'ann' }, { user: 'Ann' }, {}].map(route)).toEqual(['2', null, null, null]);
  expect(routeByKey({ match: null }, { User: 'Ann' })).toBeNull();
});

test('matches a range to whole numbers: [] includes its ends, () excludes them', () => {
  const whole = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(whole, whole, whole, (a, b, value) => {
      const taken = (expression: string) =>
        routeByKey({ match: { ...exact, method: 'range', expression } }, { User: String(value) }) === '2';
      expect(taken(`[${a},${b}]`)).toBe(a <= value && value <= b);
      expect(taken(`(${a}, ${b})`)).toBe(a < value && value < b);
    }),
  );
});

test.each(['', '1,2', '(1,2]', '[1.5,2]', '[a,b]', '[1]'])('rejects %j as a range', (expression) => {
  expect(parseRange(expression)).toBeNull();
});
