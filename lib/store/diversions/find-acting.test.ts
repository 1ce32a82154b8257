import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectState } from '@/lib/estate/object';
import { ownedKey } from '@/lib/estate/object-state';
import { isAsWanted } from '@/lib/estate/record-shares';
import { bindPlan } from '@/lib/run/model/placeholders';
import { anyOrder, buildPlan, sharedSeed, situations } from '@/testing/plan/planned-situations';
import { readAgain } from '@/testing/plan/test-read-again';
import { walkBack, walkThere } from '@/testing/plan/test-walk';
import { leftRun } from '@/testing/run/test-left-run';
import { createStock, readObject, type Stock } from '@/testing/simulation/cloud/stock';
import { generateSituation } from '@/testing/simulation/generate-situation';
import { listInEffect } from './find-acting';

/** Situations without an object in the way of one to be created, which holds a run at its first check. */
const situation = situations(generateSituation).filter(({ estate, diversion }) =>
  diversion.creates.loadBalancers.every(({ name }) => estate.loadBalancers.every((lb) => lb.name !== name)),
);
const withoutTtls = (state: ObjectState): ObjectState =>
  state.kind === 'recordSet'
    ? { ...state, records: state.records.map((record) => ({ ...record, ttlS: 0 })) }
    : state;

const property = (holds: (given: ReturnType<typeof aborted>) => void) =>
  fc.assert(
    fc.property(situation, fc.nat({ max: 20 }), (given, cut) => holds(aborted(given, cut))),
    { numRuns: 200, seed: sharedSeed },
  );

/** Aborts a run after some writes. */
function aborted(given: Parameters<typeof buildPlan>[0], cut: number) {
  const plan = buildPlan(given);
  const walked = walkThere(createStock(given.estate), plan, anyOrder(1), cut);
  const run = leftRun(1, plan, walked);
  const list = (stock: Stock, takenAt = '2026-12-12T01:00:00.000Z') => {
    const estate = { ...readAgain(given.estate, stock), takenAt };
    return listInEffect(run, () => estate).map((object) => ownedKey(object, plan.connectionId));
  };
  return { plan, run, walked, list };
}

describe('the changes of a run that was left as is', () => {
  it('are in effect exactly on the objects that are not as before', () => {
    property(({ plan, run, walked, list }) => {
      const changed = bindPlan(plan, run.events).steps.flatMap((step) => {
        if (step.kind !== 'write' || !walked.done.includes(step.id)) return [];
        const [before, now] = [walked.first, walked.stock].map((stock) =>
          withoutTtls(readObject(stock, step.object).state),
        );
        // Weights that leave each record its share count as before, as for drift.
        return before && now && isAsWanted(now, before) ? [] : [ownedKey(step.object, plan.connectionId)];
      });
      expect(new Set(list(walked.stock))).toEqual(new Set(changed));
    });
  });

  it('are no longer in effect once someone has undone them, except in a snapshot from before', () => {
    property(({ plan, run, walked, list }) => {
      const { stock } = walkBack(walked, plan, anyOrder(2));
      expect(list(stock)).toEqual([]);
      const written = new Set(
        bindPlan(plan, run.events).steps.flatMap((step) =>
          step.kind === 'write' && walked.done.includes(step.id)
            ? [ownedKey(step.object, plan.connectionId)]
            : [],
        ),
      );
      expect(new Set(list(stock, '2026-12-11T23:59:59.000Z'))).toEqual(written);
      expect(new Set(listInEffect(run, () => null)).size).toBe(written.size);
    });
  });
});
