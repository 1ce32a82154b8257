import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { readAgain } from '@/testing/plan/test-read-again';
import { type Choose, walkBack, walkThere } from '@/testing/plan/test-walk';
import { expectWanted } from '@/testing/plan/test-wanted';
import { sameStock } from '@/testing/simulation/cloud/same-stock';
import { createStock } from '@/testing/simulation/cloud/stock';
import { generateSituation, type Situation } from '@/testing/simulation/generate-situation';
import { collectScope } from '@/testing/simulation/invariants/scope';
import { createRandom } from '@/testing/simulation/random';
import { planHash } from './model/hash';
import type { Plan } from './model/model';
import { planDiversion } from './plan-diversion';

/* Properties of every plan, over random estates and diversions of all kinds. */

/** Estates and diversions by the seed that creates them, which is printed when a property fails. */
const situation = fc
  .integer({ min: 1, max: 2 ** 31 - 1 })
  .map((seed) => ({ seed, ...generateSituation(createRandom(seed)), toString: () => `seed ${seed}` }));
/** Returns whether the name of an object to be created is in use: such a run is held at its first check. */
const isTaken = ({ estate, diversion }: Situation) =>
  diversion.creates.loadBalancers.some(({ name }) => estate.loadBalancers.some((lb) => lb.name === name));
const free = situation.filter((given) => !isTaken(given));
const numRuns = 400;

function buildPlan({ estate, diversion }: Situation): Plan {
  const planned = planDiversion({ estate, diversion, keepAliveS: 75 });
  invariant(planned.ok, 'what is generated can be planned');
  return planned.value;
}

/** Returns a function that picks among ready steps in any order. */
function anyOrder(seed: number): Choose {
  const random = createRandom(seed);
  return (count) => random.int(0, count - 1);
}

const property = (holds: (given: Situation & { readonly seed: number }, order: number) => void) =>
  fc.assert(
    fc.property(free, fc.integer({ min: 1, max: 1_000_000 }), (given, order) => holds(given, order)),
    { numRuns },
  );

describe('a plan', () => {
  it('applies everything that the diversion requests, in any order that its batches allow', () => {
    property((given, order) => {
      const stock = createStock(given.estate);
      const there = walkThere(stock, buildPlan(given), anyOrder(order));
      expectWanted({ estate: given.estate, stock }, there.stock, given.diversion);
    });
  });

  it('touches only objects of the diversion', () => {
    property((given, order) => {
      const plan = buildPlan(given);
      const there = walkThere(createStock(given.estate), plan, anyOrder(order));
      const back = walkBack(there, plan, anyOrder(order + 1));
      const scope = collectScope(given.diversion, given.estate);
      expect([...back.touched].filter((key) => !scope.has(key))).toEqual([]);
    });
  });

  it('rolls back to the original state from any point', () => {
    property((given, order) => {
      const plan = buildPlan(given);
      const stock = createStock(given.estate);
      const writes = plan.steps.filter(({ kind }) => kind === 'write').length;
      for (const cut of new Set([0, order % (writes + 1), writes])) {
        const there = walkThere(stock, plan, anyOrder(order), cut);
        expect(there.done).toHaveLength(cut);
        const back = walkBack(there, plan, anyOrder(order + 1));
        expect(sameStock(back.stock, stock), `after ${cut} of ${writes}`).toBe(true);
      }
    });
  });

  it('is empty if everything is already in place', () => {
    property((given, order) => {
      const { stock } = walkThere(createStock(given.estate), buildPlan(given), anyOrder(order));
      const again = buildPlan({ ...given, estate: readAgain(given.estate, stock) });
      expect(again.steps).toEqual([]);
      expect(again.revert).toEqual([]);
    });
  });

  it('orders every step after its dependencies, on apply and rollback', () => {
    property((given) => {
      const plan = buildPlan(given);
      for (const steps of [plan.steps, plan.revert])
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
