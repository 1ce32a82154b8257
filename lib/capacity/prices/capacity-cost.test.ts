import { describe, expect, it } from 'vitest';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { eventFunction, saleScenario } from '@/testing/capacity/sale-scenario';
import { CostMeter } from './capacity-cost';

/** The GB-seconds of idle instances of each of two functions that start 200 each, twenty minutes before. */
function idle(warmUpPace: 'version' | 'region') {
  const provisioned = [{ atS: -1200, instances: 200 }];
  const { cost } = simulateCapacity(
    saleScenario({
      durationS: 60,
      demand: { kind: 'constant', rps: 0 },
      functions: ['a', 'b'].map((name) => eventFunction({ name, memoryMb: 1024, provisioned })),
      assumptions: { 'function.warmUpPace': warmUpPace },
    }),
  );
  return cost.lines.filter(({ item }) => item === 'warm').map(({ quantity }) => quantity);
}

describe('the cost of a prewarm before the first second', () => {
  it('begins as instances get warm, at a pace of their own or shared by the region', () => {
    // 100 a minute: half of 200 for two minutes, then all of them for 18, and for the minute of the scenario.
    const own = 100 * 120 + 200 * (1080 + 60);
    expect(idle('version')).toEqual([expect.closeTo(own, 6), expect.closeTo(own, 6)]);
    const shared = 100 * 240 + 200 * (960 + 60);
    expect(idle('region')).toEqual([expect.closeTo(shared, 6), expect.closeTo(shared, 6)]);
  });
});

describe('the capacity units of a load balancer', () => {
  it('are those of all its time if steps are longer than an hour, as in the report of a long rehearsal', () => {
    const scenario = saleScenario();
    const balancer = { ...scenario.balancers.cvm, isPublic: false };
    const stepS = 4800;
    const steps = 9;
    const meter = new CostMeter({ ...scenario, stepS, balancers: { cvm: balancer, function: null } }, steps);
    for (let step = 0; step < steps; step += 1)
      meter.addBalancer(step, 0, { rps: 0, newConnectionsPerS: 25, connections: 0 });
    const { cost, bySteps } = meter.finish();
    // One unit for twelve hours.
    expect(cost.lines.find(({ item }) => item === 'lcu')?.quantity).toBeCloseTo(12, 9);
    expect(bySteps.reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(cost.total, 9);
  });
});
