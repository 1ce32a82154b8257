import 'server-only';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Requests of one token in each dashboard process: ten a second, and a page of 600 at once. */
export const rateLimit = { requests: 600, seconds: 60 } as const;

const limiter = new RateLimiterMemory({ points: rateLimit.requests, duration: rateLimit.seconds });

/** The state of a caller's rate limit. `headers`: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
export type RateState = {
  readonly headers: Readonly<Record<string, string>>;
  /** The seconds to wait; null = the request may be served. */
  readonly waitS: number | null;
};

/**
 * Counts a request.
 * @param caller a token or a person
 */
export async function countRequest(caller: string): Promise<RateState> {
  let state: RateLimiterRes;
  let isOver = false;
  try {
    state = await limiter.consume(caller);
  } catch (limit) {
    if (!(limit instanceof RateLimiterRes)) throw limit;
    state = limit;
    isOver = true;
  }
  const resetS = Math.ceil(state.msBeforeNext / 1000);
  const headers = {
    'RateLimit-Policy': `"default";q=${rateLimit.requests};w=${rateLimit.seconds}`,
    RateLimit: `"default";r=${Math.max(0, state.remainingPoints)};t=${resetS}`,
  };
  return { headers, waitS: isOver ? resetS : null };
}

/** Forgets what was counted, for tests. */
export async function resetRateLimit(caller: string): Promise<void> {
  await limiter.delete(caller);
}
