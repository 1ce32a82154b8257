import { z } from 'zod';

/** The most requests per second of a demand. */
export const demandRpsMax = 10_000_000;
const rps = z.number().min(0).max(demandRpsMax);
/** The longest event that can be simulated: 14 days, in seconds. */
export const eventMaxS = 1_209_600;
const atS = z.number().min(-86_400).max(eventMaxS);
const duration = z.number().min(0).max(604_800);

/** The maximum of points of an imported series: a week by the minute, and some. */
export const demandPointsMax = 12_000;

/** Returns a measured point with four digits, and seven decimals at most: it is no more precise, and a link must hold it. */
export const roundPoint = (measured: number): number => Number(Number(measured.toPrecision(4)).toFixed(7));

/** Requests per second over time. Times are in seconds from the beginning of the scenario. */
export const Demand = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), rps }),
  z
    .strictObject({ kind: z.literal('ramp'), fromRps: rps, toRps: rps, startS: atS, endS: atS })
    .refine(({ startS, endS }) => endS >= startS, {
      message: 'endS must not be before startS.',
      path: ['endS'],
    }),
  z.strictObject({
    kind: z.literal('spike'),
    baseRps: rps,
    peakRps: rps,
    atS,
    /** From the base to the peak; 0 = at once. */
    riseS: duration,
    holdS: duration,
    /** The time in which the excess over the base falls to 37 % (1/e); 0 = at once. */
    decayS: duration,
  }),
  z.strictObject({
    kind: z.literal('flashSale'),
    baseRps: rps,
    /** Reached by those who wait for the opening; it grows exponentially from the base. */
    preRushRps: rps,
    preRushS: duration,
    opensAtS: atS,
    peakRps: rps,
    /** From the opening to the peak; 0 = at once. */
    riseS: duration,
    holdS: duration,
    /** The time in which the excess over the tail falls to 37 % (1/e). */
    decayS: duration,
    tailRps: rps,
    secondWave: z
      .strictObject({ afterS: duration, extraRps: rps, riseS: duration, decayS: duration })
      .nullable()
      .default(null),
  }),
  z.strictObject({
    kind: z.literal('series'),
    /** The time of the first point. */
    startS: atS,
    intervalS: z.number().positive().max(86_400),
    /** Between two points the demand is taken to be linear; before the first and after the last it stays. */
    rps: z.array(rps).min(1).max(demandPointsMax),
    /** All points are multiplied by it. */
    scale: z.number().min(0).max(1000).default(1),
  }),
]);
export type Demand = z.infer<typeof Demand>;

/** The demand of each step. */
export type DemandSeries = {
  /** The mean of the step, in requests per second. */
  readonly rps: Float64Array;
  /** The part of it that begins at once within the step, rather than gradually. */
  readonly jumps: Float64Array;
};

const samplesPerStep = 4;

/** Returns the demand by step. */
export function sampleDemand(demand: Demand, steps: number, stepS: number): DemandSeries {
  const rate = rateOverTime(demand);
  const series = { rps: new Float64Array(steps), jumps: new Float64Array(steps) };
  for (let step = 0; step < steps; step += 1) {
    let sum = 0;
    for (let sample = 0; sample < samplesPerStep; sample += 1) {
      sum += rate((step + (sample + 0.5) / samplesPerStep) * stepS);
    }
    series.rps[step] = sum / samplesPerStep;
  }
  for (const { atS: at, rps: jump } of listJumps(demand)) {
    const step = Math.floor(at / stepS);
    if (step >= 0 && step < steps) series.jumps[step] = (series.jumps[step] ?? 0) + jump;
  }
  return series;
}

/** Returns a demand with all its rates multiplied. */
export function scaleDemand(demand: Demand, factor: number): Demand {
  switch (demand.kind) {
    case 'constant':
      return { ...demand, rps: demand.rps * factor };
    case 'ramp':
      return { ...demand, fromRps: demand.fromRps * factor, toRps: demand.toRps * factor };
    case 'spike':
      return { ...demand, baseRps: demand.baseRps * factor, peakRps: demand.peakRps * factor };
    case 'flashSale': {
      const { secondWave } = demand;
      return {
        ...demand,
        baseRps: demand.baseRps * factor,
        preRushRps: demand.preRushRps * factor,
        peakRps: demand.peakRps * factor,
        tailRps: demand.tailRps * factor,
        secondWave: secondWave && { ...secondWave, extraRps: secondWave.extraRps * factor },
      };
    }
    case 'series':
      return { ...demand, scale: demand.scale * factor };
  }
}

