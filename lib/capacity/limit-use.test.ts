import { describe, expect, it } from 'vitest';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { eventFunction, saleScenario } from '@/testing/capacity/sale-scenario';
import { findClosestUse, listBalancerUses } from './limit-use';

const most = (values: Float64Array | undefined) => Math.max(...(values ?? []));
const cold = () => saleScenario({ functions: [eventFunction({ provisioned: [] })] });

describe('the use of limits', () => {
  it('of instance starts is their number of the last minute, at most 500', () => {
    const scenario = cold();
    const result = simulateCapacity(scenario);
    const use = findClosestUse(scenario, result, 'burst');
    expect(use?.limit).toMatchObject({ kind: 'burst', value: 500, reachedAtS: expect.any(Number) });
    expect(most(use?.used)).toBeCloseTo(500, 0);
    expect(findClosestUse(scenario, result, 'warmUp')).toBeNull();
  });

  it('of warm-up is 100 instances a minute while it lasts, by version', () => {
    const scenario = saleScenario({
      functions: [eventFunction({ provisioned: [{ atS: 600, instances: 300 }] })],
    });
    const result = simulateCapacity(scenario);
    const use = findClosestUse(scenario, result, 'warmUp');
    expect(use).toMatchObject({ name: 'sale', limit: { value: 100 } });
    expect(most(use?.used)).toBeCloseTo(100, 6);
    const perStep = result.stepS;
    expect(use?.used[(600 + 120) / perStep]).toBeCloseTo(100, 6);
    expect(use?.used[(600 + 300) / perStep]).toBe(0);
  });

  it('of warm-up is shared in a region if so assumed', () => {
    const two = ['a', 'b'].map((name) => eventFunction({ name, provisioned: [{ atS: 0, instances: 200 }] }));
    const assumptions = { 'function.warmUpPace': 'region' as const };
    const scenario = saleScenario({ functions: two, assumptions });
    const result = simulateCapacity(scenario);
    expect(result.limits.filter(({ kind }) => kind === 'warmUp')).toMatchObject([{ name: 'ap-singapore' }]);
    expect(most(findClosestUse(scenario, result, 'warmUp')?.used)).toBeCloseTo(100, 6);
  });

  it('of instances counts what other functions of the quota use and keep', () => {
    const busy = eventFunction({ name: 'busy', weight: 9, provisioned: [] });
    const kept = eventFunction({ name: 'kept', weight: 1, memoryMb: 1024 });
    const scenario = saleScenario({
      functions: [busy, { ...kept, provisioned: [{ atS: -3000, instances: 400 }] }],
    });
    const result = simulateCapacity(scenario);
    const use = findClosestUse(scenario, result, 'functionInstances');
    // 400 instances of 1,024 MB are as much as 800 of 512.
    const own = result.byFunction[0]?.busy;
    expect(use?.name).toBe('busy');
    expect(most(use?.used)).toBeCloseTo(most(own) + 800, -1);
  });

  it('of two load balancers is that of each, and names which one is reached', () => {
    const spec = (name: string, bandwidthMbps: number | null) => ({
      name,
      region: 'ap-singapore',
      spec: 'clb.c3.medium',
      bandwidthMbps,
    });
    const scenario = saleScenario({
      balancers: { cvm: spec('lb-web', null), function: spec('lb-sale', 500) },
    });
    const result = simulateCapacity(scenario);
    const [web, sale] = listBalancerUses(scenario, result, 'balancerBandwidth');
    expect(web).toMatchObject({ name: 'lb-web', limit: { value: 6144, reachedAtS: null } });
    expect(sale).toMatchObject({ name: 'lb-sale', limit: { value: 500, reachedAtS: expect.any(Number) } });
    expect(most(sale?.used)).toBeCloseTo(500, 6);
    for (const kind of ['balancerNewConnections', 'balancerConnections'] as const)
      for (const { limit } of listBalancerUses(scenario, result, kind)) expect(limit?.reachedAtS).toBeNull();
    const sum = result.series.outMbps.map(
      (all, step) => all - (web?.used[step] ?? 0) - (sale?.used[step] ?? 0),
    );
    expect(Math.max(...sum.map(Math.abs))).toBeLessThan(1e-6);
  });

  it('has no limit where no document gives one', () => {
    const cvm = { name: 'lb', region: 'ap-singapore', spec: 'clb.c1.small' };
    const scenario = saleScenario({ balancers: { cvm } });
    const [use] = listBalancerUses(scenario, simulateCapacity(scenario), 'balancerConnections');
    expect(use).toMatchObject({ name: 'lb', limit: null });
    expect(most(use?.used)).toBeGreaterThan(1000);
  });
});

describe('the limit that is reached', () => {
  it('of the quota is that of the function whose requests are refused', () => {
    const reserved = (name: string, instances: number) =>
      eventFunction({ name, reservedMb: instances * 512, provisioned: [] });
    const scenario = saleScenario({ functions: [reserved('small', 50), reserved('large', 2000)] });
    const { limits } = simulateCapacity(scenario);
    const reached = limits
      .filter(({ kind }) => kind === 'functionInstances')
      .map(({ name, reachedAtS }) => [name, reachedAtS !== null]);
    expect(reached).toEqual([
      ['small', true],
      ['large', false],
    ]);
  });

  it('of warm-up is when a request waits for an instance while provisioned ones start', () => {
    const find = (atS: number) =>
      simulateCapacity(
        saleScenario({ functions: [eventFunction({ provisioned: [{ atS, instances: 1950 }] })] }),
      ).limits.find(({ kind }) => kind === 'warmUp')?.reachedAtS;
    expect(find(-3000)).toBeNull();
    expect(find(1500)).toBeGreaterThan(1500);
  });
});
