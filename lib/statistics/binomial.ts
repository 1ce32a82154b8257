/*
 * Tests and intervals of a share: k of n observations, and how it is rounded. Pure. All of them assume that the observations are independent.
 */

/** The coefficients of Lanczos' approximation of the gamma function (g = 7, n = 9): relative error below 1e-13. */
const lanczosFirst = 0.99999999999980993;
const lanczos: readonly number[] = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Returns ln Γ(x) for x ≥ 1. https://doi.org/10.1137/0701008 */
function logGamma(x: number): number {
  const sum = lanczos.reduce((total, coefficient, index) => total + coefficient / (x + index), lanczosFirst);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Returns the logarithm of the probability of k successes in n trials. */
function logProbability(k: number, n: number, p: number): number {
  if (p === 0) return k === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (p === 1) return k === n ? 0 : Number.NEGATIVE_INFINITY;
  const choose = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return choose + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

function sumProbabilities(from: number, to: number, n: number, p: number): number {
  let sum = 0;
  for (let k = from; k <= to; k += 1) sum += Math.exp(logProbability(k, n, p));
  return Math.min(1, sum);
}

/** The most observations for which exact methods are used: they take n steps. */
const exactMax = 1000;
/** Outcomes whose probabilities differ by less count as equally likely, as in R's `binom.test`. */
const sameLikely = 1 + 1e-7;

/**
 * Returns the probability of an outcome at least as unlikely as k of n if the share is p: the exact two-sided binomial
 * test. https://stat.ethz.ch/R-manual/R-devel/library/stats/html/binom.test.html
 */
export function testExactly(k: number, n: number, p: number): number {
  const limit = logProbability(k, n, p) + Math.log(sameLikely);
  let sum = 0;
  for (let i = 0; i <= n; i += 1) {
    const each = logProbability(i, n, p);
    if (each <= limit) sum += Math.exp(each);
  }
  return Math.min(1, sum);
}

/**
 * Returns the complementary error function, with an absolute error below 1.2e-7.
 * Press et al., Numerical Recipes in C, 2nd edition, §6.2: `erfcc`.
 */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const polynomial = terms.reduceRight((sum, term) => sum * t + term, 0);
  const value = t * Math.exp(-x * x + polynomial);
  return x >= 0 ? value : 2 - value;
}

/**
 * Returns the same by Pearson's chi-square test with one degree of freedom, for many observations.
 * https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm
 */
export function testByChiSquare(k: number, n: number, p: number): number {
  if (p === 0 || p === 1) return k === n * p ? 1 : 0;
  const statistic = (k - n * p) ** 2 / (n * p * (1 - p));
  return erfc(Math.sqrt(statistic / 2));
}

/** Bounds of a share, from 0 to 1. */
export type ShareInterval = { readonly low: number; readonly high: number };

/** The quantile of the standard normal distribution for a two-sided interval of 95 %. */
const z95 = 1.959963984540054;
const tail = 0.025;

function bisect(isBelow: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Returns the exact 95 % interval of Clopper and Pearson: the shares for which neither k or more nor k or fewer of n
 * would be rarer than 2.5 %. https://doi.org/10.1093/biomet/26.4.404
 */
export function getExactInterval(k: number, n: number): ShareInterval {
  return {
    low: k === 0 ? 0 : bisect((p) => sumProbabilities(k, n, n, p) < tail),
    high: k === n ? 1 : bisect((p) => sumProbabilities(0, k, n, p) > tail),
  };
}

/**
 * Returns the 95 % interval of Wilson, for many observations.
 * https://doi.org/10.1080/01621459.1927.10502953
 */
export function getWilsonInterval(k: number, n: number): ShareInterval {
  const share = k / n;
  const divisor = 1 + z95 ** 2 / n;
  const centre = (share + z95 ** 2 / (2 * n)) / divisor;
  const half = (z95 / divisor) * Math.sqrt((share * (1 - share)) / n + z95 ** 2 / (4 * n * n));
  // The ends are exact without an exception: the error of the arithmetic would exclude a share of 0 or 1.
  return { low: k === 0 ? 0 : Math.max(0, centre - half), high: k === n ? 1 : Math.min(1, centre + half) };
}

/** A measured share, compared with the intended one. */
export type ShareTest = ShareInterval & {
  /** From 0 to 1. */
  readonly share: number;
  readonly n: number;
  /** The probability of such a difference, or a larger one, if the intended share is the true one. */
  readonly pValue: number;
};

/**
 * Compares k of n observations with an intended share: exactly up to 1,000 observations, else by chi-square and Wilson.
 * @param intended from 0 to 1
 * @returns null without observations
 */
export function testShare(k: number, n: number, intended: number): ShareTest | null {
  if (n <= 0) return null;
  const isExact = n <= exactMax;
  const interval = isExact ? getExactInterval(k, n) : getWilsonInterval(k, n);
  const pValue = isExact ? testExactly(k, n, intended) : testByChiSquare(k, n, intended);
  return { share: k / n, n, ...interval, pValue };
}

/** Returns how many observations contradict an intended share of 0 or 1; 0 for other shares, which need both. */
export function countExceptions({ share, n }: Pick<ShareTest, 'share' | 'n'>, intended: number): number {
  const k = Math.round(share * n);
  return intended === 0 ? k : intended === 1 ? n - k : 0;
}

/** Rounds a share in %, but never to 0 or 100 if it is neither: then to the nearest value within. */
export function roundPercent(percent: number, digits: number): number {
  if (percent <= 0 || percent >= 100) return percent;
  const unit = 10 ** -digits;
  return Math.min(100 - unit, Math.max(unit, Number(percent.toFixed(digits))));
}
