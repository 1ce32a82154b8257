import 'server-only';
import { getTableName } from 'drizzle-orm';
import type pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { apiRateLimits } from '@/lib/db/schema';
import { serverContext } from '@/lib/store/context';

/** Requests of one token, to all dashboards of a database: ten a second, and a page of 600 at once. */
export const rateLimit = { requests: 600, seconds: 60 } as const;

const limit = { points: rateLimit.requests, duration: rateLimit.seconds };

/** The limiter of each database. */
const limiters = new WeakMap<pg.Pool, RateLimiterPostgres>();

/**
 * Returns the limiter that all dashboards of this database share. A caller beyond the limit is refused without asking the
 * database again; while that doesn't answer, each dashboard counts on its own.
 */
async function sharedLimiter(): Promise<RateLimiterPostgres> {
  const { pool } = (await serverContext()).database;
  const known = limiters.get(pool);
  if (known !== undefined) return known;
  const limiter = new RateLimiterPostgres({
    ...limit,
    storeClient: pool,
    storeType: 'pool',
    tableName: getTableName(apiRateLimits),
    tableCreated: true,
    clearExpiredByTimeout: true,
    keyPrefix: '',
    inMemoryBlockOnConsumed: limit.points + 1,
    insuranceLimiter: new RateLimiterMemory(limit),
  });
  limiters.set(pool, limiter);
  return limiter;
}

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
    state = await (await sharedLimiter()).consume(caller);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    state = refusal;
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
  await (await sharedLimiter()).delete(caller);
}
