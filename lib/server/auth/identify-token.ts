import 'server-only';
import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { and, eq, gt, isNull, lt, or } from 'drizzle-orm';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { apiTokens, users } from '@/lib/db/schema';
import { type Access, mainRole, narrowAccess, readStoredLimits, toAccess } from '@/lib/policy/access';
import { err, ok, type Result } from '@/lib/result';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { lacksSecondFactor } from '@/lib/server/has-second-factor';
import {
  type Caller,
  clientAddress,
  countedNetwork,
  describeCaller,
  type IdentifiedActor,
  localActor,
} from '@/lib/server/request-actor';
import { serverContext } from '@/lib/store/context';

/** The reason why a token is refused. `retryAfterS`: with 429. */
export type TokenRefusal = {
  readonly status: 401 | 429;
  readonly detail: string;
  readonly fix: string;
  readonly retryAfterS?: number;
};

/** Wrong tokens of one address a minute. 256 random bits can't be guessed: the limit saves the database work. */
const wrongMax = 20;
const wrongTokens = new RateLimiterMemory({ points: wrongMax, duration: 60 });

/**
 * The hashes of tokens that have worked, oldest first: a program with a wrong token must not keep others at the same
 * address from working.
 */
const worked = new Set<string>();
const workedMax = 1000;

/** At most this often the last use is stored. */
const useMs = 5 * 60_000;

const tokenForm = /^spw_[\w-]{43}$/;

const refusals = {
  unknown: {
    status: 401,
    detail: 'The API token is unknown or revoked, or its owner was removed.',
    fix: 'Create a token in Settings → API tokens, and send it as “Authorization: Bearer spw_…”.',
  },
  expired: {
    status: 401,
    detail: 'The API token has expired.',
    fix: 'Create a new token in Settings → API tokens.',
  },
} satisfies Record<string, TokenRefusal>;

/** Counts a wrong token; returns the seconds to wait if the address has sent too many. */
async function countWrong(address: string): Promise<number | null> {
  try {
    await wrongTokens.consume(address);
    return null;
  } catch (limit) {
    if (!(limit instanceof RateLimiterRes)) throw limit;
    return Math.ceil(limit.msBeforeNext / 1000);
  }
}

async function isLimited(address: string): Promise<boolean> {
  return ((await wrongTokens.get(address))?.consumedPoints ?? 0) >= wrongMax;
}

function remember(hash: string): void {
  worked.delete(hash);
  worked.add(hash);
  for (const oldest of worked) {
    if (worked.size <= workedMax) return;
    worked.delete(oldest);
  }
}

/** Finds a token by its hash, and who it acts for. */
async function findByHash(hash: string): Promise<Result<IdentifiedActor, TokenRefusal>> {
  const { database, settings } = await serverContext();
  const { db } = database;
  const [row] = await db
    .select({ token: apiTokens, user: users })
    .from(apiTokens)
    .leftJoin(users, eq(users.id, apiTokens.userId))
    .where(eq(apiTokens.tokenHash, hash));
  if (row === undefined || row.token.revokedAt !== null) return err(refusals.unknown);
  const { token, user } = row;
  const isLocal = token.userId === null && settings.SPILLWAY_SIGN_IN === 'off';
  if (user === null && !isLocal) return err(refusals.unknown);
  const owner =
    user === null ? localActor : { name: user.email, accountId: user.id, access: toAccess(user.grants) };
  const now = new Date();
  if (token.expiresAt <= now) return err(refusals.expired);
  const before = new Date(now.getTime() - useMs);
  if (token.lastUsedAt === null || token.lastUsedAt < before)
    await db
      .update(apiTokens)
      .set({ lastUsedAt: now })
      .where(
        and(eq(apiTokens.id, token.id), or(isNull(apiTokens.lastUsedAt), lt(apiTokens.lastUsedAt, before))),
      );
  const access = narrowAccess(owner.access, token.role, readStoredLimits(token.limits));
  const actor = { name: owner.name, accountId: owner.accountId, role: mainRole(access), access };
  return ok({
    actor,
    credential: { via: 'token', id: token.prefix },
    token: { id: token.id },
    lacksSecondFactor: user !== null && (await lacksSecondFactor(db, user.id)),
    isStillPermitted: () => isTokenStillValid(token.id, access),
  });
}

/** Returns whether a token is still valid, with the rights that it had. It is no use of the token. */
async function isTokenStillValid(id: number, access: Access): Promise<boolean> {
  const { db } = (await serverContext()).database;
  const [row] = await db
    .select({ token: apiTokens, grants: users.grants })
    .from(apiTokens)
    .leftJoin(users, eq(users.id, apiTokens.userId))
    .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, new Date())));
  if (row === undefined) return false;
  const { userId, role, limits } = row.token;
  if (userId !== null && (await lacksSecondFactor(db, userId))) return false;
  const owner = userId === null ? localActor.access : toAccess(row.grants ?? []);
  return isDeepStrictEqual(narrowAccess(owner, role, readStoredLimits(limits)), access);
}

/**
 * Returns the caller with an API token: its owner, with the rights that token and owner have in common now. Unknown, revoked
 * and expired tokens are refused, and those of removed people. An address that sent too many wrong ones must wait before it
 * can use a token that has not worked in this process before.
 * @param token as sent
 */
export async function identifyToken(
  token: string,
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
): Promise<Result<Caller, TokenRefusal>> {
  const address = countedNetwork(clientAddress(request) ?? 'unknown');
  const hash = hashToken(token);
  const isKnown = worked.has(hash);
  const mayLookUp = tokenForm.test(token) && (isKnown || !(await isLimited(address)));
  const found = mayLookUp ? await findByHash(hash) : err<TokenRefusal>(refusals.unknown);
  if (found.ok) {
    remember(hash);
    return ok(describeCaller(request, found.value));
  }
  worked.delete(hash);
  const waitS = await countWrong(address);
  if (waitS === null) return found;
  return err({
    status: 429,
    detail: 'This address has sent too many wrong API tokens.',
    fix: `Correct the token, and try again in ${waitS} s.`,
    retryAfterS: waitS,
  });
}
