import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plan, StepId } from '@/lib/plan/model/model';
import type { StepState } from '@/lib/run/model/model';
import { testCutover, testRun, testView } from '@/testing/components/test-run';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch, testWaves } from '@/testing/plan/test-estate';
import { listPlanRamp, listRamp } from './ramp';

const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] });
const ramp = [10, 50, 100].map((percent) => ({ percent, bakeS: percent === 100 ? 0 : 60 }));
const toFunction = createTestPlan({ estate, diversion: { ...testSwitch(), ramp } });
const inWaves = createTestPlan({
  diversion: testWaves([['a.example.co.id'], ['b.example.co.id', 'c.example.co.id']]),
});

type Change = Parameters<typeof testRun>[0];

const buildRun = (plan: Plan, change: Change = {}) => {
  const todo = (steps: Plan['steps']) => steps.map((step) => testView(step, 'todo'));
  return testRun({ plan, apply: todo(plan.steps), rollback: todo(plan.rollback), ...change });
};

/** The steps of a plan, those before the n-th done. */
const upTo = ({ steps }: Plan, done: number) =>
  steps.map((step, index) => testView(step, index < done ? 'done' : 'todo'));

const firstDivert = toFunction.steps.findIndex(({ phase }) => phase === 'divert');
const bake = toFunction.steps.findIndex(({ kind, phase }) => kind === 'bake' && phase === 'divert');

describe('the ramp of a plan', () => {
  it('has each share of a Switch once, between prewarm and the rollback', () => {
    const shares = listPlanRamp(toFunction).map(({ phase, percent }) => percent ?? phase);
    expect(shares.filter((each) => typeof each === 'number')).toEqual([10, 50, 100]);
    expect(shares.slice(shares.indexOf(100) + 1)).toEqual(['rollback', 'drain']);
  });

  it('shows the share that remains on the function while it moves back to the servers', () => {
    const plan = { ...toFunction, diversion: { ...testSwitch(), ramp, toward: 'cvm' as const } };
    expect(listPlanRamp(plan).flatMap(({ percent }) => percent ?? [])).toEqual([90, 50, 0]);
  });

  it('has each wave once', () => {
    const waves = listPlanRamp(inWaves).flatMap(({ wave, percent }) =>
      wave === null ? [] : [[wave, percent]],
    );
    expect(waves).toEqual([
      [1, 100],
      [2, 100],
    ]);
  });
});

describe('the ramp of a run', () => {
  it('is at the share that has moved, from its first call to the end of its bake', () => {
    const apply = upTo(toFunction, bake);
    const parts = listRamp(buildRun(toFunction, { apply }));
    expect(parts.find(({ state }) => state === 'live')?.percent).toBe(10);
    const over = listRamp(buildRun(toFunction, { apply: upTo(toFunction, bake + 2) }));
    expect(over.filter(({ percent }) => percent !== null).map(({ state }) => state)).toEqual([
      ...['done', 'live', 'todo'],
    ]);
  });

  it('is at the wave that moves', () => {
    const liveWave = (wave: number) => {
      const nth = inWaves.steps.findIndex((step) => step.phase === 'divert' && step.wave === wave);
      const parts = listRamp(buildRun(inWaves, { apply: upTo(inWaves, nth + 1) }));
      return parts.find(({ state }) => state === 'live')?.wave;
    };
    expect([liveWave(1), liveWave(2)]).toEqual([1, 2]);
  });

  it('shows where a run is stopped, even between two steps', () => {
    const stepId = toFunction.steps[firstDivert]?.id ?? StepId.parse('none');
    const at = '2026-12-11T15:00:05.000Z';
    const stopped = { at, stepId, reason: { kind: 'internal', message: 'x' } } as const;
    const run = buildRun(toFunction, { state: 'stopped', stopped, apply: upTo(toFunction, firstDivert) });
    expect(listRamp(run).find(({ percent }) => percent === 10)?.state).toBe('failed');
  });

  it('has the instants of the schedule, and no rollback without T1', () => {
    const run = buildRun(toFunction, { state: 'scheduled', cutover: testCutover });
    const dated = listRamp(run).map(({ phase, percent, dueAt, untilAt }) => [
      percent ?? phase,
      dueAt ?? untilAt,
    ]);
    expect(dated).toEqual(
      expect.arrayContaining([
        [10, testCutover.t0],
        [50, null],
        [100, testCutover.t1],
        ['rollback', testCutover.t1],
        ['drain', null],
      ]),
    );
    const stays = listRamp(buildRun(toFunction, { cutover: { ...testCutover, t1: null } }));
    expect(stays.at(-1)).toMatchObject({ percent: 100, untilAt: null });
  });

  it('stays at the last share until T1, or until the rollback starts', () => {
    const at = '2026-12-11T17:00:00.000Z';
    const lastState = (change: Change) => {
      const apply = upTo(toFunction, toFunction.steps.length);
      const parts = listRamp(buildRun(toFunction, { cutover: testCutover, apply, ...change }));
      return parts.find(({ percent }) => percent === 100)?.state;
    };
    expect(lastState({ state: 'diverted' })).toBe('live');
    const back = { state: 'rollingBack', direction: 'rollback' } as const;
    expect(lastState({ ...back, rollbackReason: { at, why: { kind: 'T1' } } })).toBe('done');
    const asked = { at, why: { kind: 'command', actor: 'local', reason: '' } } as const;
    expect(lastState({ ...back, rollbackReason: asked })).toBe('cut');
  });

  it('counts no part of the apply as pending once the rollback has started', () => {
    const states = fc.constantFrom<StepState>('todo', 'running', 'waiting', 'done', 'skipped', 'failed');
    const { length } = toFunction.steps;
    fc.assert(
      fc.property(fc.array(states, { minLength: length, maxLength: length }), (drawn) => {
        const apply = toFunction.steps.map((step, index) => testView(step, drawn[index] ?? 'todo'));
        const parts = listRamp(buildRun(toFunction, { direction: 'rollback', state: 'rollingBack', apply }));
        for (const { direction, state } of parts)
          if (direction === 'apply') expect(['done', 'cut']).toContain(state);
      }),
    );
  });
});
