import { Agent } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { lognormalParameters } from '@/lib/capacity/queueing/service-time';
import { waitMean } from '@/lib/capacity/queueing/wait';
import { CapacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { CvmPool } from '@/lib/capacity/sides/cvm-pool';
import { FunctionSide } from '@/lib/capacity/sides/function-side';
import {
  exponential,
  lognormal,
  poissonArrivals,
  type Sampler,
  TimeHeap,
} from '@/testing/capacity/discrete-events';
import { eventFunction, saleScenario } from '@/testing/capacity/sale-scenario';
import { startQueueingServer } from '@/testing/sandbox/data-plane/queueing-server';
import { startTestPlane, type TestPlane } from '@/testing/sandbox/data-plane/test-plane';
import {
  testWorld,
  worldFunction,
  worldInstance,
  worldListener,
  worldRule,
} from '@/testing/sandbox/data-plane/test-world';
import { createRandom } from '@/testing/simulation/random';
import { Admission } from './functions/admission';
import { createInvoker } from './functions/invoker';
import type { FunctionRuntime } from './functions/runtime';
import { createTelemetry } from './telemetry/telemetry';
import { Assumptions } from './world/assumptions';
import { SwitchableClock } from './world/clock';
import type { FunctionInvocation } from './world/invoker';
import type { WorldFunction } from './world/scf';

/* The capacity model refuses and starts as the sandbox does: by the admission of calls, and over HTTP on loopback. */

const memoryMb = 128;

/** The model's function with the limits of a sandbox function. */
function createSide(
  fn: WorldFunction,
  durations: CapacityScenario['functions'][number]['duration'],
  coldStartMs = 0,
) {
  const scenario = saleScenario({
    functions: [
      eventFunction({
        memoryMb: fn.memoryMb,
        reservedMb: fn.reservedMb,
        provisioned: [],
        duration: durations,
        timeoutS: 900,
      }),
    ],
    regions: [{ region: 'ap-singapore', quotaMb: 64_000 }],
    assumptions: { 'function.coldStartMs': coldStartMs },
  });
  return new FunctionSide(scenario.functions, scenario.regions, scenario.assumptions);
}

/**
 * Returns the refusals of the model for arrivals that were counted by steps of one second.
 * @param isGradual arrivals rise within the seconds, not at their beginnings
 */
function playModel(side: FunctionSide, arrivals: readonly number[], isGradual = false) {
  const sum = { arrivals: 0, throttled: 0, burst: 0, coldStarts: 0 };
  let before = 0;
  // Nothing runs before.
  side.step([0], 1);
  for (const rps of arrivals) {
    const [step] = side.step([rps], 1, isGradual ? [] : [Math.max(0, rps - before)]);
    before = rps;
    sum.arrivals += step?.arrivals ?? 0;
    sum.throttled += step?.refused.functionConcurrency ?? 0;
    sum.burst += step?.refused.functionBurst ?? 0;
    sum.coldStarts += step?.coldStarts ?? 0;
  }
  return sum;
}

function countBySecond(times: readonly number[], untilS: number): readonly number[] {
  const counts = Array.from({ length: untilS }, () => 0);
  for (const atS of times) counts[Math.floor(atS)] = (counts[Math.floor(atS)] ?? 0) + 1;
  return counts;
}

describe('the admission of calls', () => {
  function playAdmission(fn: WorldFunction, times: readonly number[], service: Sampler, coldStartS = 0) {
    const { account } = testWorld({ functions: { [`ap-singapore/default/${fn.name}`]: fn } });
    const admission = new Admission(() => 0);
    const random = createRandom(3);
    const ends = new TimeHeap();
    const releases = new Map<number, () => void>();
    // Instances are kept longer than a test lasts: one starts for each call beyond the most that ran at once before.
    const sum = { arrivals: 0, throttled: 0, burst: 0, coldStarts: 0 };
    for (const atS of times) {
      while (ends.first <= atS) releases.get(ends.pop())?.();
      const now = atS * 1000;
      const admitted = admission.admit({
        account,
        fn,
        version: '1',
        memoryMb: fn.memoryMb,
        idleMs: 60_000,
        now,
      });
      sum.arrivals += 1;
      if (admitted.kind === 'admitted') {
        const isCold = admitted.concurrency > sum.coldStarts;
        if (isCold) sum.coldStarts = admitted.concurrency;
        const end = atS + (isCold ? coldStartS : 0) + service(random);
        ends.push(end);
        releases.set(end, () => admitted.release(end * 1000));
      } else sum[admitted.kind] += 1;
    }
    return sum;
  }

  it('refuses as many calls beyond a reservation as the model, within 3 %', () => {
    const fn = worldFunction({ name: 'a', memoryMb, reservedMb: 40 * memoryMb });
    const times = [...poissonArrivals(createRandom(1), () => 200, 200, 300)];
    const real = playAdmission(fn, times, exponential(0.25));
    const side = createSide(fn, { kind: 'fixed', ms: 250 });
    const model = playModel(
      side,
      Array.from({ length: 300 }, () => 200),
    );
    expect([real.burst, Math.round(model.burst)]).toEqual([0, 0]);
    expect(real.throttled / real.arrivals).toBeGreaterThan(0.1);
    expect(Math.abs(model.throttled / model.arrivals / (real.throttled / real.arrivals) - 1)).toBeLessThan(
      0.03,
    );
  });

  // The bounds of docs/guide/capacity.md: by which part the model may start fewer instances.
  it.each([
    ['20 req/s each second', (atS: number) => Math.min(400, 20 * atS), 420, 0.1],
    ['100 req/s each second', (atS: number) => Math.min(1000, 100 * atS), 420, 0.1],
    ['500 req/s each second', (atS: number) => Math.min(1500, 500 * atS), 420, 0.25],
    ['700 req/s at once', () => 700, 420, 0.1],
    ['100 req/s each second, with starts of 2 s', (atS: number) => Math.min(1000, 100 * atS), 2000, 0.55],
  ])('starts about as many instances as the model at a rise of %s', (_, rate, coldStartMs, less) => {
    const fn = worldFunction({ name: 'c', memoryMb: 64 });
    const times = [...poissonArrivals(createRandom(10), rate, 1500, 50)];
    const { mu, sigma } = lognormalParameters(0.18, 0.32);
    const real = playAdmission(fn, times, lognormal(mu, sigma), coldStartMs / 1000);
    const duration = { kind: 'lognormal', meanMs: 180, p95Ms: 320 } as const;
    const side = createSide(fn, duration, coldStartMs);
    const rates = Array.from({ length: 50 }, (__, second) => rate(second + 0.5));
    const model = playModel(side, rates, rate(0) === 0);
    expect(real.burst).toBe(0);
    expect(model.coldStarts / real.coldStarts).toBeGreaterThan(1 - less);
    expect(model.coldStarts / real.coldStarts).toBeLessThan(1.1);
  });

  it('refuses as many calls for too fast a start as the model, within 10 %', () => {
    const fn = worldFunction({ name: 'b', memoryMb: 64 });
    const rate = (atS: number) => Math.min(3000, 60 * atS);
    const times = [...poissonArrivals(createRandom(2), rate, 3000, 120)];
    const side = createSide(fn, { kind: 'fixed', ms: 400 });
    const real = playAdmission(fn, times, exponential(0.4));
    const model = playModel(side, countBySecond(times, 120));
    const refused = (of: { throttled: number; burst: number }) => of.throttled + of.burst;
    expect(refused(real) / real.arrivals).toBeGreaterThan(0.2);
    expect(Math.abs(refused(model) / refused(real) - 1)).toBeLessThan(0.1);
  });
});

/** Runs calls in the test's own process: each takes a time of its own, and keeps what it really took. */
function createTimedRuntime(service: () => number): { runtime: FunctionRuntime; tookS: number[] } {
  const tookS: number[] = [];
  const value = {
    statusCode: 200,
    headers: { 'Content-Type': 'text/plain' },
    body: 'ok',
    isBase64Encoded: false,
  };
  const invoke = async (): Promise<FunctionInvocation> => {
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, service() * 1000));
    const durationMs = performance.now() - start;
    tookS.push(durationMs / 1000);
    const result = { kind: 'answer' as const, value, json: JSON.stringify(value) };
    return { result, coldStart: false, durationMs, memoryMb: 10, log: '' };
  };
  const runtime: FunctionRuntime = {
    invoke,
    keepWarm: () => Promise.resolve(),
    problem: () => Promise.resolve(null),
    facts: Promise.reject(new Error('The test runs no interpreters')),
    stop: () => Promise.resolve(),
  };
  runtime.facts.catch(() => undefined);
  return { runtime, tookS };
}

