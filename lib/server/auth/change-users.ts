'use server';

import { randomBytes } from 'node:crypto';
import { and, count, eq, lte, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { RevokeOtherSessionsAction, RevokeSessionAction } from '@/lib/contract/session';
import type {
  EndSessionsAction,
  InviteUserAction,
  RemoveUserAction,
  SetSignInPolicyAction,
  SetUserGrantsAction,
} from '@/lib/contract/user';
import type { Database } from '@/lib/db/database';
import { formerPeople, generalSettings, setUpLinks, userSessions, users } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { describeGrants, Grants, grantEverywhere, mayUseEverywhere, toAccess } from '@/lib/policy/access';
import { ok, type Result } from '@/lib/result';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { hasPasswordOnly } from '@/lib/server/has-second-factor';
import { requestCaller } from '@/lib/server/request-actor';
import { isSsoPerson } from '@/lib/server/sso-link';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { Email } from './email';
import { findFormer } from './find-former';
import { setUpLinkMs } from './set-up-link';

/** Of people who are administrators without limits. */
const isAdministrator = sql`${users.grants} @> ${JSON.stringify(grantEverywhere('administrator'))}::jsonb`;

/** Pending links: each is a credential. */
const linksMax = 20;

/**
 * Creates a set-up link for another person, with whose address alone it works. It is shown once, and stored as a hash. The
 * address of a removed account is refused until `reuse` says that a new account may have it.
 */
export const inviteUser = verb(
  'user.invite',
  z.object({ email: Email, grants: Grants, reuse: z.boolean().default(false) }),
  'all',
  async ({ email, grants, reuse }, _actor, note): ReturnType<InviteUserAction> => {
    note({ email, grants: describeGrants(grants) });
    const { database, settings } = await serverContext();
    if (settings.SPILLWAY_SIGN_IN === 'off') return refuse('user.noSignIn');
    const oidc = getOidcSettings(settings);
    if (oidc?.isOnly && !mayUseEverywhere(toAccess(grants), 'user.invite'))
      return refuse('user.ssoOnly', { name: oidc.name });
    await database.db.delete(setUpLinks).where(lte(setUpLinks.expiresAt, new Date()));
    if ((await database.db.$count(setUpLinks)) >= linksMax)
      return refuse('user.tooManyLinks', { max: linksMax });
    if ((await database.db.$count(users, eq(users.email, email))) > 0)
      return refuseFields({ email: ['email.taken'] });
    const former = await findFormer(database.db, email);
    if (former !== null) {
      if (!reuse) return refuse('user.formerAddress', { email, name: former.name });
      note({ formerAccount: former.id });
    }
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + setUpLinkMs);
    await database.db.insert(setUpLinks).values({ tokenHash: hashToken(token), email, grants, expiresAt });
    return ok({ token });
  },
);

type Account = Pick<typeof users.$inferSelect, 'id' | 'name' | 'email'>;

/**
 * Changes an account in a transaction, unless no administrator would be left. The lock makes two administrators
 * who demote each other at once take turns.
 */
async function changeAccount(
  id: string,
  change: (db: Database, account: Account) => Promise<unknown>,
): Promise<Result<null, ActionError>> {
  const { db } = (await serverContext()).database;
  return db.transaction(async (tx) => {
    const all = await tx
      .select({ id: users.id, name: users.name, email: users.email })
      .from(users)
      .for('update');
    const account = all.find((user) => user.id === id);
    if (account === undefined) return refuse('user.gone');
    const [left] = await tx
      .select({ administrators: count() })
      .from(users)
      .where(and(isAdministrator, ne(users.id, id)));
    if (left?.administrators === 0) return refuse('user.lastAdministrator');
    await change(tx, account);
    return ok(null);
  });
}

