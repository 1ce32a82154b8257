import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '@/lib/plan/model/model';
import { noConditions } from '@/lib/preflight/model/conditions';
import { preflight } from '@/lib/preflight/preflight';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { generateSituation } from '@/testing/simulation/generate-situation';
import { createRandom } from '@/testing/simulation/random';
import { checkRollback } from './check-rollback';

const estate = testEstate();
const diversion = testSplit();
const { steps, rollback } = createTestPlan({ estate, diversion, keepAliveS: 0 });

function found(there: readonly Step[], back: readonly Step[]) {
  const given = { estate, before: estate, diversion, routes: [], problems: [] };
  const conditions = noConditions(estate);
  return checkRollback({ ...given, conditions, steps: there, rollback: back }).map(
    ({ status, why, objects }) => ({
      status,
      why,
      objects,
    }),
  );
}
const isDns = (step: Step) => step.kind === 'write' && step.object.kind === 'recordSet';
const isRule = (step: Step) => step.kind === 'write' && step.object.kind === 'rule';
const name = 'flash.example.co.id';

describe('rollback', () => {
  it('passes if all writes are rolled back', () => {
    expect(found(steps, rollback)).toEqual([{ status: 'pass', why: 'rollback.pass', objects: [] }]);
    expect(found([], [])).toEqual([]);
  });

  it.each([
    ['what nothing brings back', steps, rollback.filter((step) => !isDns(step)), 'missing'],
    [
      'what begins elsewhere',
      steps,
      rollback.map((step) => (isDns(step) && step.kind === 'write' ? { ...step, before: step.after } : step)),
      'elsewhere',
    ],
    [
      'what ends elsewhere',
      steps,
      rollback.map((step) => (isDns(step) && step.kind === 'write' ? { ...step, after: step.before } : step)),
      'other',
    ],
  ])('blocks %s', (_what, there, back, why) => {
    expect(found(there, back)).toEqual([{ status: 'block', why: `rollback.${why}`, objects: [name] }]);
  });

  it('blocks writes of one object that are not consecutive', () => {
    const torn = steps.filter(
      (step) => !isRule(step) || step.kind !== 'write' || step.call.action !== 'CreateRule',
    );
    const twice = [...torn, ...torn.filter(isRule)];
    expect(found(twice, rollback)).toMatchObject([{ status: 'block', why: 'rollback.torn' }]);
  });

  it('property: always passes the rollback of the planner', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
        const situation = generateSituation(createRandom(seed));
        const own = preflight(situation).filter(({ check }) => check === 'rollback');
        expect(own.filter(({ status }) => status !== 'pass')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
