/** Durations that vary less than this are taken to be fixed. */
const variationLeast = 0.05;
/** A smaller share is rounding: less than a request of any event. */
const shareLeast = 1e-12;

/**
 * Returns the share of durations that are longer than a limit, from their mean and variation: fixed, a mixture of Erlang
 * distributions, exponential, or hyperexponential with balanced means. Tijms, A First Course in Stochastic Models, 2003,
 * appendix B.
 * @param meanS in seconds
 * @param variation the coefficient of variation: 1 = exponential, 0 = fixed
 * @param limitS in seconds
 */
export function durationTail(meanS: number, variation: number, limitS: number): number {
  if (variation < variationLeast) return meanS > limitS ? 1 : 0;
  const cv2 = variation ** 2;
  const share = cv2 > 1 ? hyperexponentialTail(meanS, cv2, limitS) : erlangTail(meanS, cv2, limitS);
  return share < shareLeast ? 0 : share;
}

function hyperexponentialTail(meanS: number, cv2: number, limitS: number): number {
  const first = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2;
  return [first, 1 - first].reduce((sum, part) => sum + part * Math.exp((-2 * part * limitS) / meanS), 0);
}

/** With k − 1 or k phases, of which fewer are chosen with the probability that gives the variation. */
function erlangTail(meanS: number, cv2: number, limitS: number): number {
  const phases = Math.ceil(1 / cv2);
  const fewer = (phases * cv2 - Math.sqrt(phases * (1 + cv2) - phases ** 2 * cv2)) / (1 + cv2);
  const x = ((phases - fewer) / meanS) * limitS;
  // P(less than n events of a Poisson process), term by term: by logarithms, because e^−x may be 0.
  let [log, sum] = [-x, 0];
  for (let n = 0; n < phases; n += 1) {
    if (n > 0) log += Math.log(x / n);
    sum += (n === phases - 1 ? 1 - fewer : 1) * Math.exp(log);
  }
  return Math.min(1, sum);
}
