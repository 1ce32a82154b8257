'use server';

import { randomBytes } from 'node:crypto';
import { and, eq, gt, isNull, lt, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { CreateTokenAction, RevokeTokenAction } from '@/lib/contract/user';
import { apiTokens } from '@/lib/db/schema';
import { describeLimits, Limits, mayUseEverywhere } from '@/lib/policy/access';
import { includesRole, tokenRoles } from '@/lib/policy/roles';
import { ok } from '@/lib/result';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { requestCaller } from '@/lib/server/request-actor';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse } from '@/lib/store/refusal';
import { findTokenOwner, ownTokens } from './token-owner';

const DAY_MS = 24 * 3_600_000;
/** A token expires after a year at the latest. */
const daysMax = 365;
/** Valid tokens of one person: each is a credential. */
const tokensMax = 50;
/** Expired and revoked tokens are kept for this long, in case that someone asks what they were. */
const keptMs = 90 * DAY_MS;
const prefixLength = 12;

/**
 * Creates a token for a program, which acts for the person who asks. It has 256 random bits and is stored as a hash. Its
 * role has at most the rights of the person; a token can't create tokens, so none outlives its own expiry.
 */
export const createToken = verb(
  'token.create',
  z.object({
    name: z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong'),
    role: z.enum(tokenRoles),
    limits: Limits.nullable().default(null),
    days: z.int('days.invalid').min(1, 'days.invalid').max(daysMax, 'days.invalid'),
  }),
  'all',
  async ({ name, role, limits, days }, actor, note): ReturnType<CreateTokenAction> => {
    note({ name, role, days, ...(limits && { limits: describeLimits(limits) }) });
    if (requestCaller()?.credential.via === 'token') return refuse('token.byToken');
    const owner = await findTokenOwner(actor);
    if (owner === null || actor.role === null) return refuse('token.noOwner');
    if (!actor.access.some((grant) => includesRole(grant.role, role)))
      return refuse('token.role', { role: actor.role });
    const { db } = (await serverContext()).database;
    const now = new Date();
    await db.delete(apiTokens).where(lt(apiTokens.expiresAt, new Date(now.getTime() - keptMs)));
    const isValid = and(ownTokens(owner), isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, now));
    if ((await db.$count(apiTokens, isValid)) >= tokensMax)
      return refuse('token.tooMany', { max: tokensMax });
    const token = `spw_${randomBytes(32).toString('base64url')}`;
    const expiresAt = new Date(now.getTime() + days * DAY_MS);
    const [row] = await db
      .insert(apiTokens)
      .values({
        name,
        userId: owner.userId,
        role,
        limits,
        prefix: token.slice(0, prefixLength),
        tokenHash: hashToken(token),
        createdAt: now,
        expiresAt,
      })
      .returning({ id: apiTokens.id });
    return ok({ id: row?.id ?? 0, token, expiresAt: expiresAt.toISOString() });
  },
);

/** Revokes a token from its next request on: one's own, or as an administrator anyone's. */
export const revokeToken = verb(
  'token.revoke',
  z.object({ id: z.int() }),
  ({ id }) => ({ token: String(id) }),
  async ({ id }, actor): ReturnType<RevokeTokenAction> => {
    const owner = await findTokenOwner(actor);
    if (owner === null) return refuse('token.noOwner');
    const isMine: SQL | undefined = mayUseEverywhere(actor.access, 'user.list')
      ? undefined
      : ownTokens(owner);
    const { db } = (await serverContext()).database;
    const revoked = await db
      .update(apiTokens)
      .set({ revokedAt: new Date() })
      .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt), isMine))
      .returning({ id: apiTokens.id });
    return revoked.length === 0 ? refuse('token.gone') : ok(null);
  },
);