/** Gives a person other grants, which apply to their next request. The last administrator without limits keeps theirs. */
export const setUserGrants = verb(
  'user.setGrants',
  z.object({ id: z.string().min(1).max(100), grants: Grants }),
  ({ id }) => ({ user: id }),
  async ({ id, grants }, _actor, note): ReturnType<SetUserGrantsAction> => {
    const { database, settings } = await serverContext();
    if (await isSsoPerson(database.db, id))
      return refuse('user.roleBySso', { name: getOidcSettings(settings)?.name ?? '' });
    return changeAccount(id, (db, { email }) => {
      note({ email, grants: describeGrants(grants) });
      return db.update(users).set({ grants, updatedAt: new Date() }).where(eq(users.id, id));
    });
  },
);

/**
 * Removes a person's account and ends their sessions. What they did stays recorded under the id of their account, which no
 * other one gets, and their e-mail address.
 */
export const removeUser = verb(
  'user.remove',
  z.string().min(1).max(100),
  (id) => ({ user: id }),
  async (id, _actor, note): ReturnType<RemoveUserAction> =>
    changeAccount(id, async (db, account) => {
      note({ email: account.email });
      await db.insert(formerPeople).values(account);
      await db.delete(users).where(eq(users.id, id));
    }),
);

/** Ends all sessions of a person, such as of someone whose device was stolen. They sign in again. */
export const endSessions = verb(
  'user.endSessions',
  z.string().min(1).max(100),
  (id) => ({ user: id }),
  async (id, _actor, note): ReturnType<EndSessionsAction> => {
    const { db } = (await serverContext()).database;
    const [person] = await db.select({ email: users.email }).from(users).where(eq(users.id, id));
    if (person === undefined) return refuse('user.gone');
    const ended = await db
      .delete(userSessions)
      .where(eq(userSessions.userId, id))
      .returning({ id: userSessions.id });
    note({ email: person.email, sessions: ended.length });
    return ok(null);
  },
);

/** Ends one session of the person who asks. */
export const revokeSession = verb(
  'session.revoke',
  z.object({ id: z.string().min(1).max(100) }),
  'all',
  async ({ id }, _actor, note): ReturnType<RevokeSessionAction> => {
    const { db } = (await serverContext()).database;
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return refuse('session.missing');
    note({ session: id });
    const isOwn = and(eq(userSessions.id, id), eq(userSessions.userId, userId));
    const ended = await db.delete(userSessions).where(isOwn).returning({ id: userSessions.id });
    return ended.length === 0 ? refuse('session.gone') : ok(null);
  },
);

/** Ends all other sessions of the person who asks. */
export const revokeOtherSessions = verb(
  'session.revokeOthers',
  z.object({}),
  'all',
  async (): ReturnType<RevokeOtherSessionsAction> => {
    const { session, credential } = requestCaller() ?? {};
    if (session === undefined || credential?.via !== 'session') return refuse('session.missing');
    const { db } = (await serverContext()).database;
    // Not by better-auth, which ends sessions by their tokens: only hashes are stored.
    const isOther = and(eq(userSessions.userId, session.userId), ne(userSessions.id, credential.id));
    await db.delete(userSessions).where(isOther);
    return ok(null);
  },
);

/**
 * Sets whether everyone who signs in here needs a second factor. People without one can only set one up from their next
 * request on, and their API tokens wait for that. Whoever requires it must have one, or sign in at the provider.
 */
export const setSignInPolicy = verb(
  'signInPolicy.set',
  z.object({ isSecondFactorRequired: z.boolean() }),
  'all',
  async ({ isSecondFactorRequired }, _actor, note): ReturnType<SetSignInPolicyAction> => {
    note({ isSecondFactorRequired });
    const { db } = (await serverContext()).database;
    const userId = requestCaller()?.session?.userId;
    if (userId === undefined) return refuse('user.noSignIn');
    if (isSecondFactorRequired && (await hasPasswordOnly(db, userId))) return refuse('secondFactor.ownFirst');
    const set = { isSecondFactorRequired };
    await db.insert(generalSettings).values(set).onConflictDoUpdate({ target: generalSettings.id, set });
    return ok(null);
  },
);
