import { describe, expect, it } from 'vitest';
import { CapacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import { CvmPool } from '@/lib/capacity/sides/cvm-pool';
import { exponential, lognormal, quantileFrom, simulateQueue } from '@/testing/capacity/discrete-events';
import { createRandom } from '@/testing/simulation/random';
import { durationTail } from './duration-tail';
import { boundedQueue, erlangB, erlangC } from './erlang';
import { lognormalParameters, normalCdf, normalQuantile, serviceTime } from './service-time';
import { waitMean, waitQuantile } from './wait';

/** Erlang B by its recursion, from which the tables are made. */
function recursiveB(servers: number, offered: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n += 1) blocked = (offered * blocked) / (n + offered * blocked);
  return blocked;
}

/** The settled pool of one server with `workers`. */
function settle(workers: number, rho: number, variation: number, queue = 100_000) {
  const latencyMs = 100;
  const cvm = {
    servers: 1,
    each: { kind: 'workers' as const, workers, latencyMs },
    variation,
    timeoutS: 3600,
    errorShare: 0,
  };
  const pool = new CvmPool(cvm, CapacityAssumptions.parse({ 'cvm.queuePerServer': queue }));
  const rps = (rho * workers) / (latencyMs / 1000);
  let step = pool.step(rps, 10);
  for (let round = 0; round < 400; round += 1) step = pool.step(rps, 10);
  return { step, rps };
}

const within = (value: number, expected: number, part: number) =>
  expect(Math.abs(value / expected - 1), `${value} instead of ${expected}`).toBeLessThan(part);

describe('Erlang’s formulas', () => {
  it.each([
    [1, 0.5],
    [10, 5],
    [10, 9.9],
    [100, 90],
    [100, 140],
    [1000, 980],
    [2580, 2700],
  ])('give the blocked share of %i servers with an offered load of %d', (servers, offered) => {
    within(erlangB(servers, offered), recursiveB(servers, offered), 1e-9);
  });

  it('give 0 far below saturation, 1 without a server, and 40.9 % waiting of 10 servers with 8 erlangs', () => {
    expect([erlangB(100, 20), erlangB(0, 3), erlangC(5, 5)]).toEqual([0, 1, 1]);
    expect(recursiveB(100, 20)).toBeLessThan(1e-6);
    expect(erlangC(10, 8)).toBeCloseTo(0.4092, 4);
  });

  it.each([0.3, 0.9, 1, 1.000_001, 1.7])('sum to 1 for a bounded queue at %d of saturation', (rho) => {
    const [servers, places] = [8, 30];
    // The states one by one.
    const offered = rho * servers;
    let [state, sum] = [1, 0];
    const states: number[] = [];
    for (let n = 0; n <= servers + places; n += 1) {
      if (n > 0) state *= offered / Math.min(n, servers);
      states.push(state);
      sum += state;
    }
    const p = (n: number) => (states[n] ?? 0) / sum;
    const queued = states.reduce((all, _, n) => all + Math.max(0, n - servers) * p(n), 0);
    const { blocked, queued: found } = boundedQueue(servers, offered, places);
    within(blocked, p(servers + places), 1e-4);
    within(found, queued, 1e-4);
  });
});

describe('the normal distribution', () => {
  it('matches its table', () => {
    expect(normalCdf(1.96)).toBeCloseTo(0.975_002, 6);
    expect(normalQuantile(0.95)).toBeCloseTo(1.644_85, 3);
    expect(normalQuantile(0.01)).toBeCloseTo(-2.326_35, 3);
  });
});

describe('durations', () => {
  it('have the moments of samples, with and without a limit', () => {
    const spec = { kind: 'lognormal' as const, meanMs: 180, p95Ms: 400 };
    const { mu, sigma } = lognormalParameters(0.18, 0.4);
    expect(Math.exp(mu + 1.644_853_6 * sigma)).toBeCloseTo(0.4, 6);
    const random = createRandom(1);
    const sample = lognormal(mu, sigma);
    const samples = Array.from({ length: 200_000 }, () => sample(random));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const limitS of [0.3, 900]) {
      const cut = samples.map((value) => Math.min(value, limitS));
      const { meanS, busyS, cv2, overLimit } = serviceTime(spec, limitS);
      within(meanS, mean(samples), 0.005);
      within(busyS, mean(cut), 0.005);
      within(cv2, mean(cut.map((value) => value ** 2)) / mean(cut) ** 2 - 1, 0.03);
      expect(overLimit).toBeCloseTo(samples.filter((value) => value > limitS).length / samples.length, 2);
    }
  });

  it('take measured quantiles as uniform between two points', () => {
    const points = [
      { p: 0, ms: 100 },
      { p: 1, ms: 300 },
    ];
    const { meanS, cv2, overLimit, busyS } = serviceTime({ kind: 'quantiles', points }, 0.2);
    expect(meanS).toBeCloseTo(0.2, 9);
    expect(overLimit).toBeCloseTo(0.5, 9);
    // Half of them 150 ms on average, half of them 200 ms.
    expect(busyS).toBeCloseTo(0.175, 9);
    expect(cv2).toBeGreaterThan(0);
  });
});

