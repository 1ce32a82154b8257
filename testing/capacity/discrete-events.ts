import { createRandom, type Random } from '@/testing/simulation/random';

/**
 * A discrete-event simulation of single requests, independent of the capacity model that it verifies. It is seeded: the
 * same seed gives the same requests.
 */

/** Returns a duration in seconds. */
export type Sampler = (random: Random) => number;

export const exponential =
  (meanS: number): Sampler =>
  (random) =>
    -meanS * Math.log(1 - random.next());

/** A lognormal duration by the parameters of its logarithm (Box–Muller). */
export const lognormal =
  (mu: number, sigma: number): Sampler =>
  (random) =>
    Math.exp(
      mu + sigma * Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next()),
    );

/** Returns the arrival times of a Poisson process whose rate changes over time, by thinning, up to `untilS`. */
export function* poissonArrivals(
  random: Random,
  rate: (atS: number) => number,
  peakRate: number,
  untilS: number,
): Generator<number> {
  for (let atS = 0; ; ) {
    atS -= Math.log(1 - random.next()) / peakRate;
    if (atS >= untilS) return;
    if (random.next() * peakRate < rate(atS)) yield atS;
  }
}

/** A heap of times, the smallest first. */
export class TimeHeap {
  readonly #times: number[] = [];

  get size(): number {
    return this.#times.length;
  }

  get first(): number {
    return this.#times[0] ?? Infinity;
  }

  push(time: number): void {
    const times = this.#times;
    let index = times.length;
    times.push(time);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if ((times[parent] ?? 0) <= time) break;
      times[index] = times[parent] ?? 0;
      index = parent;
    }
    times[index] = time;
  }

  pop(): number {
    const times = this.#times;
    const first = times[0] ?? Infinity;
    const last = times.pop();
    if (last === undefined || times.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= times.length) break;
      if ((times[child + 1] ?? Infinity) < (times[child] ?? Infinity)) child += 1;
      if ((times[child] ?? Infinity) >= last) break;
      times[index] = times[child] ?? Infinity;
      index = child;
    }
    times[index] = last;
    return first;
  }
}

export type QueueOutcome = {
  readonly arrivals: number;
  readonly blocked: number;
  /** Waits of the accepted ones, in seconds, in order of arrival. */
  readonly waits: readonly number[];
  /** The number that wait, averaged over time. */
  readonly queued: number;
  /** The blocked by whole intervals of `intervalS`. */
  readonly blockedBy: readonly number[];
};

/** Serves requests in their order with `workers`, and `places` to wait in. */
export function simulateQueue(options: {
  readonly seed: number;
  readonly workers: number;
  readonly places: number;
  readonly rate: (atS: number) => number;
  readonly peakRate: number;
  readonly service: Sampler;
  readonly untilS: number;
  readonly intervalS?: number;
}): QueueOutcome {
  const { seed, workers, places, rate, peakRate, service, untilS, intervalS = untilS } = options;
  const random = createRandom(seed);
  const free = new TimeHeap();
  for (let worker = 0; worker < workers; worker += 1) free.push(0);
  const waits: number[] = [];
  const blockedBy: number[] = [];
  /** Begins of those that wait. */
  const waiting = new TimeHeap();
  let [arrivals, blocked, waited] = [0, 0, 0];
  for (const atS of poissonArrivals(random, rate, peakRate, untilS)) {
    arrivals += 1;
    while (waiting.first <= atS) waiting.pop();
    if (waiting.size >= places && free.first > atS) {
      blocked += 1;
      const interval = Math.floor(atS / intervalS);
      blockedBy[interval] = (blockedBy[interval] ?? 0) + 1;
      continue;
    }
    const begin = Math.max(atS, free.pop());
    free.push(begin + service(random));
    if (begin > atS) waiting.push(begin);
    waits.push(begin - atS);
    waited += begin - atS;
  }
  return { arrivals, blocked, waits, queued: waited / untilS, blockedBy };
}

export type FunctionEvents = {
  readonly arrivals: number;
  readonly served: number;
  /** Without memory, and started too fast. */
  readonly concurrency: number;
  readonly burst: number;
  readonly coldStarts: number;
  readonly peakBusy: number;
};

/**
 * Admits requests to a function one by one: to a warm instance, to the one that was used last, or to a new one if there
 * is memory and not too many started within the last minute.
 */
export function simulateFunction(options: {
  readonly seed: number;
  readonly rate: (atS: number) => number;
  readonly peakRate: number;
  readonly untilS: number;
  readonly service: Sampler;
  readonly coldStartS: number;
  readonly idleS: number;
  readonly instancesMost: number;
  readonly burstPerMinute: number;
  readonly warm: (atS: number) => number;
}): FunctionEvents {
  const { seed, rate, peakRate, untilS, service, coldStartS, idleS } = options;
  const random = createRandom(seed);
  /** Ends of running requests, on provisioned instances and on others. */
  const [onWarm, onOthers] = [new TimeHeap(), new TimeHeap()];
  /** Idle instances that are not provisioned: the end of their last request, the newest last. */
  const idle: number[] = [];
  let firstIdle = 0;
  const starts: number[] = [];
  let oldestStart = 0;
  let [arrivals, served, concurrency, burst, coldStarts, peakBusy] = [0, 0, 0, 0, 0, 0];
  for (const atS of poissonArrivals(random, rate, peakRate, untilS)) {
    arrivals += 1;
    while (onWarm.first <= atS) onWarm.pop();
    while (onOthers.first <= atS) idle.push(onOthers.pop());
    while ((idle[firstIdle] ?? Infinity) <= atS - idleS) firstIdle += 1;
    if (onWarm.size + onOthers.size >= options.instancesMost) {
      concurrency += 1;
      continue;
    }
    if (onWarm.size < Math.floor(options.warm(atS))) {
      onWarm.push(atS + service(random));
    } else if (idle.length > firstIdle) {
      idle.pop();
      onOthers.push(atS + service(random));
    } else {
      while ((starts[oldestStart] ?? Infinity) <= atS - 60) oldestStart += 1;
      if (starts.length - oldestStart >= options.burstPerMinute) {
        burst += 1;
        continue;
      }
      starts.push(atS);
      coldStarts += 1;
      onOthers.push(atS + coldStartS + service(random));
    }
    served += 1;
    peakBusy = Math.max(peakBusy, onWarm.size + onOthers.size);
  }
  return { arrivals, served, concurrency, burst, coldStarts, peakBusy };
}

/** Returns the value that a share `p` of the values doesn't exceed. */
export function quantileFrom(values: readonly number[], p: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0;
}
