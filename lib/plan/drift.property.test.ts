import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Estate } from '@/lib/estate/model';
import { objectKey } from '@/lib/estate/object-state';
import { isAsWanted } from '@/lib/estate/record-shares';
import { PlanId } from '@/lib/plan/model/model';
import { type BaselineState, baselineStates, runBaseline } from '@/lib/run/model/baseline-states';
import type { RunEvent } from '@/lib/run/model/model';
import { bindSteps } from '@/lib/run/model/placeholders';
import { RunId } from '@/lib/run/model/run-id';
import { buildPlan, oncePerObject, sharedSeed, situations } from '@/testing/plan/planned-situations';
import { readAgain } from '@/testing/plan/test-read-again';
import { type Walked, walkBack, walkThere } from '@/testing/plan/test-walk';
import { buildEdit } from '@/testing/simulation/cloud/foreign-edit';
import { sameStock } from '@/testing/simulation/cloud/same-stock';
import { createStock, readObject, type Stock } from '@/testing/simulation/cloud/stock';
import { generateSituation, type Situation } from '@/testing/simulation/generate-situation';
import { checkExpectation } from './drift';
import type { StepId } from './model/model';
import { planRestore } from './plan-restore';

/* Drift and its restore plans, over random estates, diversions of all kinds and changes by others: each property for the
 * same 400 situations at most. */

const situation = situations(generateSituation).filter(
  ({ estate, diversion }) =>
    !diversion.creates.loadBalancers.some(({ name }) => estate.loadBalancers.some((lb) => lb.name === name)),
);
const edit = fc.record({ object: fc.nat(20), kind: fc.constant('own' as const), variant: fc.nat(30) });
const numRuns = 400;
const first = () => 0;

const minute = (n: number) => new Date(Date.UTC(2027, 0, 1, 0, n)).toISOString();

/** Returns the journal events of completed writes. */
function doneEvents(
  ids: readonly StepId[],
  placeholders: Walked['placeholders'],
  direction: 'apply' | 'rollback',
) {
  return ids.map((stepId): RunEvent => {
    const done = { stepId, outcome: 'applied', requestId: 'r', durationMs: 1 } as const;
    return { type: 'stepDone', ...done, ids: Object.fromEntries(placeholders), at: minute(1), direction };
  });
}

/** Returns an estate after its diversion was applied, the baseline of the run, and the current state of the cloud. */
const applied = oncePerObject((given: Situation) => {
  const plan = buildPlan(given);
  const there = walkThere(createStock(given.estate), plan, first);
  const events = doneEvents(there.done, there.placeholders, 'apply');
  const left = baselineStates([
    runBaseline({ id: RunId.parse('R-1'), planId: PlanId.parse('P-1'), plan, events }),
  ]);
  return { plan, there, events, left, bound: { ...plan, steps: bindSteps(plan.steps, there.placeholders) } };
});

const look = (estate: Estate, stock: Stock): Estate => ({ ...readAgain(estate, stock), takenAt: minute(2) });
const drifted = (estate: Estate, left: readonly BaselineState[]) =>
  left.filter((each) => checkExpectation(estate, each).kind === 'drifted');
const keys = (left: readonly BaselineState[]) => left.map(({ object }) => objectKey(object)).sort();
let made = 5000;
const newId = () => (made += 1);

