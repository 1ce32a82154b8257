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
