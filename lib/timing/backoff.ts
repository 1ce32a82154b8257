/**
 * Returns the pause before the next attempt, in ms: full jitter over an exponential ceiling, so that callers that
 * failed together do not retry together. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @param attempt attempts made so far, from 1.
 */
export function fullJitterMs(
  attempt: number,
  bounds: { readonly baseMs: number; readonly capMs: number },
  random: () => number,
): number {
  const ceiling = Math.min(bounds.capMs, bounds.baseMs * 2 ** (attempt - 1));
  return Math.round(ceiling * random());
}

/**
 * Returns the pause before the next poll of a slow operation, in ms: from `firstMs` up to `capMs`, spread by ±20 %.
 * @param look polls made so far, from 1.
 */
export function pollPauseMs(
  look: number,
  bounds: { readonly firstMs: number; readonly capMs: number },
  random: () => number,
): number {
  return spread(Math.min(bounds.capMs, bounds.firstMs * 1.5 ** (look - 1)), random);
}

/** Spreads a pause by ±20 %, in ms, so that callers that began together do not stay in step. */
export function spread(ms: number, random: () => number): number {
  return Math.round(ms * (0.8 + 0.4 * random()));
}
