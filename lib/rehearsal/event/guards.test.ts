import { describe, expect, it } from 'vitest';
import type { Guard } from '@/lib/diversion/cutover';
import type { RehearsalFault } from '@/lib/rehearsal/input';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testListener, testRule, testSwitch, testTarget } from '@/testing/plan/test-estate';
import { type RehearsalGiven, rehearsalCutover, testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearse } from './rehearse';

/** Rehearses the Split of the test estate, or something else, with some guards alone. */
function playGuards(guards: readonly Guard[], given: RehearsalGiven = {}): Promise<RehearsalReport> {
  return rehearse(testRehearsal({ cutover: rehearsalCutover({ guards: [...guards] }), ...given }));
}

const drawn = (fault: Pick<RehearsalFault, 'kind' | 'atS' | 'forS' | 'amount'>) => ({
  faults: { kinds: [], count: 0, given: [{ ...fault, object: 0 }] },
});
/** The function fails ten minutes after T0. */
const broken = drawn({ kind: 'functionFails', atS: 600, forS: 1200, amount: 0 });
/** Most clients keep old DNS answers for as long as the event lasts. */
const overstaying = { ...testRehearsal().population, overstay: { share: 0.6, seconds: 7200 } };

describe('a guard of a rehearsal', () => {
  it('on DNS answers that are not current holds while resolvers still have the old ones', async () => {
    const guard: Guard = { measure: 'notConverged', limit: 20, forS: 20, outcome: 'stop' };
    const report = await playGuards([guard]);
    expect(report.timeline.find(({ code }) => code === 'stopped')).toMatchObject({
      values: { reason: 'guard', measure: 'notConverged' },
    });
    const patient = await playGuards([{ ...guard, forS: 120 }]);
    expect(patient.verdict, 'answers expire within a minute').toBe('met');
  });

  it('on the split rolls back while clients stay on the old side', async () => {
    const guard: Guard = { measure: 'splitDeviation', limit: 10, forS: 180, outcome: 'rollback' };
    const settings = { population: overstaying };
    const report = await playGuards([guard], { diversion: testSwitch(), settings });
    expect(report.run.rollback).toMatchObject({ code: 'guard', values: { measure: 'splitDeviation' } });
    expect(Number(report.run.rollback?.values.value)).toBeGreaterThan(30);
    const population = { ...overstaying, overstay: { share: 0, seconds: 1 } };
    const moved = await playGuards([guard], { diversion: testSwitch(), settings: { population } });
    expect(moved.run.rollback?.code).toBe('T1');
  });

  it('on the split has no value while clients may keep their connections', async () => {
    const guard: Guard = { measure: 'splitDeviation', limit: 10, forS: 180, outcome: 'rollback' };
    const population = {
      ...overstaying,
      overstay: { share: 0, seconds: 1 },
      keepAlive: { share: 1, seconds: 1800 },
    };
    const cutover = rehearsalCutover({ guards: [guard] });
    const input = testRehearsal({ cutover, diversion: testSwitch(), settings: { population } });
    const early = await rehearse(input);
    expect(early.run.rollback).toMatchObject({ code: 'guard', values: { measure: 'splitDeviation' } });
    const keepAliveS = 1800;
    const planned = createTestPlan({ estate: input.estate, diversion: testSwitch(), keepAliveS });
    const settled = await rehearse({ ...input, plan: planned, keepAliveS });
    expect(settled.run.rollback?.code).toBe('T1');
  });

  it('on the split of a Split rolls back for the names that move, and not for those that stay', async () => {
    const guard: Guard = { measure: 'splitDeviation', limit: 10, forS: 180, outcome: 'rollback' };
    const hostWeights = { 'shop.example.co.id': 5 };
    const late = await playGuards([guard], { settings: { population: overstaying, hostWeights } });
    expect(late.run.rollback).toMatchObject({ code: 'guard', values: { measure: 'splitDeviation' } });
    const population = { ...overstaying, overstay: { share: 0, seconds: 1 } };
    const moved = await playGuards([guard], { settings: { population, hostWeights } });
    expect(moved.run.rollback?.code).toBe('T1');
  });

  it('on the split of a Switch has no value where a load balancer mixes backends', async () => {
    const guard: Guard = { measure: 'splitDeviation', limit: 10, forS: 180, outcome: 'rollback' };
    const { rules, ...estate } = testEstate();
    const images = testRule('loc-images', 'lb-scf', 'flash.example.co.id', {
      url: '/images',
      targets: [testTarget()],
    });
    const mixed = testEstate({ ...estate, rules: [...rules, images] });
    const settings = { population: overstaying };
    const report = await playGuards([guard], { estate: mixed, diversion: testSwitch(), settings });
    expect(report.run.rollback?.code).toBe('T1');
  });

  it('on errors above those of the CVM side rolls back when the function fails', async () => {
    const guard: Guard = { measure: 'errorsAboveCvm', limit: 0.5, forS: 180, outcome: 'rollback' };
    const report = await playGuards([guard], { settings: broken });
    expect(report.run.rollback).toMatchObject({ code: 'guard', values: { measure: 'errorsAboveCvm' } });
    expect(report.faults[0]?.answer).toBe('rolledBack');
    expect((await playGuards([guard])).verdict).toBe('met');
  });

  it('on requests of agents holds when they fail, and when the resolvers of their networks do', async () => {
    const guard: Guard = { measure: 'agentFailures', limit: 20, forS: 60, outcome: 'stop' };
    const silent = drawn({ kind: 'resolverOutage', atS: 600, forS: 600, amount: 50 });
    for (const settings of [broken, silent]) {
      const report = await playGuards([guard], { settings });
      expect(report.timeline.find(({ code }) => code === 'stopped')).toMatchObject({
        values: { reason: 'guard', measure: 'agentFailures' },
      });
      expect(report.faults[0]?.answer).toBe('stopped');
    }
    expect((await playGuards([guard])).verdict).toBe('met');
    const listeners = [testListener('lb-cvm'), testListener('lb-scf', { port: 8080 })];
    const onPort = await playGuards([guard], { estate: testEstate({ listeners }) });
    expect(onPort.timeline.filter(({ code }) => code === 'stopped')).toEqual([]);
  });

  it('gives the same report twice from one seed', async () => {
    const measures = ['notConverged', 'splitDeviation', 'errorsAboveCvm', 'agentFailures'] as const;
    const guards = measures.map((measure) => ({ measure, limit: 90, forS: 60, outcome: 'stop' as const }));
    const [first, second] = [
      await playGuards(guards, { settings: broken }),
      await playGuards(guards, { settings: broken }),
    ];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });
});
