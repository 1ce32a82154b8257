import { describe, expect, it } from 'vitest';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch, testWaves } from '@/testing/plan/test-estate';
import type { planDiversion } from './plan-diversion';
import { listShareStages } from './share-stages';

const hosts = ['shop', 'flash', 'late'];
const names = hosts.map((host) => `${host}.example.co.id`);
const [first = '', second = '', third = ''] = names;

const ramp = (bakeS: number, shares: readonly number[]) => shares.map((percent) => ({ percent, bakeS }));

function planned(diversion: Parameters<typeof planDiversion>[0]['diversion']) {
  const records = hosts.map((host, index) => testRecord(11 + index, host, '127.77.1.1', { ttlS: 300 }));
  return createTestPlan({ estate: testEstate({ records }), diversion });
}

describe('the shares that a plan sets', () => {
  it('are those of its ramp', () => {
    expect(listShareStages(planned(testSwitch({ ramp: [10, 100] })))).toEqual([
      { percent: 10, forS: 300 },
      { percent: 100, forS: 300 },
    ]);
  });

  it('last at least as long as the old answers, as the run waits for them', () => {
    const records = [testRecord(12, 'flash', '127.77.1.1', { ttlS: 600 })];
    const diversion = { ...testSwitch(), ramp: ramp(60, [50, 100]) };
    const made = createTestPlan({ estate: testEstate({ records }), diversion });
    expect(listShareStages(made)[0]).toEqual({ percent: 50, forS: 600 });
    const lowered = createTestPlan({
      estate: testEstate({ records }),
      diversion: { ...diversion, lowerTtlS: 120 },
    });
    expect(listShareStages(lowered)[0]).toEqual({ percent: 50, forS: 120 });
    const waves = planned({ ...testWaves([[first], [second]], 400), ramp: ramp(60, [50, 100]) });
    expect(listShareStages(waves).map(({ forS }) => forS)).toEqual([300, 400, 300, 400]);
  });

  it('are those that the plan writes: a share that the records have already is no stage', () => {
    const records = ['127.77.1.1', '127.77.1.2'].map((address, nth) =>
      testRecord(12 + nth, 'flash', address, { weight: 50 }),
    );
    const diversion = { ...testSwitch(), ramp: ramp(60, [50, 100]) };
    const made = createTestPlan({ estate: testEstate({ records }), diversion });
    expect(listShareStages(made).map(({ percent }) => percent)).toEqual([100]);
  });

  it('of waves end with the last share of their ramp', () => {
    const plan = planned({ ...testWaves([[first], [second]], 60), ramp: ramp(0, [50]) });
    expect(listShareStages(plan).map(({ percent }) => percent)).toEqual([25, 50]);
  });

  it('grow with the names of each wave, which bakes for at least the TTL of its names', () => {
    const plan = planned(testWaves([[first, second], [third]], 60));
    expect(listShareStages(plan)).toEqual([
      { percent: expect.closeTo((2 / 3) * 100), forS: expect.any(Number) },
      { percent: 100, forS: 60 },
    ]);
    expect(listShareStages(plan)[0]?.forS).toBeGreaterThanOrEqual(60);
  });

  it('are weighed by the requests of the names, along the ramp of each wave', () => {
    const diversion = {
      ...testWaves([[first], [second, third]], 60),
      ramp: [
        { percent: 50, bakeS: 30 },
        { percent: 100, bakeS: 0 },
      ],
    };
    const stages = listShareStages(planned(diversion), { [first]: 6 });
    expect(stages.map(({ percent }) => percent)).toEqual([(3 / 8) * 100, (6 / 8) * 100, (7 / 8) * 100, 100]);
  });
});
