import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listMovingTtls } from '@/testing/plan/moving-ttls';
import {
  anyOrder,
  buildPlan,
  oncePerObject,
  sharedSeed,
  situations,
} from '@/testing/plan/planned-situations';
import { readAgain } from '@/testing/plan/test-read-again';
import { walkBack, walkThere } from '@/testing/plan/test-walk';
import { expectWanted } from '@/testing/plan/test-wanted';
import { sameStock } from '@/testing/simulation/cloud/same-stock';
import { createStock } from '@/testing/simulation/cloud/stock';
import { generateSituation, type Situation } from '@/testing/simulation/generate-situation';
import { collectScope } from '@/testing/simulation/invariants/scope';
import { planHash } from './model/hash';

/* Properties of every plan, over random estates and diversions of all kinds: each for the same 400. */

const situation = situations(generateSituation);
/** Returns whether the name of an object to be created is in use: such a run is stopped at its first check. */
const isTaken = ({ estate, diversion }: Situation) =>
  diversion.creates.loadBalancers.some(({ name }) => estate.loadBalancers.some((lb) => lb.name === name));
const free = situation.filter((given) => !isTaken(given));
const numRuns = 400;

const planOnce = oncePerObject(buildPlan);

const property = (holds: (given: Situation & { readonly seed: number }, order: number) => void) =>
  fc.assert(
    fc.property(free, fc.integer({ min: 1, max: 1_000_000 }), (given, order) => holds(given, order)),
    { numRuns, seed: sharedSeed },
  );

/** Applies the whole plan, in the same order for all properties of a situation. */
const applyOnce = oncePerObject((given: Situation & { readonly seed: number }) =>
  walkThere(createStock(given.estate), planOnce(given), anyOrder(given.seed)),
);

describe('a plan', () => {
  it('applies everything that the diversion requests, in any order that its batches allow', () => {
    property((given) => {
      const there = applyOnce(given);
      expectWanted({ estate: given.estate, stock: there.first }, there.stock, given.diversion);
    });
  });

  it('touches only objects of the diversion', () => {
    property((given, order) => {
      const back = walkBack(applyOnce(given), planOnce(given), anyOrder(order));
      const scope = collectScope(given.diversion, given.estate);
      expect([...back.touched].filter((key) => !scope.has(key))).toEqual([]);
    });
  });

  it('rolls back to the original state from any point', () => {
    property((given, order) => {
      const plan = planOnce(given);
      const { first: stock } = applyOnce(given);
      const writes = plan.steps.filter(({ kind }) => kind === 'write').length;
      for (const cut of new Set([0, order % (writes + 1), writes])) {
        const there = cut === writes ? applyOnce(given) : walkThere(stock, plan, anyOrder(order), cut);
        expect(there.done).toHaveLength(cut);
        const back = walkBack(there, plan, anyOrder(order + 1));
        expect(sameStock(back.stock, stock), `after ${cut} of ${writes}`).toBe(true);
      }
    });
  });

  it('serves no answer with more than the lower TTL while it moves a name', () => {
    property((given) => {
      const { lowerTtlS } = given.diversion;
      fc.pre(lowerTtlS !== null);
      expect(Math.max(0, ...listMovingTtls(planOnce(given)))).toBeLessThanOrEqual(lowerTtlS ?? 0);
    });
  });

  it('is empty if everything is already in place', () => {
    property((given) => {
      const { stock } = applyOnce(given);
      const again = buildPlan({ ...given, estate: readAgain(given.estate, stock) });
      expect(again.steps).toEqual([]);
      expect(again.rollback).toEqual([]);
    });
  });

  it('orders every step after its dependencies, on apply and rollback', () => {
    property((given) => {
      const plan = planOnce(given);
      for (const steps of [plan.steps, plan.rollback])
        steps.forEach((step, index) => {
          const before = steps.slice(0, index).map(({ id }) => id);
          expect(before).toEqual(expect.arrayContaining([...step.needs]));
        });
    });
  });

  it('never creates a second load balancer under a taken name', () => {
    fc.assert(
      fc.property(situation.filter(isTaken), (given) => {
        expect(() => walkThere(createStock(given.estate), buildPlan(given), () => 0)).toThrow(
          /loadBalancer.* is as/,
        );
      }),
      { numRuns: 20 },
    );
  });

  it('is the same, to its hash, for the same inputs', async () => {
    await fc.assert(
      fc.asyncProperty(situation, async (given) => {
        const copy: Situation = structuredClone({ estate: given.estate, diversion: given.diversion });
        expect(await planHash(buildPlan(given))).toBe(await planHash(buildPlan(copy)));
      }),
      { numRuns: 100 },
    );
  });
});
