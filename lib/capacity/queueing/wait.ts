/**
 * The distribution of a wait: 0 for a share of 1 − `share`, otherwise `leastS` plus a truncated exponential of `rate`
 * on [0, `spanS`]. A rate of 0 is uniform, a negative one leans to the end (a queue beyond saturation); a span of 0 is
 * a fixed wait.
 */
export type Wait = {
  readonly share: number;
  readonly leastS: number;
  readonly spanS: number;
  readonly rate: number;
};

export const noWait: Wait = { share: 0, leastS: 0, spanS: 0, rate: 0 };

/** Returns the wait that a share `p` of requests doesn't exceed, in seconds. */
export function waitQuantile({ share, leastS, spanS, rate }: Wait, p: number): number {
  if (share <= 1 - p) return 0;
  const within = 1 - (1 - p) / share;
  const x = rate * spanS;
  if (Math.abs(x) < 1e-6) return leastS + within * spanS;
  if (x > 700) return leastS - Math.log(1 - within) / rate;
  if (x < -700) return leastS + spanS + Math.log(Math.max(within, 1e-300)) / -rate;
  return leastS - Math.log(1 - within * (1 - Math.exp(-x))) / rate;
}

/** Returns the share of requests that wait longer than `s` seconds. */
export function waitTail({ share, leastS, spanS, rate }: Wait, s: number): number {
  const beyond = s - leastS;
  if (s < 0 || share === 0) return s < 0 ? 1 : 0;
  if (beyond < 0) return share;
  if (beyond >= spanS) return 0;
  const x = rate * spanS;
  if (Math.abs(x) < 1e-6) return share * (1 - beyond / spanS);
  if (x > 700) return share * Math.exp(-rate * beyond);
  if (x < -700) return share * (1 - Math.exp(rate * (spanS - beyond)));
  return (share * (Math.exp(-rate * beyond) - Math.exp(-x))) / (1 - Math.exp(-x));
}

/** Returns the mean wait of all requests, in seconds. */
export function waitMean({ share, leastS, spanS, rate }: Wait): number {
  const x = rate * spanS;
  let within: number;
  if (Math.abs(x) < 1e-4) within = spanS / 2 - (rate * spanS * spanS) / 12;
  else if (x > 700) within = 1 / rate;
  else if (x < -700) within = spanS + 1 / rate;
  else within = 1 / rate - spanS / Math.expm1(x);
  return share === 0 ? 0 : share * (leastS + within);
}

/**
 * Returns the wait that a share `p` of the requests of two sides doesn't exceed.
 * @param weightA the share of requests on the first side, from 0 to 1
 */
export function mixedQuantile(a: Wait, b: Wait, weightA: number, p: number): number {
  if (weightA >= 1) return waitQuantile(a, p);
  if (weightA <= 0) return waitQuantile(b, p);
  const most = 1 - p;
  const tail = (s: number) => weightA * waitTail(a, s) + (1 - weightA) * waitTail(b, s);
  if (tail(0) <= most) return 0;
  let [low, high] = [0, Math.max(waitQuantile(a, 0.999_999), waitQuantile(b, 0.999_999))];
  for (let round = 0; round < 24; round += 1) {
    const middle = (low + high) / 2;
    if (tail(middle) > most) low = middle;
    else high = middle;
  }
  return high;
}

/** Returns the variance of the wait of all requests, in s². */
export function waitSpread(wait: Wait): number {
  const { share, leastS, spanS, rate } = wait;
  if (share === 0) return 0;
  const x = rate * spanS;
  const within = waitMean({ ...wait, share: 1 }) - leastS;
  // Of the truncated exponential: 1/r² − span²·e^(−x) ÷ (1 − e^(−x))².
  let variance: number;
  if (Math.abs(x) < 1e-3) variance = spanS ** 2 / 12;
  else if (Math.abs(x) > 700) variance = 1 / rate ** 2;
  else variance = 1 / rate ** 2 - (spanS ** 2 * Math.exp(-x)) / (1 - Math.exp(-x)) ** 2;
  const mean = share * (leastS + within);
  return Math.max(0, share * (variance + (leastS + within) ** 2) - mean ** 2);
}
