import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import type { BakeStep, Plan } from '@/lib/plan/model/model';
import type { StepView } from '@/lib/run/model/model';
import { testRun, testView } from '@/testing/components/test-run';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch, testWaves } from '@/testing/plan/test-estate';
import { getFunctionShare } from './function-share';

/** The steps of a plan with all before the n-th completed. */
const upTo = (steps: Plan['steps'], done: number): StepView[] =>
  steps.map((step, index) => testView(step, index < done ? 'done' : 'todo'));

function planRamp(): Plan {
  const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] });
  const ramp = [10, 50, 100].map((percent) => ({ percent, bakeS: percent === 100 ? 0 : 60 }));
  return createTestPlan({ estate, diversion: { ...testSwitch(), ramp } });
}
/** The number of steps before each bake of a ramp, and before the first step of the divert. */
const beforeBakes = (plan: Plan) =>
  plan.steps.flatMap((step, index) =>
    step.kind === 'bake' && step.phase === 'divert' ? [{ index, percent: step.percent }] : [],
  );

describe('the intended share of the function', () => {
  it('follows the ramp of a Switch, move by move', () => {
    const plan = planRamp();
    const share = (done: number) =>
      getFunctionShare({ direction: 'apply', plan, apply: upTo(plan.steps, done), rollback: [] });
    const bakes = beforeBakes(plan);
    expect(bakes.map(({ percent }) => percent)).toEqual([10, 50]);
    expect(bakes.map(({ index }) => share(index))).toEqual([10, 50]);
    expect(share(plan.steps.length)).toBe(100);
    // The plan doesn't contain the share before the first move.
    expect(share(plan.steps.findIndex(({ phase }) => phase === 'divert'))).toBeNull();
    // A move of several writes counts when all of them are complete.
    expect(share((bakes[1]?.index ?? 0) - 1)).toBe(10);
  });

  it('is the share of names whose waves have moved', () => {
    const diversion = testWaves([
      ['a.example.co.id'],
      ['b.example.co.id', 'c.example.co.id', 'd.example.co.id'],
    ]);
    const plan = createTestPlan({ diversion });
    const share = (done: number) =>
      getFunctionShare({ direction: 'apply', plan, apply: upTo(plan.steps, done), rollback: [] });
    const second = plan.steps.findIndex(({ phase, wave }) => phase === 'divert' && wave === 2);
    expect(share(plan.steps.findIndex(({ phase }) => phase === 'divert'))).toBeNull();
    expect(share(second)).toBe(25);
    expect(share(second + 1)).toBe(25);
    expect(share(plan.steps.length)).toBe(100);
  });

  it('is the remaining share when a Switch moves to CVM', () => {
    const plan = { ...planRamp(), diversion: { ...testSwitch(), toward: 'cvm' as const } };
    const bakes = beforeBakes(plan);
    const share = (done: number) =>
      getFunctionShare({ direction: 'apply', plan, apply: upTo(plan.steps, done), rollback: [] });
    expect(bakes.map(({ index }) => share(index))).toEqual([90, 50]);
  });

  it('is all or nothing for a Split, and nothing again after its rollback has moved DNS', () => {
    const run = testRun();
    const { steps, rollback } = run.plan;
    const share = (change: Partial<typeof run>) => getFunctionShare({ ...run, ...change });
    const divert = steps.findIndex(({ phase }) => phase === 'divert');
    expect(share({ apply: upTo(steps, divert) })).toBe(0);
    expect(share({ apply: upTo(steps, steps.length) })).toBe(100);
    const turned = { direction: 'rollback', apply: upTo(steps, steps.length) } as const;
    expect(share({ ...turned, rollback: upTo(rollback, 0) })).toBe(100);
    const moved = rollback.findIndex(({ phase }) => phase === 'rollback');
    expect(share({ ...turned, rollback: upTo(rollback, moved + 1) })).toBe(0);
  });
});

it('distinguishes a wait of prewarm from a bake of the ramp', () => {
  const plan = planRamp();
  const bake = plan.steps.find((step): step is BakeStep => step.kind === 'bake');
  invariant(bake !== undefined, 'a ramp bakes');
  const wait: BakeStep = { ...bake, phase: 'prewarm', percent: null };
  const steps = [wait, ...plan.steps];
  const apply = upTo(steps, 1);
  expect(getFunctionShare({ direction: 'apply', plan, apply, rollback: [] })).toBeNull();
});
