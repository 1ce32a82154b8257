import { z } from 'zod';

const z95 = 1.644_853_6;
/** A lognormal distribution can't have a 95th percentile further above its mean: e^(1.645² ÷ 2). */
const p95ToMeanMost = Math.exp((z95 * z95) / 2);

const ms = z.number().positive().max(900_000);

/** The distribution of a duration: fixed, lognormal by its mean and 95th percentile, or measured quantiles. */
export const DurationSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), ms }),
  z
    .strictObject({ kind: z.literal('lognormal'), meanMs: ms, p95Ms: ms })
    .refine(({ meanMs, p95Ms }) => p95Ms >= meanMs && p95Ms <= meanMs * p95ToMeanMost, {
      message: `p95Ms must be from 1 to ${p95ToMeanMost.toFixed(2)} times meanMs. Use measured quantiles for other distributions.`,
      path: ['p95Ms'],
    }),
  z
    .strictObject({
      kind: z.literal('quantiles'),
      /** Ascending; between two points the duration is taken to be uniform. */
      points: z
        .array(z.strictObject({ p: z.number().min(0).max(1), ms }))
        .min(2)
        .max(100),
    })
    .refine(
      ({ points }) =>
        points.every((point, index) => {
          const before = points[index - 1];
          return before === undefined || (point.p > before.p && point.ms >= before.ms);
        }),
      { message: 'points must ascend in p and in ms.', path: ['points'] },
    ),
]);
export type DurationSpec = z.infer<typeof DurationSpec>;

/** A duration with a limit, as a queue needs it. All in seconds. */
export type ServiceTime = {
  /** Without the limit. */
  readonly meanS: number;
  /** The mean of what an instance is busy for: at most the limit. */
  readonly busyS: number;
  /** The squared coefficient of variation of the busy time. */
  readonly cv2: number;
  /** The share that would exceed the limit. */
  readonly overLimit: number;
};

/**
 * Returns the moments of a duration that is cut at a limit.
 * @param limitS the timeout, in seconds
 */
export function serviceTime(spec: DurationSpec, limitS: number): ServiceTime {
  switch (spec.kind) {
    case 'fixed': {
      const meanS = spec.ms / 1000;
      return { meanS, busyS: Math.min(meanS, limitS), cv2: 0, overLimit: meanS > limitS ? 1 : 0 };
    }
    case 'lognormal':
      return lognormalTime(spec.meanMs / 1000, spec.p95Ms / 1000, limitS);
    case 'quantiles':
      return measuredTime(spec.points, limitS);
  }
}

/** Returns the parameters of a lognormal distribution with a mean and a 95th percentile. */
export function lognormalParameters(
  mean: number,
  p95: number,
): { readonly mu: number; readonly sigma: number } {
  // ln(p95 ÷ mean) = 1.645σ − σ²/2.
  const sigma = z95 - Math.sqrt(Math.max(0, z95 * z95 - 2 * Math.log(p95 / mean)));
  return { mu: Math.log(mean) - (sigma * sigma) / 2, sigma };
}

function lognormalTime(meanS: number, p95S: number, limitS: number): ServiceTime {
  const { mu, sigma } = lognormalParameters(meanS, p95S);
  if (sigma < 1e-9) {
    return { meanS, busyS: Math.min(meanS, limitS), cv2: 0, overLimit: meanS > limitS ? 1 : 0 };
  }
  const at = (Math.log(limitS) - mu) / sigma;
  const overLimit = 1 - normalCdf(at);
  const busyS = meanS * normalCdf(at - sigma) + limitS * overLimit;
  const square = Math.exp(2 * mu + 2 * sigma * sigma) * normalCdf(at - 2 * sigma) + limitS ** 2 * overLimit;
  return { meanS, busyS, cv2: Math.max(0, square / busyS ** 2 - 1), overLimit };
}

type Point = { readonly p: number; readonly ms: number };

function measuredTime(points: readonly Point[], limitS: number): ServiceTime {
  let [mean, busy, square, over] = [0, 0, 0, 0];
  const piece = (fromS: number, toS: number, weight: number) => {
    if (weight <= 0) return;
    mean += (weight * (fromS + toS)) / 2;
    const below = toS <= limitS ? 1 : fromS >= limitS ? 0 : (limitS - fromS) / (toS - fromS);
    const endS = Math.min(toS, limitS);
    busy += weight * ((below * (fromS + endS)) / 2 + (1 - below) * limitS);
    square += weight * ((below * (fromS ** 2 + fromS * endS + endS ** 2)) / 3 + (1 - below) * limitS ** 2);
    over += weight * (1 - below);
  };
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return { meanS: 0, busyS: 0, cv2: 0, overLimit: 0 };
  // Below the first and above the last quantile nothing is known: their values continue.
  piece(first.ms / 1000, first.ms / 1000, first.p);
  for (const [index, { p, ms: to }] of points.entries()) {
    const before = points[index - 1];
    if (before !== undefined) piece(before.ms / 1000, to / 1000, p - before.p);
  }
  piece(last.ms / 1000, last.ms / 1000, 1 - last.p);
  return { meanS: mean, busyS: busy, cv2: Math.max(0, square / busy ** 2 - 1), overLimit: over };
}

/**
 * Returns the response time that a share `p` of requests doesn't exceed, in seconds, from the mean and variance of the
 * wait and of the duration. It is taken to be lognormal: an approximation within some percent.
 */
export function responseQuantile(meanS: number, varianceS2: number, p: number): number {
  if (meanS <= 0) return 0;
  const sigma2 = Math.log1p(varianceS2 / meanS ** 2);
  return Math.exp(Math.log(meanS) - sigma2 / 2 + Math.sqrt(sigma2) * normalQuantile(p));
}

/**
 * Returns the probability that a standard normal value is at most `x`. Absolute error below 7.5e-8: Abramowitz and
 * Stegun, Handbook of Mathematical Functions, 26.2.17.
 */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(x));
  const poly =
    t *
    (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return x >= 0 ? 1 - tail : tail;
}

/**
 * Returns the value that a standard normal value stays below with probability `p` (0 < p < 1). Absolute error below
 * 4.5e-4: Abramowitz and Stegun, 26.2.23.
 */
export function normalQuantile(p: number): number {
  const tail = Math.min(p, 1 - p);
  if (tail <= 0) return p <= 0 ? -Infinity : Infinity;
  const t = Math.sqrt(-2 * Math.log(tail));
  const top = 2.515_517 + t * (0.802_853 + t * 0.010_328);
  const bottom = 1 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
  const x = t - top / bottom;
  return p < 0.5 ? -x : x;
}
