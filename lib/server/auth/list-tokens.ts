import 'server-only';
import { and, desc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { TokenView } from '@/lib/contract/user';
import { apiTokens, users } from '@/lib/db/schema';
import { mayUseEverywhere, readStoredLimits } from '@/lib/policy/access';
import { localActor } from '@/lib/server/request-actor';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { findTokenOwner, ownTokens } from './token-owner';

/** Returns the tokens of the person who asks, newest first; for an administrator, everyone's. Revoked ones are left out. */
export const listTokens = query(
  'token.list',
  z.void(),
  'all',
  async (_input, actor): Promise<readonly TokenView[]> => {
    const owner = await findTokenOwner(actor);
    if (owner === null) return [];
    const { db } = (await serverContext()).database;
    const rows = await db
      .select({ token: apiTokens, email: users.email })
      .from(apiTokens)
      .leftJoin(users, eq(users.id, apiTokens.userId))
      .where(
        and(
          isNull(apiTokens.revokedAt),
          mayUseEverywhere(actor.access, 'user.list') ? undefined : ownTokens(owner),
        ),
      )
      .orderBy(desc(apiTokens.id));
    const now = Date.now();
    return rows.map(({ token, email }) => ({
      id: token.id,
      name: token.name,
      owner: email ?? localActor.name,
      role: token.role,
      limits: readStoredLimits(token.limits),
      prefix: token.prefix,
      createdAt: token.createdAt.toISOString(),
      expiresAt: token.expiresAt.toISOString(),
      isExpired: token.expiresAt.getTime() <= now,
      lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    }));
  },
);
