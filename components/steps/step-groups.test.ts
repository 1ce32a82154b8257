import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { testEstate, testSwitch, testWaves } from '@/testing/plan/test-estate';
import { groupSteps, groupWave } from './step-groups';

const waves = [['a.example.co.id'], ['b.example.co.id', 'c.example.co.id']];

function buildPlan(diversion = testWaves(waves, 60)) {
  const planned = planDiversion({ estate: testEstate(), diversion, keepAliveS: 75 });
  invariant(planned.ok, 'the test estate has both sides');
  return planned.value;
}

describe('the steps of a plan with waves', () => {
  it('are grouped by wave if names move, in order on apply and reversed on rollback', () => {
    const { steps, rollback } = buildPlan();
    const groups = (list: typeof steps) => groupSteps(list).map(({ phase, wave }) => [phase, wave]);
    expect(groups(steps)).toEqual([
      ['prewarm', null],
      ['divert', 1],
      ['divert', 2],
      ['verify', 2],
    ]);
    expect(groups(rollback).filter(([phase]) => phase === 'rollback')).toEqual([
      ['rollback', 2],
      ['rollback', 1],
    ]);
  });

  it('have the names of their wave, and its duration with the bake', () => {
    const { steps, diversion } = buildPlan();
    const list = diversion.kind === 'switch' ? (diversion.waves ?? []) : [];
    const [, first, second] = groupSteps(steps).map((group) => groupWave(steps, group, list));
    expect(first).toMatchObject({ number: 1, all: 2, names: waves[0] });
    expect(first?.forecastMs).toBeGreaterThan(60_000);
    expect(second).toMatchObject({ number: 2, all: 2, names: waves[1] });
    expect(second?.forecastMs).toBeLessThan(60_000);
  });

  it('are grouped only by phase if one name moves', () => {
    const { steps } = buildPlan(testSwitch());
    expect(groupSteps(steps).map(({ wave }) => wave)).toEqual([null, null, null]);
  });
});
