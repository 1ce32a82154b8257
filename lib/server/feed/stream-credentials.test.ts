import type { IncomingMessage } from 'node:http';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GET as exportAudit } from '@/app/api/audit/export/route';
import { apiTokens, userSessions, users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere } from '@/lib/policy/access';
import { createToken } from '@/lib/server/auth/change-tokens';
import { inviteUser } from '@/lib/server/auth/change-users';
import { identifyRequest } from '@/lib/server/auth/find-actor';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { password, signInContext } from '@/testing/server/sign-in-context';
import { webChanges } from './stream-changes';

/* Streams of changes over HTTP, of people and programs whose rights end meanwhile. */

vi.setConfig({ testTimeout: 60_000 });
const { context, open, origin, setUp } = signInContext();

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());
afterAll(() => {
  webChanges().close();
  Reflect.deleteProperty(globalThis, 'spillwayChanges');
});

async function join(caller: Caller, email: string) {
  const invited = await actAs(caller, () => inviteUser({ email, grants: grantEverywhere('operator') }));
  invariant(invited.ok, 'the invitation is made');
  const browser = open();
  const { token } = invited.value;
  const joined = await browser.ask('POST', '/api/session/set-up', { token, name: 'Budi', email, password });
  expect(joined.status).toBe(200);
  const [user] = await context.db.select().from(users).where(eq(users.email, email));
  invariant(user !== undefined, 'the account exists');
  const { actor, ...rest } = caller;
  const cookie = `spillway.session_token=${browser.cookies.get('spillway.session_token')}`;
  const own = {
    ...rest,
    actor: { ...actor, name: email, accountId: user.id },
    session: { userId: user.id, authenticatedAt: new Date() },
  };
  const created = await actAs(own, () => createToken({ name: 'CI', role: 'viewer', days: 1 }));
  invariant(created.ok, 'the token is created');
  return { user, cookie, authorization: `Bearer ${created.value.token}`, tokenId: created.value.id };
}

type Sender = { readonly cookie: string } | { readonly authorization: string };
const follow = (headers: Sender, signal?: AbortSignal) =>
  fetch(`${origin()}/api/changes`, { headers: { ...headers }, ...(signal && { signal }) });

describe('a stream of changes', () => {
  type Joined = Awaited<ReturnType<typeof join>>;
  it.each<
    [by: 'cookie' | 'authorization', end: string, make: (of: Joined) => PromiseLike<unknown>, then?: number]
  >([
    [
      'cookie',
      'session ended',
      ({ user }) => context.db.delete(userSessions).where(eq(userSessions.userId, user.id)),
    ],
    [
      'cookie',
      'session expired',
      ({ user }) =>
        context.db
          .update(userSessions)
          .set({ expiresAt: new Date() })
          .where(eq(userSessions.userId, user.id)),
    ],
    ['cookie', 'person was removed', ({ user }) => context.db.delete(users).where(eq(users.id, user.id))],
    [
      'cookie',
      'person has other grants',
      ({ user }) =>
        context.db
          .update(users)
          .set({ grants: grantEverywhere('viewer') })
          .where(eq(users.id, user.id)),
      200,
    ],
    [
      'authorization',
      'token was revoked',
      ({ tokenId }) =>
        context.db.update(apiTokens).set({ revokedAt: new Date() }).where(eq(apiTokens.id, tokenId)),
    ],
    [
      'authorization',
      'token has expired',
      ({ tokenId }) =>
        context.db.update(apiTokens).set({ expiresAt: new Date() }).where(eq(apiTokens.id, tokenId)),
    ],
    [
      'authorization',
      'owner was removed',
      ({ user }) => context.db.delete(users).where(eq(users.id, user.id)),
    ],
    [
      'authorization',
      'owner has no rights left',
      ({ user }) => context.db.update(users).set({ grants: [] }).where(eq(users.id, user.id)),
      403,
    ],
  ])('by %s ends 3 s after the %s, and those of others go on', async (by, _end, make, then = 401) => {
    const { browser, caller } = await setUp();
    const budi = await join(caller, 'budi@example.com');
    const sender = by === 'cookie' ? { cookie: budi.cookie } : { authorization: budi.authorization };
    const left = new AbortController();
    const cookie = `spillway.session_token=${browser.cookies.get('spillway.session_token')}`;
    const other = (await follow({ cookie }, left.signal)).body
      ?.pipeThrough(new TextDecoderStream())
      .getReader();
    const stream = await follow(sender);
    expect(stream.status).toBe(200);
    const reading = stream.text();
    await make(budi);
    vi.advanceTimersByTime(3000);
    expect(await reading).toMatch(/^retry: /);
    expect((await follow(sender, left.signal)).status).toBe(then);
    await context.db.execute(sql`select pg_notify('spillway', '{"kind":"policy"}')`);
    let received = '';
    while (!received.includes('policy')) {
      const { value, done } = (await other?.read()) ?? { done: true };
      expect(done).toBe(false);
      received += value;
    }
    left.abort();
  });

  it('is one of at most 20 of a person, in all browsers, and of each token', async () => {
    const { caller } = await setUp();
    const budi = await join(caller, 'budi@example.com');
    const left = new AbortController();
    const statuses = async (sender: Sender) => {
      const all = await Promise.all(Array.from({ length: 21 }, () => follow(sender, left.signal)));
      return all.map(({ status }) => status).sort();
    };
    const most = [...Array.from({ length: 20 }, () => 200), 429];
    expect(await statuses({ cookie: budi.cookie })).toEqual(most);
    expect(await statuses({ authorization: budi.authorization })).toEqual(most);
    left.abort();
  });
});

it('an export of the audit log breaks off with its credential', async () => {
  const { browser } = await setUp();
  const cookie = `spillway.session_token=${browser.cookies.get('spillway.session_token')}`;
  const own = await identifyRequest({ headers: { cookie }, socket: {} } as IncomingMessage);
  const request = new Request(`${origin()}/api/audit/export`);
  const download = () => actAs(own, () => exportAudit(request, { params: Promise.resolve({}) }));
  expect(await (await download()).text()).toContain('setUp.complete');
  const begun = await download();
  await context.db.delete(userSessions);
  await expect(begun.text()).rejects.toThrow('has ended');
});
