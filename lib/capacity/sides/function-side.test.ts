import { describe, expect, it } from 'vitest';
import { exponential, lognormal, simulateFunction } from '@/testing/capacity/discrete-events';
import { eventFunction, saleScenario } from '@/testing/capacity/sale-scenario';
import { erlangB } from '../queueing/erlang';
import { lognormalParameters } from '../queueing/service-time';
import { FunctionSide, type FunctionStep } from './function-side';
import { warmCurve } from './provisioned';

type FunctionInput = Parameters<typeof eventFunction>[0];

function createSide(change: FunctionInput, quotaMb = 1_000_000, assumptions = {}) {
  const scenario = saleScenario({
    functions: [eventFunction(change)],
    regions: [{ region: 'ap-singapore', quotaMb }],
    assumptions,
  });
  return new FunctionSide(scenario.functions, scenario.regions, scenario.assumptions);
}

/** Returns the sums of all steps of a single function. */
function play(side: FunctionSide, rate: (atS: number) => number, untilS: number, dtS = 10) {
  const sum = { arrivals: 0, served: 0, concurrency: 0, burst: 0, coldStarts: 0, instances: 0 };
  for (let atS = 0; atS < untilS; atS += dtS) {
    // Nothing runs before: the first requests begin at once.
    const [step] = side.step([rate(atS + dtS / 2)], dtS, atS === 0 ? [rate(0)] : []);
    if (step === undefined) continue;
    sum.arrivals += step.arrivals;
    sum.served += step.served;
    sum.concurrency += step.refused.functionConcurrency;
    sum.burst += step.refused.functionBurst;
    sum.coldStarts += step.coldStarts;
    sum.instances = Math.max(sum.instances, step.provisioned + step.onDemand);
  }
  return sum;
}

const within = (value: number, expected: number, part: number) =>
  expect(Math.abs(value / expected - 1), `${value} instead of ${expected}`).toBeLessThan(part);

const { mu, sigma } = lognormalParameters(0.18, 0.32);
const measured = lognormal(mu, sigma);

describe('a function against a discrete-event simulation', () => {
  it.each([
    ['exponential', exponential(0.18)],
    ['lognormal', measured],
  ])('refuses the share of Erlang B beyond its reservation, with %s durations', (_, service) => {
    const side = createSide({ reservedMb: 100 * 512, provisioned: [] });
    const rps = 560;
    const model = play(side, () => rps, 1000);
    const events = simulateFunction({
      seed: 51,
      rate: () => rps,
      peakRate: rps,
      untilS: 1000,
      service,
      coldStartS: 0.42,
      idleS: 60,
      instancesMost: 100,
      burstPerMinute: 500,
      warm: () => 0,
    });
    within(model.concurrency / model.arrivals, events.concurrency / events.arrivals, 0.03);
    within(model.concurrency / model.arrivals, erlangB(100, rps * 0.18), 0.001);
    expect(model.burst + events.burst).toBe(0);
  });

  it('starts as many instances as a rise needs, and keeps them', () => {
    const rate = (atS: number) => (atS < 600 ? 200 + atS * 2 : 1400);
    const model = play(createSide({ provisioned: [] }), rate, 1200);
    const events = simulateFunction({
      seed: 52,
      rate,
      peakRate: 1400,
      untilS: 1200,
      service: measured,
      coldStartS: 0.42,
      idleS: 60,
      instancesMost: 1e6,
      burstPerMinute: 500,
      warm: () => 0,
    });
    expect([model.burst, model.concurrency, events.burst]).toEqual([0, 0, 0]);
    within(model.coldStarts, events.coldStarts, 0.1);
  });

  it('refuses what 500 new instances a minute can’t serve, within 15 %', () => {
    const rate = (atS: number) => (atS < 60 ? 100 : Math.min(9000, 100 + (atS - 60) * 80));
    const model = play(createSide({ provisioned: [] }), rate, 400);
    const events = simulateFunction({
      seed: 53,
      rate,
      peakRate: 9000,
      untilS: 400,
      service: measured,
      coldStartS: 0.42,
      idleS: 60,
      instancesMost: 1e6,
      burstPerMinute: 500,
      warm: () => 0,
    });
    expect(events.burst).toBeGreaterThan(10_000);
    within(model.burst, events.burst, 0.15);
    within(model.coldStarts, events.coldStarts, 0.1);
    within(model.served, events.served, 0.02);
  });

  it('uses warm instances first as they become ready', () => {
    const change = { provisioned: [{ atS: 0, instances: 600 }] };
    const rate = (atS: number) => Math.min(4500, atS * 10);
    const warm = warmCurve(change, 100 / 60);
    const model = play(createSide(change), rate, 900);
    const events = simulateFunction({
      seed: 54,
      rate,
      peakRate: 4500,
      untilS: 900,
      service: measured,
      coldStartS: 0.42,
      idleS: 60,
      instancesMost: 1e6,
      burstPerMinute: 500,
      warm,
    });
    expect([model.burst, events.burst]).toEqual([0, 0]);
    within(model.coldStarts, events.coldStarts, 0.15);
    within(model.instances, events.peakBusy, 0.1);
  });

  it('starts an instance again for each of a few requests that come after it has ended', () => {
    const model = play(createSide({ provisioned: [] }), () => 0.01, 100_000);
    const events = simulateFunction({
      seed: 55,
      rate: () => 0.01,
      peakRate: 0.01,
      untilS: 1_000_000,
      service: measured,
      coldStartS: 0.42,
      idleS: 60,
      instancesMost: 1e6,
      burstPerMinute: 500,
      warm: () => 0,
    });
    within(model.coldStarts * 10, events.coldStarts, 0.06);
  });
});

