import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyScenario } from '@/testing/capacity/any-scenario';
import { scaleDemand } from './demand/demand';
import type { CapacityScenario } from './scenario/scenario';
import { refusalCauses } from './sides/causes';
import { simulateCapacity } from './simulate-capacity';

/** Shrinking a scenario simulates events for many minutes: a failure reports its seed instead. */
const runs = { numRuns: 40, endOnFailure: true };

/** Compares refused requests with a tolerance for the approximations near a limit: 0.2 % of all requests. */
function expectNoMore(after: CapacityScenario, before: CapacityScenario): void {
  const [less, more] = [simulateCapacity(after).totals, simulateCapacity(before).totals];
  expect(less.refused).toBeLessThanOrEqual(more.refused + 0.002 * more.arrivals + 1);
}

describe('any scenario', () => {
  it('loses no request, and every number of it is finite and not negative', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const { series, steps, stepS, totals, cost } = simulateCapacity(scenario);
        let queued = 0;
        for (let step = 0; step < steps; step += 1) {
          const arrivals = (series.arrivals[step] ?? 0) * stepS;
          let found = (series.served[step] ?? 0) * stepS + (series.queued[step] ?? 0) - queued;
          for (const cause of refusalCauses) found += (series.refusedBy[cause][step] ?? 0) * stepS;
          expect(Math.abs(found - arrivals)).toBeLessThan(1e-6 * (1 + arrivals + queued));
          queued = series.queued[step] ?? 0;
        }
        const { refusedBy, ...columns } = series;
        for (const column of [...Object.values(columns), ...Object.values(refusedBy)])
          for (const value of column) if (!(value >= 0) || value === Infinity) expect.fail(`${value}`);
        expect(totals.served + totals.refused + totals.queued).toBeCloseTo(totals.arrivals, 0);
        expect(cost.total).toBeGreaterThanOrEqual(0);
        expect(cost.total).toBeCloseTo((series.cost.at(-1) ?? 0) + prewarm(scenario, cost.total, series), 6);
      }),
      runs,
    );
  });

  it('gives the same result twice', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        expect(simulateCapacity(scenario)).toEqual(simulateCapacity(structuredClone(scenario)));
      }),
      { ...runs, numRuns: 10 },
    );
  });

  it('refuses no more with more provisioned instances, a larger quota, or more servers', () => {
    fc.assert(
      fc.property(anyScenario, fc.integer({ min: 1, max: 2000 }), (scenario, more) => {
        const functions = scenario.functions.map((fn) => ({
          ...fn,
          provisioned: fn.provisioned.map((each) => ({ ...each, instances: each.instances + more })),
        }));
        const isAlone = scenario.functions.every(
          ({ region, reservedMb }, index) =>
            reservedMb !== null ||
            scenario.functions.findIndex((other) => other.region === region && other.reservedMb === null) ===
              index,
        );
        // Warm instances of one function take memory from others that share it.
        if (isAlone) expectNoMore({ ...scenario, functions }, scenario);
        const regions = scenario.regions.map((each) => ({ ...each, quotaMb: each.quotaMb + more * 100 }));
        // The functions of a region share its launches: a quota that lets one launch more leaves fewer to the others.
        const doShare =
          new Set(scenario.functions.map(({ region }) => region)).size < scenario.functions.length;
        if (!doShare) expectNoMore({ ...scenario, regions }, scenario);
        expectNoMore({ ...scenario, cvm: { ...scenario.cvm, servers: scenario.cvm.servers + 1 } }, scenario);
      }),
      runs,
    );
  });

  it('refuses no fewer requests with more demand', () => {
    fc.assert(
      fc.property(anyScenario, fc.double({ min: 1, max: 3, noNaN: true }), (scenario, factor) => {
        const more = { ...scenario, demand: scaleDemand(scenario.demand, factor) };
        const [before, after] = [simulateCapacity(scenario), simulateCapacity(more)];
        expect(after.totals.refused).toBeGreaterThanOrEqual(
          before.totals.refused - 0.002 * after.totals.arrivals - 1,
        );
      }),
      runs,
    );
  });
});

/** Returns the cost of instances that were warm before the first second, which the series leaves out. */
function prewarm(
  scenario: CapacityScenario,
  total: number,
  { cost }: { readonly cost: Float64Array },
): number {
  const isEarly = scenario.functions.some(({ provisioned }) => provisioned.some(({ atS }) => atS < 0));
  return isEarly ? total - (cost.at(-1) ?? 0) : 0;
}
