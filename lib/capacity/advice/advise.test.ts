import { describe, expect, it } from 'vitest';
import { eventFunction, saleScenario } from '@/testing/capacity/sale-scenario';
import { scaleDemand } from '../demand/demand';
import { simulateCapacity } from '../simulate-capacity';
import { adviseCapacity, adviseInParts } from './advise';
import { shareInstances, withProvisioned, withQuota, withShards, withWarm } from './change-scenario';
import { keepsFunctionGoals } from './try-scenario';

const cold = () => saleScenario({ functions: [eventFunction({ provisioned: [] })] });
const rush = {
  kind: 'flashSale' as const,
  baseRps: 650,
  preRushRps: 2400,
  preRushS: 1500,
  opensAtS: 1800,
  peakRps: 9000,
  riseS: 240,
  holdS: 30,
  decayS: 2500,
  tailRps: 3000,
};
/** The advice on the usual sale and on one without warm instances, which several tests read: each takes seconds. */
const usual = saleScenario();
const usualAdvice = adviseCapacity(usual);
const coldAdvice = adviseCapacity(cold());
const holds = (scenario: ReturnType<typeof cold>) => keepsFunctionGoals(scenario, simulateCapacity(scenario));

describe('advice', () => {
  it('finds the smallest number of warm instances, and the latest prewarm', () => {
    const scenario = cold();
    const { provisioned, now, advised } = coldAdvice;
    expect(now.areGoalsMet).toBe(false);
    if (provisioned.kind !== 'instances') return expect.fail(provisioned.kind);
    const { instances, prewarmAtS, warmUpS } = provisioned;
    expect(holds(withWarm(scenario, instances))).toBe(true);
    expect(holds(withWarm(scenario, instances - 1))).toBe(false);
    expect(warmUpS).toBeCloseTo((instances * 60) / 100, 6);
    expect(holds(withProvisioned(scenario, instances, prewarmAtS))).toBe(true);
    expect(holds(withProvisioned(scenario, instances, prewarmAtS + 60 + 2 * scenario.stepS))).toBe(false);
    return expect(advised.outcome.areGoalsMet).toBe(true);
  });

  it('is none for a scenario that holds without warm instances', () => {
    const scenario = { ...cold(), demand: { kind: 'constant' as const, rps: 500 } };
    const { provisioned, divertEarlierS, shards, quotas } = adviseCapacity(scenario);
    expect(provisioned).toMatchObject({ instances: 0, isInTime: true });
    expect(divertEarlierS).toBe(0);
    expect(shards).toMatchObject({ functions: 1, why: 'none' });
    expect(quotas).toMatchObject([{ isEnough: true }]);
  });

  it('gives no advice for a day that meets its goals without warm instances', () => {
    const scenario = { ...cold(), durationS: 86_400, demand: { kind: 'constant' as const, rps: 500 } };
    const { provisioned, advised } = adviseCapacity(scenario);
    expect(provisioned).toMatchObject({ kind: 'instances', instances: 0, warmUpS: 0 });
    expect(advised.outcome.areGoalsMet).toBe(true);
  });

  it('survives no larger spike than the goals say, however short its peak is within a day', () => {
    // Half a minute of a day, of which a search with longer steps sees a third.
    const scenario = saleScenario({
      durationS: 86_400,
      demand: { kind: 'spike', baseRps: 100, peakRps: 4000, atS: 43_210, riseS: 0, holdS: 20, decayS: 0 },
      traffic: { changes: [] },
    });
    const { now, spike, mixes } = adviseCapacity(scenario);
    const at = (factor: number) =>
      simulateCapacity({ ...scenario, demand: scaleDemand(scenario.demand, factor) }).goals.areMet;
    expect(now.areGoalsMet).toBe(false);
    expect(spike.factor).toBeLessThan(1);
    expect([at(spike.factor), at(spike.factor * 1.02)]).toEqual([true, false]);
    // Nothing moves, so that the parts on the functions are the same.
    expect(mixes.map(({ areGoalsMet }) => areGoalsMet)).toEqual(mixes.map(() => false));
  });

  it('gives each function instances by the time that its requests keep them busy', () => {
    const quantiles = {
      kind: 'quantiles' as const,
      points: [
        { p: 0.5, ms: 100 },
        { p: 0.9, ms: 200 },
        { p: 1, ms: 20_000 },
      ],
    };
    const scenario = saleScenario({
      functions: [
        eventFunction({ name: 'fixed', duration: { kind: 'fixed', ms: 1000 }, timeoutS: 60 }),
        eventFunction({ name: 'measured', duration: quantiles, timeoutS: 60 }),
        eventFunction({ name: 'cut', duration: { kind: 'fixed', ms: 9000 }, timeoutS: 1 }),
      ],
    });
    const [fixed = 0, measured = 0, cut = 0] = shareInstances(scenario, 1000);
    // 50 + 60 + 1,010 ms on average.
    expect(measured / fixed).toBeCloseTo(1.12, 2);
    expect(cut).toBe(fixed);
    expect(shareInstances(scenario, 0).map((count) => Object.is(count, 0))).toEqual([true, true, true]);
  });

  it('diverts earlier when the servers are full before the opening', () => {
    const late = { changes: [{ atS: 1800, functionShare: 1 }] };
    const scenario = saleScenario({ demand: rush, traffic: late });
    const { causes, divertEarlierS, advised } = adviseCapacity(scenario);
    expect(causes).toContain('serverBusy');
    expect(divertEarlierS).toBeGreaterThan(0);
    expect(divertEarlierS).toBeLessThan(600);
    expect(advised.scenario.traffic.changes[0]?.atS).toBe(1800 - (divertEarlierS ?? 0));
    expect(advised.outcome.areGoalsMet).toBe(true);
  });

  it('requests the quota that the peak needs, and no less suffices', () => {
    const scenario = saleScenario({ regions: [{ region: 'ap-singapore', quotaMb: 600 * 512 }] });
    const { provisioned, quotas, shards } = adviseCapacity(scenario);
    expect(provisioned).toEqual({ kind: 'beyondQuota', fitting: 600 });
    const [quota] = quotas;
    expect(quota).toMatchObject({ isEnough: false, quotaMb: 600 * 512, leadDays: 7 });
    const neededMb = quota?.neededMb ?? 0;
    // 1,600 concurrent requests with 512 MB.
    expect(neededMb / 512).toBeGreaterThan(1550);
    expect(neededMb / 512).toBeLessThan(1800);
    expect(
      holds(
        withWarm(
          withQuota(scenario, () => neededMb),
          1700,
        ),
      ),
    ).toBe(true);
    expect(
      holds(
        withWarm(
          withQuota(scenario, () => neededMb - 20 * 1024),
          1700,
        ),
      ),
    ).toBe(false);
    expect(shards.why).toBe('region');
  });

  it('finds the largest demand that the set-up survives', () => {
    const { spike } = usualAdvice;
    const at = (factor: number) =>
      simulateCapacity({ ...usual, demand: scaleDemand(usual.demand, factor) }).goals.areMet;
    expect([at(spike.factor), at(spike.factor * 1.02)]).toEqual([true, false]);
    expect(spike.peakRps).toBeCloseTo(9000 * spike.factor, -1);
    expect(spike.causes.length).toBeGreaterThan(0);
  });

  it('compares parts on the functions, the cheapest that keeps the goals first', () => {
    const { mixes } = adviseCapacity(saleScenario({ demand: rush }));
    expect(mixes.map(({ part }) => part).toSorted()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    // The servers alone can't.
    expect(mixes.find(({ part }) => part === 0)?.areGoalsMet).toBe(false);
    const met = mixes.filter(({ areGoalsMet }) => areGoalsMet);
    expect(met.length).toBeGreaterThan(0);
    expect(mixes.slice(0, met.length)).toEqual(met.toSorted((a, b) => a.cost - b.cost));
  });

  it('names the assumptions that decide first, and leaves out those without an influence', () => {
    const late = { changes: [{ atS: 1750, functionShare: 1 }] };
    const { sensitivity } = adviseCapacity(saleScenario({ demand: rush, traffic: late }));
    const names = sensitivity.map(({ name }) => name);
    expect(names).toContain('dns.overstayShare');
    expect(names).not.toContain('clb.sharedBeyond');
    expect(names).not.toContain('rule.gapS');
    const ranks = sensitivity.map(({ changesResult }) => Number(changesResult));
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  });

  it('splits a function when one can’t get warm in time', () => {
    const scenario = cold();
    const { provisioned } = coldAdvice;
    if (provisioned.kind !== 'instances') return expect.fail();
    const earliestPrewarmS = provisioned.prewarmAtS + provisioned.warmUpS / 2;
    const late = adviseCapacity(scenario, { earliestPrewarmS });
    expect(late.provisioned).toMatchObject({ isInTime: false });
    expect(late.shards.why).toBe('warmUp');
    const { functions } = late.shards;
    if (functions === null) return expect.fail();
    expect(functions).toBeGreaterThanOrEqual(2);
    const split = withShards(scenario, functions);
    const again = adviseCapacity(split, { earliestPrewarmS });
    return expect(again.provisioned).toMatchObject({ kind: 'instances', isInTime: true });
  });

  it('splits a function when its reservation is the limit', () => {
    const reserved = eventFunction({ provisioned: [], reservedMb: 700 * 512 });
    const { provisioned, shards } = adviseCapacity(saleScenario({ functions: [reserved] }));
    expect(provisioned.kind).toBe('beyondQuota');
    expect(shards).toMatchObject({ why: 'reservation', functions: 3 });
  });

  it('names no number of functions if even the most that it tries are too few', () => {
    const pace = { 'function.warmUpPace': 'region' as const };
    const together = { ...cold(), assumptions: { ...cold().assumptions, ...pace } };
    const { provisioned } = adviseCapacity(together);
    if (provisioned.kind !== 'instances') return expect.fail();
    // All functions of the region share the pace.
    const late = adviseCapacity(together, { earliestPrewarmS: provisioned.prewarmAtS + 300 });
    expect(late.provisioned).toMatchObject({ isInTime: false });
    expect(late.shards).toMatchObject({ functions: null, why: 'warmUp' });
    const reserved = eventFunction({ provisioned: [], reservedMb: 20 * 512 });
    const { shards } = adviseCapacity(saleScenario({ functions: [reserved] }));
    return expect(shards).toMatchObject({ functions: null, why: 'reservation' });
  });

  it('fits into the quota that it requests, also for functions of different memory', () => {
    const large = eventFunction({
      name: 'large',
      memoryMb: 1024,
      weight: 0.1908,
      duration: { kind: 'lognormal', meanMs: 1453.06, p95Ms: 2490.56 },
      timeoutS: 30,
      provisioned: [],
    });
    const small = { ...large, name: 'small', memoryMb: 512, weight: 0.4605, timeoutS: 3 };
    // Of the memory that they need, nothing is left for all of both to be warm.
    const scenario = saleScenario({
      durationS: 3600,
      demand: {
        kind: 'flashSale',
        baseRps: 65.4,
        preRushRps: 327.2,
        preRushS: 600,
        opensAtS: 2206,
        peakRps: 1308.7,
        riseS: 0,
        holdS: 0,
        decayS: 60,
        tailRps: 130.9,
      },
      clients: { connectionS: 0 },
      cvm: { servers: 14, each: { kind: 'rate', rps: 319.9, latencyMs: 124.6 } },
      traffic: {
        how: 'rule',
        ttlS: 1,
        changes: [
          { atS: 2206, functionShare: 1 },
          { atS: 3500, functionShare: 0 },
        ],
      },
      functions: [large, { ...small, duration: { kind: 'fixed', ms: 263.63 } }],
      regions: [{ region: 'ap-singapore', quotaMb: 32_534 }],
      balancers: { cvm: { name: 'a', region: 'ap-singapore', spec: 'clb.c4.xlarge' } },
      goals: { refusedShare: 0.01, minuteRefusedShare: 0.01, waitP95Ms: 1000 },
      assumptions: { 'function.coldStartMs': 2000, 'function.burstWindow': 'even' },
    });
    const { provisioned, quotas } = adviseCapacity(scenario);
    expect(provisioned.kind).toBe('beyondQuota');
    const larger = withQuota(scenario, () => quotas[0]?.neededMb ?? 0);
    expect(adviseCapacity(larger).provisioned.kind).toBe('instances');
  });

  it('requests more than twice of what the functions use at their peak, where that is needed', () => {
    const each = { timeoutS: 30, duration: { kind: 'fixed', ms: 180 } as const, provisioned: [] };
    const scenario = saleScenario({
      demand: { ...rush, preRushRps: 408.5, peakRps: 5195.3, riseS: 0 },
      traffic: { ttlS: 60, changes: [{ atS: 244, functionShare: 1 }] },
      functions: [
        eventFunction({ ...each, name: 'large', memoryMb: 1024, weight: 0.418 }),
        eventFunction({ ...each, name: 'small', memoryMb: 512, weight: 0.274 }),
      ],
      regions: [{ region: 'ap-singapore', quotaMb: 64_000 }],
    });
    const { provisioned, quotas } = adviseCapacity(scenario);
    expect(provisioned.kind).toBe('beyondQuota');
    const larger = withQuota(scenario, () => quotas[0]?.neededMb ?? 0);
    expect(adviseCapacity(larger).provisioned.kind).toBe('instances');
  });

  it('verifies what it finds for a day with all steps', () => {
    const scenario = { ...cold(), durationS: 86_400 };
    const { provisioned, advised } = adviseCapacity(scenario);
    if (provisioned.kind !== 'instances') return expect.fail();
    expect(holds(withWarm(scenario, provisioned.instances))).toBe(true);
    return expect(advised.outcome.areGoalsMet).toBe(true);
  });
});

it('pauses between its parts, so that a page can react, and gives the same advice', () => {
  const parts = adviseInParts(usual);
  let pauses = 0;
  let part = parts.next();
  for (; !part.done; part = parts.next()) pauses += 1;
  expect(pauses).toBeGreaterThanOrEqual(10);
  expect(part.value).toEqual(usualAdvice);
});