describe('the data plane under real load on loopback', () => {
  const planes: TestPlane[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 2000 });
  afterAll(async () => {
    agent.destroy();
    for (const plane of planes) await plane.stop();
  });

  /** Sends requests at their times. @returns the statuses, and the real times of the requests in seconds */
  async function load(fn: WorldFunction, network: string, times: readonly number[], service: () => number) {
    const { runtime, tookS } = createTimedRuntime(service);
    const clock = new SwitchableClock();
    const invoker = createInvoker({
      runtime,
      telemetry: createTelemetry(),
      clock,
      assumptions: new Assumptions(),
    });
    const target = { namespace: 'default', name: fn.name, qualifier: '$LATEST', weight: 10 };
    const rules = [worldRule({ id: 'loc-1', functions: [{ ...target, qualifierType: 'VERSION' }] })];
    const functions = { [`ap-singapore/default/${fn.name}`]: fn };
    const plane = await startTestPlane(
      network,
      [worldListener({ id: 'lbl-1', rules })],
      { functions },
      { invoker },
    );
    planes.push(plane);
    const start = performance.now();
    const sentS: number[] = [];
    const statuses = await Promise.all(
      times.map(async (atS) => {
        await new Promise((resolve) => setTimeout(resolve, atS * 1000 - (performance.now() - start)));
        sentS.push((performance.now() - start) / 1000);
        return (await plane.get({ agent })).status;
      }),
    );
    const meanMs = (1000 * tookS.reduce((sum, took) => sum + took, 0)) / tookS.length;
    return { statuses, sentS, meanMs };
  }

  const share = (statuses: readonly number[], status: number) =>
    statuses.filter((each) => each === status).length / statuses.length;

  it('answers 432 to about the share that the model refuses beyond a reservation', async () => {
    const fn = worldFunction({ name: 'few', memoryMb, reservedMb: 12 * memoryMb });
    const random = createRandom(5);
    const times = [...poissonArrivals(createRandom(4), () => 100, 100, 6)];
    const service = exponential(0.2);
    const { statuses, sentS, meanMs } = await load(fn, '127.191.1', times, () => service(random));
    expect(share(statuses, 200) + share(statuses, 432)).toBe(1);
    // A busy machine takes longer for a call than it should: the model gets what it really took.
    const side = createSide(fn, { kind: 'fixed', ms: meanMs });
    const model = playModel(side, countBySecond(sentS, Math.ceil(Math.max(...sentS)) + 1));
    expect(share(statuses, 432)).toBeGreaterThan(0.2);
    expect(Math.abs(model.throttled / model.arrivals - share(statuses, 432))).toBeLessThan(0.1);
  });

  it('answers 429 to about as many as the model when more than 500 instances start in a minute', async () => {
    const fn = worldFunction({ name: 'many', memoryMb: 64 });
    const times = [...poissonArrivals(createRandom(6), () => 400, 400, 8)];
    const random = createRandom(7);
    const service = exponential(2);
    const { statuses, sentS, meanMs } = await load(fn, '127.191.2', times, () =>
      Math.min(6, service(random)),
    );
    expect(share(statuses, 200) + share(statuses, 429)).toBe(1);
    const side = createSide(fn, { kind: 'fixed', ms: meanMs });
    const model = playModel(side, countBySecond(sentS, Math.ceil(Math.max(...sentS)) + 1));
    expect(share(statuses, 429)).toBeGreaterThan(0.2);
    expect(Math.abs(model.burst / model.arrivals - share(statuses, 429))).toBeLessThan(0.15);
  });
});

