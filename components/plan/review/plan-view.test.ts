import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareStates, stateLines } from '@/components/steps/state-lines';
import { countSteps, findMaker, groupSteps, numberSteps } from '@/components/steps/step-groups';
import type { Estate } from '@/lib/estate/model';
import { sameState } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import {
  arbitraryEstate,
  testEstate,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
} from '@/testing/plan/test-estate';
import { routeRows } from './route-rows';

function buildPlan(estate = testEstate()): Plan {
  const planned = planDiversion({ estate, diversion: testSplit(), keepAliveS: 75 });
  if (!planned.ok) throw new Error('the test estate has everything that the Split names');
  return planned.value;
}

describe('steps', () => {
  it('are numbered by their writes only', () => {
    const numbers = numberSteps(buildPlan().steps).map(({ step, number }) => [step.kind, number]);
    expect(numbers).toEqual([
      ['write', 1],
      ['write', 2],
      ['probe', null],
      ['write', 3],
      ['probe', null],
      ['probe', null],
    ]);
  });

  it('keep their order in groups', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        for (const steps of [buildPlan(estate).steps, buildPlan(estate).rollback]) {
          expect(groupSteps(steps).flatMap((group) => group.steps.map(({ step }) => step))).toEqual(steps);
        }
      }),
    );
  });

  it('count waiting separately from work', () => {
    const { steps, rollback } = buildPlan();
    expect(countSteps(steps)).toMatchObject({ writes: 3, probes: 3, waitS: 0, regions: ['ap-singapore'] });
    expect(countSteps(rollback)).toMatchObject({ writes: 3, waitS: 135 });
  });

  it('name the step that creates an unknown id, and mention that the rollback reads it', () => {
    const { steps, rollback } = buildPlan();
    const bind = steps.find(
      (step) => step.kind === 'write' && step.call.action === 'RegisterFunctionTargets',
    );
    const remove = rollback.find((step) => step.kind === 'write' && step.call.action === 'DeleteRule');
    if (bind?.kind !== 'write' || remove?.kind !== 'write') throw new Error('the plan makes a rule');
    expect(findMaker(steps, bind)).toBe(1);
    expect(findMaker(rollback, remove)).toBeNull();
  });
});

describe('routes', () => {
  it('show the route that stays, the one that ends and the one that begins', () => {
    const estate = testEstate();
    const rows = routeRows(buildPlan(estate), estate);
    expect(rows.map((row) => [row.change, row.loadBalancer.name, row.backend.kind])).toEqual([
      ['same', 'lb-cvm', 'cvm'],
      ['gone', 'lb-cvm', 'cvm'],
      ['new', 'lb-scf', 'scf'],
    ]);
  });

  it('are shown by their ids without an estate', () => {
    const rows = routeRows(buildPlan(), null);
    expect(rows.map((row) => [row.change, row.loadBalancer.name])).toEqual([
      ['same', 'lb-cvm'],
      ['gone', '127.77.1.1'],
      ['new', 'lb-scf'],
    ]);
  });

  it('of a Switch show the old and the new share of each side', () => {
    const estate = testEstate({
      records: [
        testRecord(12, 'flash', '127.77.1.1', { weight: 80 }),
        testRecord(13, 'flash', '127.77.1.2', { weight: 20 }),
      ],
    });
    const rows = (ramp: readonly number[], of: Estate | null) => {
      const planned = planDiversion({ estate, diversion: testSwitch({ ramp }), keepAliveS: 75 });
      invariant(planned.ok, 'the test estate has what the Switch names');
      return routeRows(planned.value, of).map(({ change, record, loadBalancer }) => {
        const { value, from, to, isNew } = record.detail?.values ?? {};
        return [change, value, from, to, isNew, loadBalancer.name].join(' ');
      });
    };
    expect(rows([10, 50, 100], estate)).toEqual([
      'gone 127.77.1.1 80 0 false lb-cvm',
      'share 127.77.1.2 20 100 false lb-scf',
    ]);
    expect(rows([30], estate)).toEqual([
      'share 127.77.1.1 80 70 false lb-cvm',
      'share 127.77.1.2 20 30 false lb-scf',
    ]);
    expect(rows([30], null).at(-1)).toBe('share 127.77.1.2 20 30 false lb-scf');
  });

  it('include parts that could not be read', () => {
    const gone = { loadBalancers: [], listeners: [], rules: [] };
    const details = (gaps: readonly object[]) =>
      routeRows(buildPlan(), testEstate({ ...gone, gaps })).map(({ loadBalancer, listener }) => [
        loadBalancer.detail?.key,
        listener.detail?.key,
      ]);
    const all = (key: string) => Array.from({ length: 3 }, () => [key, key]);
    expect(details([{ part: 'clb/ap-jakarta', reason: '502' }])).toEqual(all('unread'));
    expect(details([])).toEqual(all('unknown'));
  });

  it('name the rule to create that exists already, as after a re-plan', () => {
    const known = testEstate();
    const flash = testRule('loc-flash', 'lb-scf', 'flash.example.co.id');
    const estate = testEstate({ rules: [...known.rules, flash] });
    const rows = routeRows(buildPlan(estate), estate);
    expect(rows.find(({ id }) => id === 'route-1')?.rule).toEqual({
      name: '/',
      detail: { key: 'id', values: { id: 'loc-flash' } },
    });
  });

  it('have one row for each route over any estate', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const rows = routeRows(buildPlan(estate), estate);
        expect(rows.filter((row) => row.id === 'route-0')).toHaveLength(1);
        expect(rows.filter((row) => row.id === 'route-1')).toHaveLength(1);
        expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
      }),
    );
  });
});

describe('states', () => {
  it('show exactly the differences of two states', () => {
    fc.assert(
      fc.property(arbitraryEstate, (estate) => {
        const states = buildPlan(estate).steps.flatMap((s) =>
          s.kind === 'write' ? [s.before, s.after] : [],
        );
        for (const a of states) {
          for (const b of states.filter((state) => state.kind === a.kind)) {
            const { from, to, same } = compareStates(a, b);
            const isMarked = [...from, ...to].some((line) => line.change !== 'same');
            expect(isMarked).toBe(!sameState(a, b));
            expect(same).toBe(!isMarked);
          }
        }
      }),
    );
  });

  it('are never empty', () => {
    expect(stateLines({ kind: 'recordSet', records: [] })).toMatchObject([{ key: 'noRecords' }]);
    expect(stateLines({ kind: 'rule', exists: true, targets: [], functions: [] })).toMatchObject([
      { key: 'emptyRule' },
    ]);
  });
});