/** Returns the peak of a demand within a scenario, in requests per second. */
export function peakDemand(demand: Demand, steps: number, stepS: number): number {
  let peak = 0;
  for (const value of sampleDemand(demand, steps, stepS).rps) peak = Math.max(peak, value);
  return peak;
}

type Rate = (atS: number) => number;

/** Returns what is left of an excess after `s` seconds. */
const decayed = (s: number, decayS: number) => (decayS === 0 ? 0 : Math.exp(-s / decayS));

function rateOverTime(demand: Demand): Rate {
  switch (demand.kind) {
    case 'constant':
      return () => demand.rps;
    case 'ramp': {
      const { fromRps, toRps, startS, endS } = demand;
      return (at) => {
        if (at < startS) return fromRps;
        return at >= endS ? toRps : fromRps + ((toRps - fromRps) * (at - startS)) / (endS - startS);
      };
    }
    case 'spike':
      return spikeRate(demand);
    case 'flashSale':
      return flashSaleRate(demand);
    case 'series':
      return seriesRate(demand);
  }
}

function spikeRate({ baseRps, peakRps, atS: start, riseS, holdS, decayS }: Demand & { kind: 'spike' }): Rate {
  const excess = peakRps - baseRps;
  return (at) => {
    const s = at - start;
    if (s < 0) return baseRps;
    if (s < riseS) return baseRps + (excess * s) / riseS;
    if (s < riseS + holdS) return peakRps;
    return baseRps + excess * decayed(s - riseS - holdS, decayS);
  };
}

function flashSaleRate(demand: Demand & { kind: 'flashSale' }): Rate {
  const { baseRps, preRushRps, preRushS, opensAtS, peakRps, riseS, holdS, decayS, tailRps } = demand;
  const { secondWave } = demand;
  // The pre-rush begins with 5 % of what it adds, and grows as many times as large.
  const growth = Math.log(20);
  const main = (s: number) => {
    if (s < -preRushS) return baseRps;
    if (s < 0) return baseRps + (preRushRps - baseRps) * Math.exp((growth * s) / preRushS);
    // Most come at the beginning of the rise: 95 % of it after half of the time.
    if (s < riseS)
      return preRushRps + ((peakRps - preRushRps) * (1 - Math.exp((-6 * s) / riseS))) / (1 - Math.exp(-6));
    if (s < riseS + holdS) return peakRps;
    return tailRps + (peakRps - tailRps) * decayed(s - riseS - holdS, decayS);
  };
  if (secondWave === null) return (at) => main(at - opensAtS);
  const { afterS, extraRps } = secondWave;
  const wave = spikeRate({
    kind: 'spike',
    baseRps: 0,
    peakRps: extraRps,
    atS: afterS,
    riseS: secondWave.riseS,
    holdS: 0,
    decayS: secondWave.decayS,
  });
  return (at) => main(at - opensAtS) + wave(at - opensAtS);
}

function seriesRate({ startS, intervalS, rps: points, scale }: Demand & { kind: 'series' }): Rate {
  const last = points.length - 1;
  return (at) => {
    const place = Math.min(last, Math.max(0, (at - startS) / intervalS));
    const index = Math.floor(place);
    const before = points[index] ?? 0;
    const after = points[Math.min(last, index + 1)] ?? 0;
    return scale * (before + (after - before) * (place - index));
  };
}

type Jump = { readonly atS: number; readonly rps: number };

function listJumps(demand: Demand): readonly Jump[] {
  switch (demand.kind) {
    case 'constant':
    case 'series':
      return [];
    case 'ramp':
      return demand.endS > demand.startS ? [] : jump(demand.startS, demand.toRps - demand.fromRps);
    case 'spike':
      return demand.riseS > 0 ? [] : jump(demand.atS, demand.peakRps - demand.baseRps);
    case 'flashSale': {
      const { opensAtS, riseS, peakRps, preRushRps, secondWave } = demand;
      const wave = secondWave !== null && secondWave.riseS === 0 ? secondWave : null;
      return [
        ...(riseS > 0 ? [] : jump(opensAtS, peakRps - preRushRps)),
        ...(wave === null ? [] : jump(opensAtS + wave.afterS, wave.extraRps)),
      ];
    }
  }
}

const jump = (atS: number, rps: number): readonly Jump[] => (rps > 0 ? [{ atS, rps }] : []);
