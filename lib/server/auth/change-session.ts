import { randomUUID } from 'node:crypto';
import { and, eq, gt, ne } from 'drizzle-orm';
import { z } from 'zod';
import type { Answer } from '@/lib/contract/answer';
import type { SessionCookies } from '@/lib/contract/session';
import { setUpLinks, userAccounts, userSessions, users } from '@/lib/db/schema';
import { passwordMax, passwordMin } from '@/lib/input/password';
import { ok } from '@/lib/result';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { hasPasskey, hasSecondFactor } from '@/lib/server/has-second-factor';
import { requestCaller } from '@/lib/server/request-actor';
import { verb } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { refuse, refuseFields } from '@/lib/store/refusal';
import { openAuth } from './auth';
import { checkPassword } from './check-password';
import { Email } from './email';
import { findFormer } from './find-former';
import { SignedChallenge } from './passkeys/credential';
import { beginAttempt } from './sign-in-limits';
import {
  callerHeaders,
  checkCode,
  checkPerson,
  checkSignature,
  checkWay,
  needsPasskey,
  renewSession,
  signInPerson,
  startSession,
} from './sign-in-person';
import { revokeTokens } from './token-owner';

/** A password that is checked, not set. */
const Password = z.string().min(1, 'password.missing').max(passwordMax, 'password.tooLong');

/** A code is short, in whatever form it is typed. */
const Code = z.string().trim().max(100, 'code.wrong');

const SignIn = z.object({
  email: Email,
  password: Password,
  /** Of the second factor, or a recovery code; empty until the server asks for it. */
  code: Code.default(''),
});

/** Signs a person in. An unknown address and a wrong password have the same answer, after the same work. */
export const signIn = verb('session.signIn', SignIn, 'all', ({ email, password, code }, _actor, note) => {
  note({ email });
  return signInPerson(email, password, code, note);
});

/** Returns the person at the browser that asks; null = no one is signed in. */
async function findSelf() {
  const { db } = (await serverContext()).database;
  const [person] = await db
    .select()
    .from(users)
    .where(eq(users.id, requestCaller()?.session?.userId ?? ''));
  return person ?? null;
}

/**
 * Confirms that the person at the browser is the one who signed in, before a verb that needs a recent sign-in: by one of
 * their passkeys, by a code if they have a second factor, which someone who finds the browser doesn't have, else
 * by their password. It starts a new session in place of the browser's, which ends when that would have.
 */
export const reauthenticate = verb(
  'session.reauthenticate',
  z.object({
    password: Password.nullable().default(null),
    code: Code.min(1, 'code.missing').nullable().default(null),
    passkey: SignedChallenge.nullable().default(null),
  }),
  'all',
  async ({ password, code, passkey }, _actor, note): Answer<SessionCookies> => {
    const { db } = (await serverContext()).database;
    const person = await findSelf();
    if (person === null) return refuse('session.missing');
    const permitted = await checkWay(person);
    if (!permitted.ok) return permitted;
    if (passkey !== null) {
      const checked = await checkSignature(passkey, { kind: 'confirm', userId: person.id }, note);
      return checked.ok ? renewSession(person, note, new Date()) : checked;
    }
    if (await hasSecondFactor(db, person.id)) {
      if (code === null) return refuseFields({ code: ['code.missing'] });
      const checked = await checkCode(person, code);
      return checked.ok ? renewSession(person, note, new Date()) : checked;
    }
    if (await needsPasskey(person)) return refuse('passkey.required');
    if (password === null) return refuseFields({ password: ['password.missing'] });
    const found = await checkPerson(person.email, password);
    if (!found.ok) return found;
    if (found.value === null) return refuseFields({ password: ['password.wrong'] });
    return renewSession(person, note, new Date());
  },
);

/**
 * Changes the password of the person who asks, and ends all their other sessions. Besides the current password it needs the
 * strongest factor that they have: a passkey or a code of their second factor. It is no sign-in: whoever needed a recent one
 * before still does.
 */