describe('servers behind the data plane under real load on loopback', () => {
  const [servers, workers, places, meanS] = [2, 6, 20, 0.1];
  const agent = new Agent({ keepAlive: true, maxSockets: 2000 });
  const stops: (() => Promise<void> | void)[] = [];
  afterAll(async () => {
    agent.destroy();
    for (const stop of stops) await stop();
  });

  /** Sends requests to two servers, the one with fewer requests first, and plays them to the model's pool. */
  async function compare(network: string, rps: number, seconds: number) {
    const ips = Array.from({ length: servers }, (_, index) => `${network}.${101 + index}`);
    const random = createRandom(8);
    const service = exponential(meanS);
    const started = await Promise.all(
      ips.map((host) =>
        startQueueingServer({ host, port: 8080 }, { workers, places, service: () => service(random) }),
      ),
    );
    const ids = ips.map((_, index) => `ins-${index}`);
    const targets = ids.map((instanceId) => ({ instanceId, port: 8080, weight: 10, registeredAt: 0 }));
    const rules = [worldRule({ id: 'loc-1', scheduler: 'LEAST_CONN', targets })];
    const instances = Object.fromEntries(
      ids.map((id, index) => [id, worldInstance({ id, privateIp: ips[index] ?? '' })]),
    );
    const plane = await startTestPlane(network, [worldListener({ id: 'lbl-1', rules })], { instances });
    stops.push(() => plane.stop(), ...started.map(({ stop }) => stop));
    const times = [...poissonArrivals(createRandom(9), () => rps, rps, seconds)];
    const start = performance.now();
    const sentS: number[] = [];
    const statuses = await Promise.all(
      times.map(async (atS) => {
        await new Promise((resolve) => setTimeout(resolve, atS * 1000 - (performance.now() - start)));
        sentS.push((performance.now() - start) / 1000);
        return (await plane.get({ agent })).status;
      }),
    );
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // A busy machine takes longer for a request than it should: the model gets what it really took.
    const latencyMs = mean(started.flatMap(({ tookS }) => tookS)) * 1000;
    const pool = new CvmPool(
      { servers, each: { kind: 'workers', workers, latencyMs }, variation: 1, timeoutS: 60, errorShare: 0 },
      CapacityAssumptions.parse({ 'cvm.queuePerServer': places }),
    );
    let [refused, accepted, waited] = [0, 0, 0];
    for (const arrivals of countBySecond(sentS, Math.ceil(Math.max(...sentS)) + 1)) {
      const step = pool.step(arrivals, 1);
      refused += step.refused.serverBusy;
      accepted += arrivals - step.refused.serverBusy;
      waited += (arrivals - step.refused.serverBusy) * waitMean(step.wait);
    }
    return {
      statuses: new Set(statuses),
      real: {
        refused: statuses.filter((status) => status === 503).length / statuses.length,
        waitS: mean(started.flatMap(({ waitedS }) => waitedS)),
      },
      model: { refused: refused / statuses.length, waitS: waited / accepted },
    };
  }

  it('refuse about the share of the model beyond their capacity, after about its wait', async () => {
    const { statuses, real, model } = await compare('127.191.3', (1.5 * servers * workers) / meanS, 8);
    expect(statuses).toEqual(new Set([200, 503]));
    expect(real.refused).toBeGreaterThan(0.2);
    expect(Math.abs(model.refused - real.refused)).toBeLessThan(0.1);
    expect(Math.abs(model.waitS / real.waitS - 1)).toBeLessThan(0.3);
  });

  it('refuse hardly any below their capacity, and let requests wait about as long as the model', async () => {
    const { real, model } = await compare('127.191.4', (0.75 * servers * workers) / meanS, 8);
    // A busy machine sends late requests together.
    expect(real.refused).toBeLessThan(0.05);
    expect(model.refused).toBeLessThan(0.02);
    // A fifth of the time that the servers need for a full queue.
    expect(Math.abs(model.waitS - real.waitS)).toBeLessThan(0.2 * (places / workers) * meanS);
  });
});
