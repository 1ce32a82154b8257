import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countExceptions,
  getExactInterval,
  getWilsonInterval,
  roundPercent,
  testByChiSquare,
  testExactly,
  testShare,
} from './binomial';

/* Compared with an independent computation in integers, and with published values. */

const observation = fc
  .integer({ min: 1, max: 60 })
  .chain((n) => fc.record({ n: fc.constant(n), k: fc.integer({ min: 0, max: n }) }));

/** Returns the probabilities of 0 to n successes by integers, for a share of a/b. */
function listExactly(n: number, a: bigint, b: bigint): readonly bigint[] {
  const all: bigint[] = [];
  let choose = 1n;
  for (let k = 0; k <= n; k += 1) {
    all.push(choose * a ** BigInt(k) * (b - a) ** BigInt(n - k));
    choose = (choose * BigInt(n - k)) / BigInt(k + 1);
  }
  return all;
}
const scale = 10n ** 15n;
const toNumber = (numerator: bigint, denominator: bigint) =>
  Number((numerator * scale) / denominator) / Number(scale);

describe('the exact test', () => {
  it('sums what is at most as likely as the observation', () => {
    fc.assert(
      fc.property(observation, fc.integer({ min: 1, max: 99 }), ({ n, k }, percent) => {
        const all = listExactly(n, BigInt(percent), 100n);
        const own = all[k] ?? 0n;
        const sum = all.filter((each) => each * 10_000_000n <= own * 10_000_001n).reduce((a, b) => a + b, 0n);
        expect(testExactly(k, n, percent / 100)).toBeCloseTo(toNumber(sum, 100n ** BigInt(n)), 9);
      }),
    );
  });

  it('is that of R: binom.test(682, 925, p = 0.75)', () => {
    expect(testExactly(682, 925, 0.75)).toBeCloseTo(0.3825, 4);
    const { low, high } = getExactInterval(682, 925);
    expect(low).toBeCloseTo(0.7076683, 6);
    expect(high).toBeCloseTo(0.7654066, 6);
  });

  it('knows shares of nothing and of everything', () => {
    expect([testExactly(0, 10, 0), testExactly(1, 10, 0), testExactly(10, 10, 1)]).toEqual([1, 0, 1]);
  });
});

describe('the exact interval', () => {
  it('has tails of 2.5 % at its bounds, by integers', () => {
    const million = 1_000_000n;
    const sumTail = (from: number, to: number, n: number, share: number) => {
      const all = listExactly(n, BigInt(Math.round(share * 1e6)), million);
      return toNumber(
        all.slice(from, to + 1).reduce((a, b) => a + b, 0n),
        million ** BigInt(n),
      );
    };
    fc.assert(
      fc.property(observation, ({ n, k }) => {
        const { low, high } = getExactInterval(k, n);
        if (k > 0) expect(sumTail(k, n, n, low)).toBeCloseTo(0.025, 3);
        if (k < n) expect(sumTail(0, k, n, high)).toBeCloseTo(0.025, 3);
        expect(low).toBeLessThanOrEqual(k / n);
        expect(high).toBeGreaterThanOrEqual(k / n);
      }),
    );
  });
});

describe('for many observations', () => {
  it('Wilson’s interval ends exactly at 0 and 1 where no observation is on the other side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1001, max: 1_000_000 }), (n) => {
        expect([getWilsonInterval(0, n).low, getWilsonInterval(n, n).high]).toEqual([0, 1]);
      }),
    );
  });

  it('Wilson’s interval has the bounds at which the normal test is at its limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1001, max: 1_000_000 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, share) => {
          const k = Math.round(share * n);
          const { low, high } = getWilsonInterval(k, n);
          for (const bound of [low, high]) {
            const z = Math.abs(k / n - bound) / Math.sqrt((bound * (1 - bound)) / n);
            expect(z).toBeCloseTo(1.959963984540054, 6);
          }
        },
      ),
    );
  });

  it('chi-square agrees with the exact test, and has its known critical values', () => {
    // NIST: 3.841 and 6.635 for 5 % and 1 % with one degree of freedom.
    const atCritical = (critical: number) => testByChiSquare(5000 + Math.sqrt(critical * 2500), 10_000, 0.5);
    expect(atCritical(3.841458820694124)).toBeCloseTo(0.05, 5);
    expect(atCritical(6.6348966010212145)).toBeCloseTo(0.01, 5);
    for (const k of [470, 500, 530, 560])
      expect(Math.abs(testByChiSquare(k, 1000, 0.5) - testExactly(k, 1000, 0.5))).toBeLessThan(0.03);
  });
});

describe('a share against the intended one', () => {
  it('is likely if the interval includes it, and unlikely far away', () => {
    expect(testShare(0, 0, 0.5)).toBeNull();
    const near = testShare(310, 600, 0.5);
    expect(near?.pValue).toBeGreaterThan(0.4);
    expect(near?.low).toBeLessThan(0.5);
    const far = testShare(6200, 10_000, 0.5);
    expect(far).toMatchObject({ share: 0.62, n: 10_000 });
    expect(far?.pValue).toBeLessThan(0.001);
    expect(far?.low).toBeGreaterThan(0.6);
  });

  it('has a narrower interval with more observations', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 10 }), (tens, k) => {
        const width = (times: number) => {
          const test = testShare(k * tens * times, 10 * tens * times, 0.5);
          return (test?.high ?? 0) - (test?.low ?? 0);
        };
        return width(4) < width(1);
      }),
    );
  });
});

describe('a written share', () => {
  it('is 0 or 100 only if it is exactly that', () => {
    const write = (percents: readonly number[], digits: number) =>
      percents.map((percent) => roundPercent(percent, digits));
    expect(write([0, 0.04, 0.06, 7.000000000000001, 62.45, 99.94, 99.96, 100], 1)).toEqual([
      0, 0.1, 0.1, 7, 62.5, 99.9, 99.9, 100,
    ]);
    expect(write([0.4, 33.4, 99.6], 0)).toEqual([1, 33, 99]);
  });

  it('has exceptions only if all or nothing is intended', () => {
    const test = { share: 59_999 / 60_000, n: 60_000 };
    expect([1, 0.5, 0].map((intended) => countExceptions(test, intended))).toEqual([1, 0, 59_999]);
    expect(countExceptions({ share: 1, n: 60_000 }, 1)).toBe(0);
  });
});