describe('the tail of a duration', () => {
  it('is that of fixed and exponential durations, and of an Erlang distribution of four phases', () => {
    expect([durationTail(2, 0, 1.9), durationTail(2, 0, 2.1)]).toEqual([1, 0]);
    expect(durationTail(2, 1, 3)).toBeCloseTo(Math.exp(-1.5), 12);
    const x = 4 * 1.5;
    expect(durationTail(2, 0.5, 3)).toBeCloseTo(Math.exp(-x) * (1 + x + x ** 2 / 2 + x ** 3 / 6), 12);
    expect(durationTail(2, 0.06, 4)).toBeLessThan(1e-9);
  });

  it.each([0.06, 0.3, 0.8, 1, 1.5, 4])('has the mean and the variation %d', (variation) => {
    // E[S] and E[S²] ÷ 2 are ∫ of the tail and of t times it.
    let [mean, half] = [0, 0];
    const dt = 0.002;
    for (let t = dt / 2; t < 400; t += dt) {
      const tail = durationTail(1, variation, t);
      mean += tail * dt;
      half += t * tail * dt;
    }
    within(mean, 1, 0.003);
    within(2 * half - mean ** 2, variation ** 2, 0.01);
  });
});

describe('the pool against a discrete-event simulation', () => {
  it.each([
    [1, 0.7, 11],
    [10, 0.8, 12],
    [40, 0.93, 13],
  ])('gives the waits of M/M/c within 2 % for $0 workers at $1 of saturation', (workers, rho, seed) => {
    const { step, rps } = settle(workers, rho, 1);
    const service = exponential(0.1);
    const untilS = 1_500_000 / rps;
    const { waits, queued } = simulateQueue({
      seed,
      workers,
      places: Infinity,
      rate: () => rps,
      peakRate: rps,
      service,
      untilS,
    });
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    const waiting = waits.filter((wait) => wait > 0).length / waits.length;
    within(waitMean(step.wait), mean, 0.02);
    within(step.wait.share, waiting, 0.02);
    within(waitQuantile(step.wait, 0.95), quantileFrom(waits, 0.95), 0.05);
    within(waitQuantile(step.wait, 0.99), quantileFrom(waits, 0.99), 0.05);
    within(step.queued, queued, 0.02);
    // Little's law.
    within(step.queued, rps * waitMean(step.wait), 0.005);
    // The exact tail: the share that waits falls by e each 1 ÷ (capacity − arrivals).
    const exact = Math.log(erlangC(workers, rho * workers) / 0.01) / (workers / 0.1 - rps);
    within(waitQuantile(step.wait, 0.99), exact, 0.002);
    within(waitMean(step.wait), erlangC(workers, rho * workers) / (workers / 0.1 - rps), 0.002);
  });

  // Allen–Cunneen is exact for one worker; for several it is known to be within some percent at high load.
  it.each([
    [1, 0.8, 0.04, 21],
    [12, 0.85, 0.08, 22],
    [30, 0.9, 0.08, 23],
  ])('gives the mean wait of M/G/c within known bounds for $0 workers at $1', (workers, rho, bound, seed) => {
    const { mu, sigma } = lognormalParameters(0.1, 0.25);
    const cv = Math.sqrt(Math.exp(sigma ** 2) - 1);
    const { step, rps } = settle(workers, rho, cv);
    const { waits } = simulateQueue({
      seed,
      workers,
      places: Infinity,
      rate: () => rps,
      peakRate: rps,
      service: lognormal(mu, sigma),
      untilS: 700_000 / rps,
    });
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    within(waitMean(step.wait), mean, bound);
    within(step.queued, rps * waitMean(step.wait), 0.005);
  });

  it.each([
    [10, 0.95, 20, 31],
    [10, 1.3, 50, 32],
  ])(
    'gives the blocked share of M/M/c/K for $0 workers at $1 with $2 places',
    (workers, rho, places, seed) => {
      const { step, rps } = settle(workers, rho, 1, places);
      const { arrivals, blocked } = simulateQueue({
        seed,
        workers,
        places,
        rate: () => rps,
        peakRate: rps,
        service: exponential(0.1),
        untilS: 1_500_000 / rps,
      });
      within(step.refused.serverBusy / step.arrivals, blocked / arrivals, 0.03);
    },
  );

  it('follows a rise beyond saturation and back within 5 % of all that are refused and queued', () => {
    const cvm = {
      servers: 2,
      each: { kind: 'workers' as const, workers: 20, latencyMs: 100 },
      variation: 1,
      timeoutS: 3600,
      errorShare: 0,
    };
    const pool = new CvmPool(cvm, CapacityAssumptions.parse({ 'cvm.queuePerServer': 2000 }));
    // 400 a second are served.
    const rate = (atS: number) => (atS < 60 ? 200 : atS < 120 ? 600 : 250);
    let [refused, served, longest] = [0, 0, 0];
    for (let atS = 0; atS < 300; atS += 10) {
      const step = pool.step(rate(atS), 10);
      refused += step.refused.serverBusy;
      served += step.served;
      longest = Math.max(longest, waitQuantile(step.wait, 0.5));
    }
    const outcome = simulateQueue({
      seed: 41,
      workers: 40,
      places: 4000,
      rate,
      peakRate: 600,
      service: exponential(0.1),
      untilS: 300,
    });
    within(refused, outcome.blocked, 0.05);
    within(served, outcome.arrivals - outcome.blocked, 0.02);
    within(longest, Math.max(...outcome.waits), 0.1);
  });
});
