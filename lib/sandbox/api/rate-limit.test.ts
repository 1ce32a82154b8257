import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from './api-error';
import { RateLimiter } from './rate-limit';

const route = { service: 'clb', action: 'DescribeTargets' } as const;
const rate = 20;

/** Sends one request at each of these times. @returns the times that were let through */
function grantedOf(times: readonly number[]): number[] {
  const limiter = new RateLimiter();
  return times.filter((at) => {
    try {
      limiter.take('1', route, at);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'RequestLimitExceeded') return false;
      throw error;
    }
  });
}

const within = (times: readonly number[], from: number) =>
  times.filter((at) => at >= from && at < from + 1000).length;

/** Gaps between requests in ms: mostly bursts, with pauses around the length of the window. */
const gaps = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 900, max: 1100 })),
  // More than the limit at least, or nothing is refused; fast-check prefers short arrays unless told.
  { minLength: 60, maxLength: 300, size: 'max' },
);
const timesOf = (steps: readonly number[]) => {
  let now = 1_000_000;
  return steps.map((step) => {
    now += step;
    return now;
  });
};

test('no second sees more than the limit, and nobody is refused below it', () => {
  fc.assert(
    fc.property(gaps, (steps) => {
      const times = timesOf(steps);
      const granted = grantedOf(times);
      for (const at of granted) expect(within(granted, at)).toBeLessThanOrEqual(rate);
      for (const at of times.filter((time) => !granted.includes(time))) {
        expect(within(granted, at - 999)).toBe(rate);
      }
    }),
  );
});

test('a clock that is set back blocks nobody', () => {
  const burst = Array.from({ length: rate }, () => 9_000_000);
  expect(grantedOf([...burst, 1_000_000])).toEqual([...burst, 1_000_000]);
});