it('has as many concurrent requests as come in their mean duration (Little’s law)', () => {
  for (const rps of [3, 170, 4000]) {
    const side = createSide({ provisioned: [{ atS: -3000, instances: 1950 }] });
    const steps = Array.from({ length: 30 }, () => side.step([rps], 10)[0]);
    // No timeout cuts a duration of 180 ms by more than a thousandth.
    expect(Math.abs((steps.at(-1)?.busy ?? 0) / (rps * 0.18) - 1)).toBeLessThan(0.002);
  }
});

it('loses the requests without a warm instance if others start for longer than they may', () => {
  const change = { initTimeoutS: 3, provisioned: [{ atS: -3000, instances: 30 }] };
  const [slow, quick] = [4000, 2000].map((ms) =>
    createSide(change, 1_000_000, { 'function.coldStartMs': ms }).step([200], 1),
  );
  const lost = slow?.[0]?.refused.functionColdStart ?? 0;
  // 36 concurrent requests for 30 instances.
  within(lost, 200 * erlangB(30, 36), 0.01);
  within(slow?.[0]?.served ?? 0, 200 - lost, 0.01);
  expect(slow?.[0]).toMatchObject({ coldStarts: 0, onDemand: 0 });
  expect(quick?.[0]?.refused.functionColdStart).toBe(0);
});

describe('functions that share a region', () => {
  const pair = (change: FunctionInput = {}) => [
    eventFunction({ ...change, name: 'a', provisioned: [] }),
    eventFunction({ ...change, name: 'b', provisioned: [] }),
  ];
  const step = (functions: ReturnType<typeof pair>, rps: number, rounds = 30): readonly FunctionStep[] => {
    const scenario = saleScenario({ functions, regions: [{ region: 'ap-singapore', quotaMb: 200 * 512 }] });
    const side = new FunctionSide(scenario.functions, scenario.regions, scenario.assumptions);
    let steps = side.step([rps, rps], 10);
    for (let round = 0; round < rounds; round += 1) steps = side.step([rps, rps], 10);
    return steps;
  };

  it('share its quota as one function of their sum would use it', () => {
    const [a, b] = step(pair(), 700);
    // 2 × 126 concurrent requests for 200 instances.
    const expected = erlangB(200, 252);
    for (const each of [a, b])
      within((each?.refused.functionConcurrency ?? 0) / (each?.arrivals ?? 1), expected, 0.001);
  });

  it('share its limit of new instances', () => {
    const scenario = saleScenario({
      functions: pair(),
      regions: [{ region: 'ap-singapore', quotaMb: 1e7, burstPerMinute: 100 }],
    });
    const side = new FunctionSide(scenario.functions, scenario.regions, scenario.assumptions);
    const steps = side.step([2000, 2000], 10);
    expect(steps.map(({ coldStarts }) => Math.round(coldStarts))).toEqual([50, 50]);
  });

  it('keep their own reservation when the other one needs more', () => {
    const [a, b] = [eventFunction({ name: 'a', provisioned: [], reservedMb: 150 * 512 }), pair()[1]];
    const [first, second] = b === undefined ? [] : step([a, b], 700);
    expect(first?.refused.functionConcurrency).toBeLessThan(0.01 * (first?.arrivals ?? 0));
    // 50 instances are left for 126 concurrent requests.
    within((second?.served ?? 0) / (second?.arrivals ?? 1), 1 - erlangB(50, 126), 0.01);
  });
});

describe('provisioned instances', () => {
  it('get warm at 100 a minute from the time they are wanted, and end at once', () => {
    const warm = warmCurve(
      {
        provisioned: [
          { atS: -60, instances: 150 },
          { atS: 300, instances: 20 },
          { atS: 400, instances: 400 },
        ],
      },
      100 / 60,
    );
    expect([-61, 0, 29, 30, 299, 300, 399, 460, 1000].map((atS) => Math.round(warm(atS)))).toEqual([
      0, 100, 148, 150, 150, 20, 20, 120, 400,
    ]);
  });

  it('share the pace of the region if that is assumed', () => {
    const functions = ['a', 'b'].map((name) =>
      eventFunction({ name, provisioned: [{ atS: 0, instances: 500 }] }),
    );
    const assumptions = { 'function.warmUpPace': 'region' as const };
    const scenario = saleScenario({ functions, assumptions });
    const side = new FunctionSide(scenario.functions, scenario.regions, scenario.assumptions);
    expect(side.step([0, 0], 60).map(({ provisioned }) => provisioned)).toEqual([25, 25]);
  });
});
