import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concurrencyHistory } from './provisioned';

test('counts a call from its start until just before its end', () => {
  const busy = concurrencyHistory([
    { at: 100, durationMs: 50 },
    { at: 120, durationMs: 10 },
  ]);
  expect([99, 100, 120, 129, 130, 149, 150].map(busy)).toEqual([0, 1, 2, 2, 1, 1, 0]);
});

test('equals the number of calls that cover the instant', () => {
  const call = fc.record({ at: fc.nat(100), durationMs: fc.nat(100) });
  fc.assert(
    fc.property(fc.array(call), fc.nat(250), (calls, at) => {
      const covering = calls.filter((each) => each.at <= at && at < each.at + each.durationMs);
      expect(concurrencyHistory(calls)(at)).toBe(covering.length);
    }),
  );
});
