'use server';

import { randomBytes } from 'node:crypto';
import { and, count, eq, lte, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import type {
  InviteUserAction,
  RemoveUserAction,
  RevokeOtherSessionsAction,
  SetUserGrantsAction,
} from '@/lib/client/actions';
import type { ActionError } from '@/lib/client/views';
import type { Database } from '@/lib/db/database';
import { setUpLinks, users } from '@/lib/db/schema';
import { getOidcSettings } from '@/lib/oidc-settings';
import { describeGrants, Grants, grantEverywhere, mayUseEverywhere, toAccess } from '@/lib/policy/access';
import { ok, type Result } from '@/lib/result';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { serverContext } from '@/lib/server/context';
import { refuse } from '@/lib/server/refusal';
import { requestCaller } from '@/lib/server/request-actor';
import { isSsoPerson } from '@/lib/server/sso-link';
import { verb } from '@/lib/server/verb';
import { openAuth } from './auth';
import { setUpLinkMs } from './set-up-link';

/** Of people who are administrators without limits. */
const isAdministrator = sql`${users.grants} @> ${JSON.stringify(grantEverywhere('administrator'))}::jsonb`;

/** Pending links: each is a credential. */
const linksMax = 20;

/** Creates a set-up link for another person. It is shown once, and stored as a hash. */
export const inviteUser = verb(
  'user.invite',
  z.object({ grants: Grants }),
  'all',
  async ({ grants }, _actor, note): ReturnType<InviteUserAction> => {
    note({ grants: describeGrants(grants) });
    const { database, settings } = await serverContext();
    if (settings.SPILLWAY_SIGN_IN === 'off') return refuse('user.noSignIn');
    const oidc = getOidcSettings(settings);
    if (oidc?.isOnly && !mayUseEverywhere(toAccess(grants), 'user.invite'))
      return refuse('user.ssoOnly', { name: oidc.name });
    await database.db.delete(setUpLinks).where(lte(setUpLinks.expiresAt, new Date()));
    if ((await database.db.$count(setUpLinks)) >= linksMax)
      return refuse('user.tooManyLinks', { max: linksMax });
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + setUpLinkMs);
    await database.db.insert(setUpLinks).values({ tokenHash: hashToken(token), grants, expiresAt });
    return ok({ token });
  },
);

/**
 * Changes an account in a transaction, unless no administrator would be left. The lock makes two administrators
 * who demote each other at once take turns.
 */
async function changeAccount(
  id: string,
  change: (db: Database, email: string) => Promise<unknown>,
): Promise<Result<null, ActionError>> {
  const { db } = (await serverContext()).database;
  return db.transaction(async (tx) => {
    const all = await tx.select({ id: users.id, email: users.email }).from(users).for('update');
    const account = all.find((user) => user.id === id);
    if (account === undefined) return refuse('user.gone');
    const [left] = await tx
      .select({ administrators: count() })
      .from(users)
      .where(and(isAdministrator, ne(users.id, id)));
    if (left?.administrators === 0) return refuse('user.lastAdministrator');
    await change(tx, account.email);
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
    return changeAccount(id, (db, email) => {
      note({ email, grants: describeGrants(grants) });
      return db.update(users).set({ grants, updatedAt: new Date() }).where(eq(users.id, id));
    });
  },
);

/** Removes a person's account and ends their sessions. What they did stays recorded under their e-mail address. */
export const removeUser = verb(
  'user.remove',
  z.string().min(1).max(100),
  (id) => ({ user: id }),
  async (id, _actor, note): ReturnType<RemoveUserAction> =>
    changeAccount(id, (db, email) => {
      note({ email });
      return db.delete(users).where(eq(users.id, id));
    }),
);

/** Ends all other sessions of the person who asks. */
export const revokeOtherSessions = verb(
  'session.revokeOthers',
  z.object({}),
  'all',
  async (): ReturnType<RevokeOtherSessionsAction> => {
    const auth = await openAuth();
    await auth.api.revokeOtherSessions({ headers: new Headers({ cookie: requestCaller()?.cookie ?? '' }) });
    return ok(null);
  },
);
