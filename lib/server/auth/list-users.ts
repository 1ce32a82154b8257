import 'server-only';
import { asc, desc, eq, gt, max } from 'drizzle-orm';
import { z } from 'zod';
import type { UserSessionView } from '@/lib/contract/session';
import type { UsersView } from '@/lib/contract/user';
import { passkeys, secondFactors, setUpLinks, userSessions, users } from '@/lib/db/schema';
import { readStoredGrants } from '@/lib/policy/access';
import { isSecondFactorRequired } from '@/lib/server/has-second-factor';
import { requestCaller } from '@/lib/server/request-actor';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

/** Returns the accounts of people and the links that are pending; null without sign-in. */
export const listUsers = query(
  'user.list',
  z.void(),
  'all',
  async (_input, actor): Promise<UsersView | null> => {
    const { database, settings } = await serverContext();
    if (settings.SPILLWAY_SIGN_IN === 'off') return null;
    const { db } = database;
    const rows = await db
      .select({
        user: users,
        usedAt: max(userSessions.updatedAt),
        factorAt: max(secondFactors.confirmedAt),
        passkeyId: max(passkeys.id),
      })
      .from(users)
      .leftJoin(userSessions, eq(userSessions.userId, users.id))
      .leftJoin(secondFactors, eq(secondFactors.userId, users.id))
      .leftJoin(passkeys, eq(passkeys.userId, users.id))
      .groupBy(users.id)
      .orderBy(asc(users.email));
    const links = await db
      .select()
      .from(setUpLinks)
      .where(gt(setUpLinks.expiresAt, new Date()))
      .orderBy(asc(setUpLinks.expiresAt));
    return {
      isSecondFactorRequired: await isSecondFactorRequired(db),
      users: rows.map(({ user, usedAt, factorAt, passkeyId }) => ({
        id: user.id,
        name: user.name,
        email: user.email,
        grants: readStoredGrants(user.grants),
        isSelf: user.email === actor.name,
        hasSecondFactor: factorAt !== null,
        hasPasskey: passkeyId !== null,
        usedAt: usedAt?.toISOString() ?? null,
      })),
      links: links.map(({ tokenHash, email, grants, expiresAt }) => ({
        id: tokenHash,
        email,
        grants: readStoredGrants(grants),
        expiresAt: expiresAt.toISOString(),
      })),
    };
  },
);

/** Returns the browsers in which the person who asks is signed in, the most recent first. */
export const listSessions = query(
  'session.list',
  z.void(),
  'all',
  async (_input, actor): Promise<readonly UserSessionView[]> => {
    const { db } = (await serverContext()).database;
    const rows = await db
      .select({ session: userSessions })
      .from(userSessions)
      .innerJoin(users, eq(users.id, userSessions.userId))
      .where(eq(users.email, actor.name))
      .orderBy(desc(userSessions.updatedAt));
    const { credential } = requestCaller() ?? {};
    const current = credential?.via === 'session' ? credential.id : null;
    return rows.map(({ session }) => ({
      id: session.id,
      isCurrent: session.id === current,
      address: session.ipAddress,
      userAgent: session.userAgent,
      since: session.createdAt.toISOString(),
      usedAt: session.updatedAt.toISOString(),
    }));
  },
);
