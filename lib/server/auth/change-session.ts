import { randomUUID } from 'node:crypto';
import { and, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import type { Answer, SessionCookies } from '@/lib/client/actions';
import { setUpLinks, userAccounts, users } from '@/lib/db/schema';
import { passwordMax, passwordMin } from '@/lib/input/password';
import { invariant } from '@/lib/invariant';
import { ok } from '@/lib/result';
import { hashToken } from '@/lib/server/calendar/hash-token';
import { serverContext } from '@/lib/server/context';
import { refuse, refuseFields } from '@/lib/server/refusal';
import { clientAddressHeader, requestCaller } from '@/lib/server/request-actor';
import { verb } from '@/lib/server/verb';
import { webProcess } from '@/lib/server/web-process';
import { publicUrl } from '@/lib/settings';
import { openAuth } from './auth';
import { checkPassword } from './check-password';

const Email = z.string().trim().toLowerCase().max(254, 'email.invalid').pipe(z.email('email.invalid'));

/** Sends a request to better-auth's own handler, which limits the attempts of an address. */
async function askAuth(path: string, body: object): Promise<Response> {
  const auth = await openAuth();
  const caller = requestCaller();
  const origin = publicUrl(webProcess().settings);
  const headers = new Headers({ 'content-type': 'application/json', origin });
  if (caller?.address) headers.set(clientAddressHeader, caller.address);
  if (caller?.userAgent) headers.set('user-agent', caller.userAgent);
  if (caller?.cookie) headers.set('cookie', caller.cookie);
  return auth.handler(
    new Request(`${origin}/api/session${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
  );
}

async function enter(email: string, password: string): Answer<SessionCookies> {
  const response = await askAuth('/sign-in/email', { email, password });
  if (response.ok) return ok({ cookies: response.headers.getSetCookie() });
  if (response.status === 401) return refuse('session.wrong');
  if (response.status === 429)
    return refuse('session.tooMany', { seconds: Number(response.headers.get('x-retry-after') ?? 60) });
  throw new Error(`the sign-in answered ${response.status}: ${await response.text()}`);
}

/** Signs a person in. An unknown address and a wrong password have the same answer, after the same work. */
export const signIn = verb(
  'session.signIn',
  z.object({
    email: Email,
    password: z.string().min(1, 'password.missing').max(passwordMax, 'password.tooLong'),
  }),
  'all',
  ({ email, password }, _actor, note) => {
    note({ email });
    return enter(email, password);
  },
);

/** Ends the session of the browser that asks, in the database and in the browser. */
export const signOut = verb('session.signOut', z.object({}), 'all', async (): Answer<SessionCookies> => {
  const response = await askAuth('/sign-out', {});
  return ok({ cookies: response.headers.getSetCookie() });
});

/** Creates the account of whoever has a set-up link, and signs them in. The link works once. */
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
    if ((await db.$count(setUpLinks, isUsable)) === 0) return refuse('setUp.void');
    const weakness = await checkPassword(password, { email, name });
    if (weakness !== null) return refuseFields({ password: [weakness] });
    const auth = await openAuth();
    const hash = await (await auth.$context).password.hash(password);
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
          id: randomUUID(),
          name,
          email,
          emailVerified: false,
          role: link.role,
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
    const entered = await enter(email, password);
    invariant(entered.ok, 'the account that was just created can sign in');
    return entered;
  },
);