describe('drift', () => {
  it('is empty right after a plan was applied, or without a sync since then', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { plan, there, left } = applied(given);
        const written = new Set(
          bindSteps(plan.steps, there.placeholders).flatMap((s) =>
            s.kind === 'write' ? objectKey(s.object) : [],
          ),
        );
        expect(keys(left)).toEqual([...written].sort());
        const estate = look(given.estate, there.stock);
        for (const each of left) expect(checkExpectation(estate, each)).toEqual({ kind: 'asExpected' });
        const before = { ...estate, takenAt: minute(0) };
        for (const each of left) expect(checkExpectation(before, each)).toEqual({ kind: 'notSynced' });
      }),
      { numRuns, seed: sharedSeed },
    );
  });

  it('is empty after a rollback', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { plan, there, events } = applied(given);
        const back = walkBack(there, plan, first);
        const undone = doneEvents(back.done.slice(there.done.length), there.placeholders, 'rollback');
        expect(
          baselineStates([
            runBaseline({
              id: RunId.parse('R-1'),
              planId: PlanId.parse('P-1'),
              plan,
              events: [...events, ...undone],
            }),
          ]),
        ).toEqual([]);
      }),
      { numRuns: 100, seed: sharedSeed },
    );
  });

  it('includes exactly the objects that another actor has changed', () => {
    let found = 0;
    fc.assert(
      fc.property(situation, edit, (given, change) => {
        const { there, left, bound } = applied(given);
        const foreign = bound.steps.length === 0 ? null : buildEdit(bound, change, there.stock);
        if (foreign === null) return;
        const stock = foreign.change(there.stock, newId);
        const differs = left.filter(
          ({ object, state }) => !isAsWanted(readObject(stock, object).state, state),
        );
        expect(keys(drifted(look(given.estate, stock), left))).toEqual(keys(differs));
        if (differs.length > 0) found += 1;
      }),
      { numRuns, seed: sharedSeed },
    );
    expect(found).toBeGreaterThan(numRuns / 4);
  });

  it('is empty if other fields have changed', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { there, left } = applied(given);
        const touched = new Set(left.flatMap(({ object }) => (object.kind === 'rule' ? object.domain : [])));
        const rules = there.stock.rules.map((rule) =>
          touched.has(rule.domain) ? rule : { ...rule, targets: [] },
        );
        const names = new Set(
          left.flatMap(({ object }) => (object.kind === 'recordSet' ? object.subdomain : [])),
        );
        const records = there.stock.records.map((record) =>
          names.has(record.subdomain) ? record : { ...record, value: '203.0.113.99' },
        );
        expect(drifted(look(given.estate, { ...there.stock, rules, records }), left)).toEqual([]);
      }),
      { numRuns: 100, seed: sharedSeed },
    );
  });

  it('is unknown in parts that could not be read, and in regions that are not synced', () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { there, left } = applied(given);
        const estate = look(given.estate, there.stock);
        const regions = [...new Set(left.flatMap(({ object }) => ('region' in object ? object.region : [])))];
        const parts = ['dnspod', ...regions.flatMap((region) => [`clb/${region}`, `scf/${region}`])];
        const gaps = parts.map((part) => ({ part, reason: 'denied' }));
        for (const each of left) expect(checkExpectation({ ...estate, gaps }, each).kind).toBe('unread');
        for (const each of left.filter(({ object }) => 'region' in object))
          expect(checkExpectation({ ...estate, regions: [] }, each).kind).toBe('unread');
      }),
      { numRuns: 100, seed: sharedSeed },
    );
  });

  it('ends once it is accepted, and begins again with the next change', () => {
    fc.assert(
      fc.property(situation, edit, edit, (given, change, next) => {
        const { there, left, bound } = applied(given);
        const foreign = bound.steps.length === 0 ? null : buildEdit(bound, change, there.stock);
        if (foreign === null) return;
        const stock = foreign.change(there.stock, newId);
        const accepted = left.map((each) => ({ ...each, state: readObject(stock, each.object).state }));
        expect(drifted(look(given.estate, stock), accepted)).toEqual([]);
        const again = buildEdit(bound, next, stock);
        if (again === null) return;
        const later = again.change(stock, newId);
        const isOther = !isAsWanted(readObject(later, again.ref).state, readObject(stock, again.ref).state);
        const key = objectKey(again.ref);
        expect(keys(drifted(look(given.estate, later), accepted)).includes(key)).toBe(isOther);
      }),
      { numRuns, seed: sharedSeed },
    );
  });
});

describe('a restore plan', () => {
  it('applies to the expected state and rolls back to the drifted one, from any state', () => {
    const reasons = new Map<string, number>();
    fc.assert(
      fc.property(situation, edit, (given, change) => {
        const { there, left, bound } = applied(given);
        const foreign = bound.steps.length === 0 ? null : buildEdit(bound, change, there.stock);
        if (foreign === null) return;
        const stock = foreign.change(there.stock, newId);
        const estate = look(given.estate, stock);
        const found = drifted(estate, left);
        if (found.length === 0) return;
        const restores = found.map(({ object, state }) => ({ object, state }));
        const planned = planRestore({ estate, diversion: given.diversion, restores, keepAliveS: 75 });
        if (!planned.ok) {
          for (const { reason } of planned.error) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
          return;
        }
        reasons.set('planned', (reasons.get('planned') ?? 0) + 1);
        const after = walkThere(stock, planned.value, first);
        expect(drifted(look(given.estate, after.stock), left)).toEqual([]);
        expect(sameStock(walkBack(after, planned.value, first).stock, stock)).toBe(true);
      }),
      { numRuns, seed: sharedSeed },
    );
    const refused = [...reasons].filter(([name]) => name !== 'planned').reduce((sum, [, n]) => sum + n, 0);
    expect(reasons.get('planned') ?? 0).toBeGreaterThan(2 * refused);
  });
});
