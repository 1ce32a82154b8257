import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ServiceName } from '@/lib/sandbox/model/dispatch';
import { CallRateLimiter, permittedRate } from './rate-limit';

const route = { service: 'clb', action: 'DescribeTargets' } as const;
const rate = 20;

/** Sends one request at each of these times. @returns the times that were granted */
function listGranted(times: readonly number[]): number[] {
  const limiter = new CallRateLimiter();
  return times.filter((at) => {
    try {
      limiter.take('1', route, 'ap-jakarta', at);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'RequestLimitExceeded') return false;
      throw error;
    }
  });
}

const within = (times: readonly number[], from: number) =>
  times.filter((at) => at >= from && at < from + 1000).length;

/** Gaps between requests in ms: mostly bursts, with pauses about as long as the window. */
const gaps = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 900, max: 1100 })),
  // More than the limit, or nothing would be refused; fast-check prefers short arrays by default.
  { minLength: 60, maxLength: 300, size: 'max' },
);
const runningTimes = (steps: readonly number[]) => {
  let now = 1_000_000;
  return steps.map((step) => {
    now += step;
    return now;
  });
};

test('allows no more than the limit in any second, and refuses no request below it', () => {
  fc.assert(
    fc.property(gaps, (steps) => {
      const times = runningTimes(steps);
      const granted = listGranted(times);
      for (const at of granted) expect(within(granted, at)).toBeLessThanOrEqual(rate);
      for (const at of times.filter((time) => !granted.includes(time))) {
        expect(within(granted, at - 999)).toBe(rate);
      }
    }),
  );
});

test('blocks no request when the clock is set back', () => {
  const burst = Array.from({ length: rate }, () => 9_000_000);
  expect(listGranted([...burst, 1_000_000])).toEqual([...burst, 1_000_000]);
});

test('lets requests through again by the machine’s clock while the sandbox’s is stopped', () => {
  const limiter = new CallRateLimiter();
  const take = (wallNow: number) => limiter.take('1', route, 'ap-jakarta', 5_000_000, wallNow);
  for (let n = 0; n < rate; n += 1) take(n);
  expect(() => take(999)).toThrow(ApiError);
  take(1000);
  expect(() => take(1000)).toThrow(ApiError);
  take(1001);
});

test('counts users and regions separately', () => {
  const limiter = new CallRateLimiter();
  const take = (uin: string, region: string) => limiter.take(uin, route, region, 5_000_000);
  for (let n = 0; n < rate; n += 1) take('1', 'ap-jakarta');
  expect(() => take('1', 'ap-jakarta')).toThrow(ApiError);
  take('1', 'ap-tokyo');
  take('2', 'ap-jakarta');
});

test('gives each action the limit of its page, or the common one', () => {
  const getRate = (service: ServiceName, action: string) => permittedRate({ service, action });
  expect(getRate('clb', 'CreateRule')).toBe(20);
  expect(getRate('cvm', 'DescribeInstances')).toBe(40);
  expect(getRate('scf', 'InvokeFunction')).toBe(10_000);
  expect(getRate('dnspod', 'ModifyRecord')).toBe(500);
  expect(getRate('cam', 'ListAttachedUserAllPolicies')).toBe(5);
  expect(getRate('tag', 'DescribeTags')).toBe(60);
});
