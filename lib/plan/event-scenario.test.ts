import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import type { Diversion } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { eventScenario } from './event-scenario';

const cutover = { t0: '2026-12-12T00:00:00.000Z', t1: '2026-12-12T02:00:00.000Z', prewarmS: 600 };

function scenarioOf(
  diversion: Diversion,
  estate = testEstate(),
  ...[clock = cutover, demand = {}]: [(typeof cutover | null)?, Parameters<typeof eventScenario>[3]?]
) {
  const planned = createTestPlan({ estate, diversion });
  const scenario = eventScenario(planned, estate, clock, demand);
  invariant(scenario !== null, 'the plan moves traffic to a function');
  return scenario;
}

describe('the capacity scenario of a plan', () => {
  it('has the function of its routes, with its memory and limits', () => {
    const estate = testEstate();
    const [fn] = estate.functions;
    invariant(fn !== undefined, 'the test estate has a function');
    const scenario = scenarioOf(testSplit(), estate);
    const { name, namespace, region, memoryMb, timeoutS } = fn;
    expect(scenario.functions).toMatchObject([{ name: `${namespace}/${name}`, region, memoryMb, timeoutS }]);
    expect(scenario.regions).toMatchObject([{ region }]);
  });

  it('moves traffic at T0 and back at T1', () => {
    const scenario = scenarioOf(testSplit());
    expect(scenario.startsAt).toBe('2026-12-11T23:45:00.000Z');
    expect(scenario.traffic.changes).toEqual([
      { atS: 900, functionShare: 1 },
      { atS: 900 + 7200, functionShare: 0 },
    ]);
    expect(scenario.durationS).toBe(900 + 7200 + 300);
  });

  it('requests the instances of the plan at the start of prewarm', () => {
    const scenario = scenarioOf(testSplit({ provisioned: 40 }));
    expect(scenario.functions[0]?.provisioned).toEqual([{ atS: 300, instances: 40 }]);
  });

  it('follows the ramp of a Switch with its bakes, to the function and back to the servers', () => {
    const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1', { ttlS: 120 })] });
    const ramp = [
      { percent: 10, bakeS: 300 },
      { percent: 100, bakeS: 0 },
    ];
    const { traffic, cvm } = scenarioOf({ ...testSwitch(), ramp }, estate);
    expect(traffic).toMatchObject({ how: 'dns', ttlS: 120, functionShare: 0 });
    expect(traffic.changes).toEqual([
      { atS: 900, functionShare: 0.1 },
      { atS: 1200, functionShare: 1 },
      { atS: 8100, functionShare: 0 },
    ]);
    expect(cvm.servers).toBeGreaterThan(0);
  });

  it('has the TTL of the records as they move: a longer one in the plan lowers nothing', () => {
    const ttlS = (own: number, lowerTtlS: number) => {
      const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1', { ttlS: own })] });
      return scenarioOf({ ...testSwitch(), lowerTtlS }, estate).traffic.ttlS;
    };
    expect([ttlS(30, 300), ttlS(600, 60)]).toEqual([30, 60]);
  });

  it('is for two hours without a schedule, and has the given load', () => {
    const scenario = scenarioOf(testSplit(), testEstate(), null, {
      peakRps: 9000,
      callMs: 50,
      serverRps: 10,
    });
    expect(scenario.startsAt).toBeNull();
    expect(scenario.durationS).toBe(300 + 7200 + 300);
    expect(scenario.demand).toMatchObject({ peakRps: 9000, opensAtS: 300 });
    expect(scenario.functions[0]?.duration).toMatchObject({ meanMs: 50 });
    expect(scenario.cvm.each).toMatchObject({ rps: 10 });
  });

  it('has the first 14 days of an event that is longer', () => {
    const t1 = '2027-01-01T00:00:00.000Z';
    const { durationS, traffic } = scenarioOf(testSplit(), testEstate(), { ...cutover, t1 });
    expect(durationS).toBe(14 * 86_400);
    expect(traffic.changes).toEqual([{ atS: 900, functionShare: 1 }]);
  });

  it('is null for a plan whose function is not in the snapshot', () => {
    const estate = testEstate();
    const planned = createTestPlan({ estate });
    expect(eventScenario(planned, { ...estate, functions: [] }, cutover)).toBeNull();
  });

  it('can be simulated for each load and length', () => {
    const load = fc.record({
      peakRps: fc.integer({ min: 0, max: 100_000 }),
      callMs: fc.integer({ min: 1, max: 60_000 }),
      provisioned: fc.option(fc.integer({ min: 1, max: 5000 })),
      lengthS: fc.integer({ min: 1, max: 40 * 86_400 }),
    });
    fc.assert(
      fc.property(load, ({ peakRps, callMs, provisioned, lengthS }) => {
        const t1 = new Date(Date.parse(cutover.t0) + lengthS * 1000).toISOString();
        const diversion = testSplit({ provisioned });
        const scenario = scenarioOf(diversion, testEstate(), { ...cutover, t1 }, { peakRps, callMs });
        expect(simulateCapacity(scenario)).toBeDefined();
      }),
      { numRuns: 20 },
    );
  });
});
