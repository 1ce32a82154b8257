import { describe, expect, it } from 'vitest';
import { eventFunction, saleScenario } from '@/testing/capacity/sale-scenario';
import { CapacityScenario } from './scenario/scenario';
import { refusalCauses } from './sides/causes';
import { simulateCapacity } from './simulate-capacity';

describe('a flash sale', () => {
  it('is served from warm instances alone if there are enough of them', () => {
    const { totals, goals } = simulateCapacity(saleScenario());
    expect(totals.peakDemandRps).toBeCloseTo(9000, 0);
    // 9,000 requests a second of 180 ms, less those that stay on the servers.
    expect(totals.peakConcurrency).toBeGreaterThan(1550);
    expect(totals.peakConcurrency).toBeLessThan(1630);
    expect(totals.coldStartShare).toBe(0);
    expect(goals.areMet).toBe(true);
  });

  it('starts instances for requests, and refuses those beyond 500 new ones a minute, without warm ones', () => {
    const cold = saleScenario({ functions: [eventFunction({ provisioned: [] })] });
    const { totals, limits } = simulateCapacity(cold);
    expect(totals.refusedBy.functionBurst).toBeGreaterThan(0);
    expect(limits.find(({ kind }) => kind === 'burst')?.reachedAtS).not.toBeNull();
    expect(totals.coldStarts).toBeGreaterThan(1600);
  });

  it('loses no request in any step: each is served, refused, or waits', () => {
    const { series, steps, stepS } = simulateCapacity(saleScenario());
    let queued = 0;
    for (let step = 0; step < steps; step += 1) {
      const at = (column: Float64Array) => (column[step] ?? 0) * stepS;
      const refused = refusalCauses.reduce((sum, cause) => sum + at(series.refusedBy[cause]), 0);
      const after = series.queued[step] ?? 0;
      expect(at(series.served) + refused + after - queued).toBeCloseTo(at(series.arrivals), 5);
      queued = after;
    }
  });
});

describe('a scenario', () => {
  it('is not shorter than one of its steps, which would count requests beyond its end', () => {
    const { name: _, ...scenario } = saleScenario();
    const { success, error } = CapacityScenario.safeParse({ ...scenario, durationS: 5, stepS: 3600 });
    expect(success).toBe(false);
    expect(error?.issues).toMatchObject([{ path: ['stepS'], message: 'stepS must be at most durationS.' }]);
  });
});
