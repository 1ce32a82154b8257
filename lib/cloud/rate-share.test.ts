import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideBudget, grantShare, type Holder } from '@/lib/worker/connections/rate-ledger';
import { ranks } from './rate-limiter';

const anyHolders = fc
  .array(
    fc.record({
      rank: fc.option(fc.constantFrom(...ranks)),
      permits: fc.nat({ max: 40 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => all.map((each, n): Holder => ({ ...each, name: `worker-${n}` })));
const anyRate = fc.integer({ min: 1, max: 500 });

describe('a budget', () => {
  it('is never exceeded, and is used up when the claims reach it', () => {
    fc.assert(
      fc.property(anyRate, anyHolders, (perSecond, holders) => {
        const parts = divideBudget(perSecond, holders);
        const sum = [...parts.values()].reduce((total, permits) => total + permits, 0);
        const asking = holders.filter(({ rank }) => rank !== null);
        const idle = holders.length - asking.length;
        if (asking.length === 0) expect(sum).toBe(0);
        else expect(sum).toBe(perSecond - Math.min(idle, Math.max(0, perSecond - asking.length)));
        for (const { name } of asking)
          expect(parts.get(name)).toBeGreaterThanOrEqual(asking.length <= perSecond ? 1 : 0);
      }),
    );
  });

  it('gives a higher rank at least as much as a lower one, and equal ranks the same, give or take one', () => {
    fc.assert(
      fc.property(anyRate, anyHolders, (perSecond, holders) => {
        const parts = divideBudget(perSecond, holders);
        const permits = (rank: string) =>
          holders.filter((each) => each.rank === rank).map(({ name }) => parts.get(name) ?? 0);
        for (const [n, rank] of ranks.entries()) {
          const own = permits(rank);
          expect(Math.max(0, ...own) - Math.min(...own, Number.MAX_SAFE_INTEGER)).toBeLessThanOrEqual(1);
          for (const lower of ranks.slice(n + 1))
            expect(Math.max(0, ...permits(lower))).toBeLessThanOrEqual(
              Math.min(...own, Number.MAX_SAFE_INTEGER),
            );
        }
      }),
    );
  });

  it('is mostly granted to a run, and leaves the sync of another worker at least one request', () => {
    const holders: Holder[] = [
      { name: 'a', rank: 'requested', permits: 20 },
      { name: 'b', rank: 'run', permits: 0 },
    ];
    expect([...divideBudget(20, holders)].sort()).toEqual([
      ['a', 4],
      ['b', 16],
    ]);
  });

  it('is granted only as far as others have released it', () => {
    fc.assert(
      fc.property(anyRate, anyHolders, (perSecond, [own, ...others]) => {
        if (own === undefined) return;
        const { permits, target } = grantShare(perSecond, own, others);
        const held = others.reduce((total, other) => total + other.permits, 0);
        expect(permits).toBeLessThanOrEqual(target);
        expect(permits).toBeGreaterThanOrEqual(0);
        if (permits > 0) expect(permits + held).toBeLessThanOrEqual(perSecond);
      }),
    );
  });
});
