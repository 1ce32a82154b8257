import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { planDiversion } from './plan-diversion';
import { runningCost } from './running-cost';
import { testEstate, testFunction, testSplit } from './test-estate';

function costOf(provisioned: number | null, functions = [testFunction()], known = true) {
  const estate = testEstate({ functions });
  const planned = planDiversion({ estate, diversion: testSplit({ provisioned }), keepAliveS: 75 });
  invariant(planned.ok, 'the test estate has what the Split names');
  return runningCost(planned.value, known ? estate : null);
}

describe('what a plan costs while it stands', () => {
  it('is nothing where nothing is kept warm and no load balancer is made', () => {
    expect(costOf(null)).toEqual({ usdPerHour: 0, instances: 0, loadBalancers: 0, unknown: [] });
  });

  it('is the memory of the warm instances, as in the worked example of 500 with 256 MB', () => {
    // 500 × 0.25 GB × 3600 s × 0.00000847 US$
    const cost = costOf(500, [testFunction({ memoryMb: 256 })]);
    expect(cost).toMatchObject({ instances: 500, loadBalancers: 0, unknown: [] });
    expect(cost.usdPerHour).toBeCloseTo(3.81, 2);
  });

  it('counts only what comes on top of what is warm already', () => {
    const warm = { qualifier: '1', allocated: 20, available: 20, status: 'Done' };
    const cost = costOf(50, [testFunction({ memoryMb: 1024, provisioned: [warm] })]);
    expect(cost.instances).toBe(30);
    expect(cost.usdPerHour).toBeCloseTo(30 * 3600 * 0.00000847, 6);
  });

  it('says whose memory is not known', () => {
    expect(costOf(50, [testFunction()], false)).toMatchObject({
      ...{ instances: 50, usdPerHour: 0, unknown: ['flash/storefront'] },
    });
  });
});