export const changePassword = verb(
  'password.change',
  z.object({
    current: Password,
    password: z.string().min(passwordMin, 'password.tooShort').max(passwordMax, 'password.tooLong'),
    code: Code.min(1, 'code.missing').nullable().default(null),
    passkey: SignedChallenge.nullable().default(null),
    /** Also of all their API tokens: whoever knew the old password may have created some. */
    revokeTokens: z.boolean().default(false),
  }),
  'all',
  async (
    { current, password, code, passkey, revokeTokens: mayRevoke },
    _actor,
    note,
  ): Answer<SessionCookies> => {
    note({ revokeTokens: mayRevoke });
    const { db } = (await serverContext()).database;
    const person = await findSelf();
    if (person === null) return refuse('session.missing');
    const permitted = await checkWay(person);
    if (!permitted.ok) return permitted;
    const found = await checkPerson(person.email, current);
    if (!found.ok) return found;
    if (found.value === null) return refuseFields({ current: ['password.wrong'] });
    const attempt = await beginAttempt(db, person.email, 'newPassword');
    if (!attempt.isAllowed) return refuse('session.tooMany', { seconds: attempt.waitS });
    // Before the factor, because a code is accepted only once.
    const weakness = await checkPassword(password, person);
    if (weakness !== null) return refuseFields({ password: [weakness] });
    if (passkey !== null) {
      const checked = await checkSignature(passkey, { kind: 'confirm', userId: person.id }, note);
      if (!checked.ok) return checked;
    } else if (await hasSecondFactor(db, person.id)) {
      if (code === null) return refuseFields({ code: ['code.missing'] });
      const checked = await checkCode(person, code);
      if (!checked.ok) return checked;
    } else if (await hasPasskey(db, person.id)) return refuse('passkey.missing');
    const { internalAdapter, password: passwords } = await (await openAuth()).$context;
    await internalAdapter.updatePassword(person.id, await passwords.hash(password));
    const { credential } = requestCaller() ?? {};
    const isOther = credential?.via === 'session' ? ne(userSessions.id, credential.id) : undefined;
    await db.delete(userSessions).where(and(eq(userSessions.userId, person.id), isOther));
    if (mayRevoke) await revokeTokens(db, person.id);
    return renewSession(person, note);
  },
);

/** Ends the session of the browser that asks, in the database and in the browser. */
export const signOut = verb('session.signOut', z.object({}), 'all', async (): Answer<SessionCookies> => {
  const auth = await openAuth();
  const signedOut = await auth.api.signOut({ headers: callerHeaders(), returnHeaders: true });
  return ok({ cookies: signedOut.headers.getSetCookie() });
});

/**
 * Creates the account of whoever has a set-up link, and signs them in. The link works once, and with the address that it was
 * made for. A link of the launcher works with any address that no account has, or had.
 */
export const completeSetUp = verb(
  'setUp.complete',
  z.object({
    token: z.string().min(1).max(100),
    name: z.string().trim().min(1, 'name.missing').max(80, 'name.tooLong'),
    email: Email,
    password: z.string().min(passwordMin, 'password.tooShort').max(passwordMax, 'password.tooLong'),
  }),
  'all',
  async ({ token, name, email, password }, _actor, note): Answer<SessionCookies> => {
    note({ email });
    const { db } = (await serverContext()).database;
    // Hashing takes long by design: someone without a link must not make the server do it.
    const isUsable = and(eq(setUpLinks.tokenHash, hashToken(token)), gt(setUpLinks.expiresAt, new Date()));
    const [invitation] = await db.select({ email: setUpLinks.email }).from(setUpLinks).where(isUsable);
    if (invitation === undefined) return refuse('setUp.void');
    if (invitation.email !== null && invitation.email !== email)
      return refuseFields({ email: ['email.notInvited'] });
    if (invitation.email === null && (await findFormer(db, email)) !== null)
      return refuseFields({ email: ['email.former'] });
    const attempt = await beginAttempt(db, hashToken(token), 'newPassword');
    if (!attempt.isAllowed) return refuse('session.tooMany', { seconds: attempt.waitS });
    const weakness = await checkPassword(password, { email, name });
    if (weakness !== null) return refuseFields({ password: [weakness] });
    const auth = await openAuth();
    const hash = await (await auth.$context).password.hash(password);
    const id = randomUUID();
    const created = await db.transaction(async (tx) => {
      const now = new Date();
      const [link] = await tx
        .delete(setUpLinks)
        .where(and(eq(setUpLinks.tokenHash, hashToken(token)), gt(setUpLinks.expiresAt, now)))
        .returning();
      if (link === undefined) return 'void';
      const [user] = await tx
        .insert(users)
        .values({
          id,
          name,
          email,
          emailVerified: false,
          grants: link.grants,
          createdAt: now,
          updatedAt: now,
        })
        .onConflictDoNothing()
        .returning({ id: users.id });
      if (user === undefined) {
        // The link stays valid.
        await tx.insert(setUpLinks).values(link);
        return 'taken';
      }
      await tx.insert(userAccounts).values({
        id: randomUUID(),
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: hash,
        createdAt: now,
        updatedAt: now,
      });
      return 'created';
    });
    if (created === 'void') return refuse('setUp.void');
    if (created === 'taken') return refuseFields({ email: ['email.taken'] });
    return ok(await startSession({ id, email }, note, new Date()));
  },
);
