import { createHmac, randomUUID } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { POST as signOutRoute } from '@/app/api/session/sign-out/route';
import { AuditContent } from '@/lib/audit/audit-entry';
import {
  auditEntries,
  formerPeople,
  setUpLinks,
  signInAttempts,
  userAccounts,
  userSessions,
  users,
} from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere, toAccess } from '@/lib/policy/access';
import type { Actor } from '@/lib/policy/actor';
import type { Role } from '@/lib/policy/roles';
import { createFeed } from '@/lib/server/calendar/change-feeds';
import { actAs, anonymousActor, anonymousIdentity, type Caller } from '@/lib/server/request-actor';
import { listPolicies } from '@/lib/server/settings/list-policies';
import { setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { testContext } from '@/testing/server/test-context';
import { giveGrants, giveRole, testActor } from '@/testing/server/test-person';
import { openAuth } from './auth';
import { completeSetUp, signIn, signOut } from './change-session';
import { inviteUser, removeUser, revokeOtherSessions, setUserGrants } from './change-users';
import { identifyRequest } from './find-actor';
import { getSession } from './get-session';
import { listSessions, listUsers } from './list-users';
import { createRecoveryLink, createSetUpLink } from './set-up-link';

/* Sign-in on a real database: set-up link, password, session, role. */

process.env.SPILLWAY_SIGN_IN = 'on';
process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');
const context = testContext();

const person = { name: 'Sari', email: 'sari@example.com', password: 'a long enough password' };
const from = (cookie: string | null, address = '127.0.0.1'): Caller => ({
  ...anonymousIdentity,
  requestId: 'test',
  address,
  cookie,
  userAgent: 'test',
});

beforeEach(async () => {
  const { db } = context;
  for (const table of [userSessions, userAccounts, users, formerPeople, setUpLinks, signInAttempts])
    await db.delete(table);
});
afterAll(() => {
  delete process.env.SPILLWAY_SIGN_IN;
});

/** The Cookie header of a browser that got these Set-Cookie headers. */
const sentBack = (cookies: readonly string[]) => cookies.map((each) => each.split(';')[0]).join('; ');

function identifyCaller(cookie: string | null) {
  const headers = cookie === null ? {} : { cookie };
  const request = { headers, socket: { remoteAddress: '127.0.0.1' } } as Parameters<
    typeof identifyRequest
  >[0];
  return identifyRequest(request);
}
const identify = async (cookie: string | null) => (await identifyCaller(cookie)).actor;

async function setUp(): Promise<string> {
  const token = await createSetUpLink(context.url);
  invariant(token !== null, 'nobody has an account yet');
  const answer = await actAs(from(null), () => completeSetUp({ token, ...person }));
  invariant(answer.ok, 'the link is valid');
  return sentBack(answer.value.cookies);
}

const enter = (password: string, email = person.email, address?: string) =>
  actAs(from(null, address), () => signIn({ email, password }));

describe('a set-up link', () => {
  it('creates an administrator, signs them in, and works once', async () => {
    const token = (await createSetUpLink(context.url)) ?? '';
    const [first, second] = await Promise.all([
      actAs(from(null), () => completeSetUp({ token, ...person })),
      actAs(from(null), () => completeSetUp({ token, ...person, email: 'other@example.com' })),
    ]);
    expect([first, second].filter(({ ok }) => ok)).toHaveLength(1);
    expect([first, second].find(({ ok }) => !ok)).toMatchObject({
      error: { form: { message: 'setUp.void' } },
    });
    expect(await context.db.select({ grants: users.grants }).from(users)).toEqual([
      { grants: grantEverywhere('administrator') },
    ]);
    expect(await createSetUpLink(context.url)).toBeNull();
  });

  it('is void after its time, and when a newer one was created', async () => {
    const token = (await createSetUpLink(context.url)) ?? '';
    const newer = (await createSetUpLink(context.url)) ?? '';
    const use = (given: string) => actAs(from(null), () => completeSetUp({ token: given, ...person }));
    expect(await use(token)).toMatchObject({ error: { form: { message: 'setUp.void' } } });
    await context.db.update(setUpLinks).set({ expiresAt: new Date(Date.now() - 1000) });
    expect(await use(newer)).toMatchObject({ error: { form: { message: 'setUp.void' } } });
  });

  it('creates a further administrator if one can’t sign in any more', async () => {
    await setUp();
    const token = await createRecoveryLink(context.url);
    const other = { ...person, email: 'other@example.com' };
    expect((await actAs(from(null), () => completeSetUp({ token, ...other }))).ok).toBe(true);
    const roles = await context.db.select({ grants: users.grants }).from(users);
    expect(roles).toEqual([1, 2].map(() => ({ grants: grantEverywhere('administrator') })));
  });

  it('is stored as a hash, and the password, too', async () => {
    const token = (await createSetUpLink(context.url)) ?? '';
    expect(JSON.stringify(await context.db.select().from(setUpLinks))).not.toContain(token);
    await actAs(from(null), () => completeSetUp({ token, ...person }));
    const [account] = await context.db.select().from(userAccounts);
    expect(account?.password).toBeTruthy();
    expect(account?.password).not.toContain(person.password);
  });

  it('stays valid if the input is refused', async () => {
    const token = (await createSetUpLink(context.url)) ?? '';
    const short = await actAs(from(null), () => completeSetUp({ token, ...person, password: 'short' }));
    expect(short).toMatchObject({ error: { fields: { password: ['password.tooShort'] } } });
    const common = await actAs(from(null), () =>
      completeSetUp({ token, ...person, password: 'sarisarisari' }),
    );
    expect(common).toMatchObject({ error: { fields: { password: ['password.context'] } } });
    expect((await actAs(from(null), () => completeSetUp({ token, ...person }))).ok).toBe(true);
  });
});

describe('a session', () => {
  it('has the present names of the people whom its person may see, and who had an address before', async () => {
    const { db } = context;
    await giveRole(db, 'budi@example.com', 'operator');
    const limited = (connection: string) => [
      { role: 'operator' as const, connections: [connection], regions: null, domains: null },
    ];
    await giveGrants(db, 'ani@example.com', limited('jakarta'));
    await giveGrants(db, 'dewi@example.com', limited('singapore'));
    await db.update(users).set({ name: 'Budi Santoso' }).where(eq(users.email, 'budi@example.com'));
    const former = { id: 'old', name: 'Budi Hartono', email: 'budi@example.com' };
    await db.insert(formerPeople).values([former, { ...former, id: 'o', email: 'oka@example.com' }]);
    const seenBy = async (actor: Actor) => {
      const session = await actAs({ ...from(null), actor }, () => getSession());
      invariant(session.signIn === 'done', 'the actor is signed in');
      return session.people.map(({ email, name, removedAt }) => [email, name, removedAt === null]);
    };
    const ani = testActor('ani@example.com', 'operator');
    expect((await seenBy(ani)).toSorted()).toEqual([
      ['ani@example.com', 'ani@example.com', true],
      ['budi@example.com', 'Budi Hartono', false],
      ['budi@example.com', 'Budi Santoso', true],
      ['dewi@example.com', 'dewi@example.com', true],
      ['oka@example.com', 'Budi Hartono', false],
    ]);
    expect((await seenBy({ ...ani, access: toAccess(limited('jakarta')) })).toSorted()).toEqual([
      ['ani@example.com', 'ani@example.com', true],
      ['budi@example.com', '', false],
      ['budi@example.com', 'Budi Santoso', true],
    ]);
  });

  it('starts with the password, whatever the case of the address, and identifies the person', async () => {
    await setUp();
    const answer = await enter(person.password, ' Sari@Example.COM ');
    invariant(answer.ok, 'the password is right');
    for (const cookie of answer.value.cookies) expect(cookie).toMatch(/HttpOnly.*SameSite=Lax/i);
    expect(await identify(sentBack(answer.value.cookies))).toEqual({
      ...testActor('sari@example.com', 'administrator'),
      accountId: expect.any(String),
    });
  });

  it('does not start with a wrong password or an unknown address, which get the same answer', async () => {
    await setUp();
    const wrong = await enter('not the right password');
    expect(wrong).toMatchObject({ ok: false, error: { form: { message: 'session.wrong' } } });
    expect(await enter(person.password, 'nobody@example.com')).toEqual(wrong);
  });

  it('makes the browser remove what its pages have stored at a sign-out', async () => {
    const cookie = await setUp();
    const headers = { 'content-type': 'application/json' };
    const request = new Request('http://127.0.0.1/', { method: 'POST', headers, body: '{}' });
    const answer = await actAs(from(cookie), () => signOutRoute(request));
    expect(answer.headers.get('clear-site-data')).toBe('"storage"');
    expect(await identify(cookie)).toEqual(anonymousActor);
  });

  it('ends with a sign-out, also for a copy of its cookie', async () => {
    const cookie = await setUp();
    expect((await identify(cookie)).role).toBe('administrator');
    await actAs(from(cookie), () => signOut({}));
    expect(await identify(cookie)).toEqual(anonymousActor);
  });

  it('ends when it is unused for 8 hours, and after 7 days in any case', async () => {
    const cookie = await setUp();
    const past = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    await context.db.update(userSessions).set({ createdAt: past(7 * 24 + 1) });
    expect(await identify(cookie)).toEqual(anonymousActor);
    expect(await context.db.$count(userSessions)).toBe(0);
    const again = await enter(person.password);
    invariant(again.ok, 'the password is right');
    await context.db.update(userSessions).set({ expiresAt: past(0) });
    expect(await identify(sentBack(again.value.cookies))).toEqual(anonymousActor);
  });

  it('is stored as a hash of its token: a copy of the database opens none', async () => {
    const cookie = await setUp();
    const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(cookie) ?? [];
    const [token = ''] = decodeURIComponent(value).split('.');
    const [stored] = await context.db.select().from(userSessions);
    expect(stored?.token).toMatch(/^[\da-f]{64}$/);
    expect(JSON.stringify(stored)).not.toContain(token);
    // Even someone who has the key of cookies, too, finds no session by what is stored.
    const { secret } = await (await openAuth()).$context;
    const sign = (text: string) =>
      encodeURIComponent(`${text}.${createHmac('sha256', secret).update(text).digest('base64')}`);
    expect(sign(token)).toBe(value);
    expect(await identify(`${name}=${sign(stored?.token ?? '')}`)).toEqual(anonymousActor);
    expect((await identify(cookie)).role).toBe('administrator');
    // The end of a session is moved when it is used, by the same token.
    await context.db.update(userSessions).set({ expiresAt: new Date(Date.now() + 60_000) });
    expect((await identify(cookie)).role).toBe('administrator');
    const [moved] = await context.db.select().from(userSessions);
    expect(moved?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 3_600_000);
    expect(moved?.token).toBe(stored?.token);
  });

  it('is not started by a cookie that someone made', async () => {
    const cookie = await setUp();
    const [name = '', value = ''] = cookie.split('=');
    const [token] = decodeURIComponent(value).split('.');
    for (const made of ['', token, `${token}.AAAA`, value.slice(0, -6)])
      expect(await identify(`${name}=${encodeURIComponent(made ?? '')}`)).toEqual(anonymousActor);
  });

  it('follows a change of the role at once', async () => {
    const cookie = await setUp();
    await context.db
      .update(users)
      .set({ grants: grantEverywhere('viewer') })
      .where(eq(users.email, person.email));
    expect((await identify(cookie)).role).toBe('viewer');
    await context.db.delete(users);
    expect(await identify(cookie)).toEqual(anonymousActor);
  });
});

describe('a role', () => {
  const as = (role: Role): Caller => ({
    ...from(null),
    actor: testActor('sari@example.com', role),
    credential: { via: 'session', id: 'test' },
  });

  it('refuses verbs and queries to someone who is not signed in', async () => {
    expect(await actAs(from(null), () => setEmergencyStop({ reason: 'test' }))).toMatchObject({
      error: { form: { message: 'session.missing' } },
    });
    await expect(actAs(from(null), () => listPolicies())).rejects.toMatchObject({ status: 403 });
    await expect(listPolicies()).rejects.toMatchObject({ status: 403 });
  });

  it('decides what someone may do who is signed in', async () => {
    await giveRole(context.db, 'sari@example.com', 'administrator');
    expect(await actAs(as('operator'), () => createFeed({ name: 'Phone' }))).toMatchObject({
      error: { form: { message: 'role.notPermitted', values: { role: 'operator' } } },
    });
    expect(await actAs(as('administrator'), () => createFeed({ name: 'Phone' }))).toMatchObject({ ok: true });
    expect(await actAs(as('viewer'), () => listPolicies())).toBeTruthy();
  });
});

describe('accounts', () => {
  const administrator = {
    ...from(null),
    actor: testActor(person.email, 'administrator'),
    session: { userId: 'sari', authenticatedAt: new Date() },
  } satisfies Caller;
  const people = async () => {
    const view = await actAs(administrator, () => listUsers());
    invariant(view !== null, 'there is sign-in');
    return view;
  };
  const invite = async (role: Role, email = `${randomUUID()}@example.com`) => {
    const answer = await actAs(administrator, () => inviteUser({ email, grants: grantEverywhere(role) }));
    invariant(answer.ok, 'an administrator may invite');
    return answer.value.token;
  };
  const join = async (role: Role, email: string) => {
    const token = await invite(role, email);
    const answer = await actAs(from(null), () => completeSetUp({ token, ...person, email }));
    invariant(answer.ok, 'the link is valid');
    return sentBack(answer.value.cookies);
  };

  it('are created by a link with its role, and listed without tokens and hashes of passwords', async () => {
    await setUp();
    const token = await invite('approver');
    expect(await people()).toMatchObject({
      users: [{ isSelf: true }],
      links: [{ grants: grantEverywhere('approver') }],
    });
    expect(JSON.stringify(await people())).not.toContain(token);
    const cookie = await join('operator', 'budi@example.com');
    expect(await identify(cookie)).toEqual({
      ...testActor('budi@example.com', 'operator'),
      accountId: expect.any(String),
    });
    expect((await people()).users.map(({ email, grants }) => [email, grants[0]?.role])).toEqual([
      ['budi@example.com', 'operator'],
      [person.email, 'administrator'],
    ]);
  });

  it('can be invited although earlier links have expired unused, but only twenty at a time', async () => {
    await setUp();
    for (let count = 0; count < 20; count += 1) await invite('viewer');
    expect(
      await actAs(administrator, () =>
        inviteUser({ email: 'budi@example.com', grants: grantEverywhere('viewer') }),
      ),
    ).toMatchObject({
      error: { form: { message: 'user.tooManyLinks' } },
    });
    await context.db.update(setUpLinks).set({ expiresAt: new Date(Date.now() - 1000) });
    expect(
      await actAs(administrator, () =>
        inviteUser({ email: 'budi@example.com', grants: grantEverywhere('viewer') }),
      ),
    ).toMatchObject({ ok: true });
  });

  it('keep a last administrator, also when two demote each other at once', async () => {
    await setUp();
    await join('administrator', 'budi@example.com');
    const ids = (await people()).users.map(({ id }) => id);
    const answers = await Promise.all(
      ids.map((id) => actAs(administrator, () => setUserGrants({ id, grants: grantEverywhere('viewer') }))),
    );
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({
      error: { form: { message: 'user.lastAdministrator' } },
    });
    const [last] = (await people()).users.filter(({ grants }) => grants[0]?.role === 'administrator');
    expect(await actAs(administrator, () => removeUser(last?.id ?? ''))).toMatchObject({
      error: { form: { message: 'user.lastAdministrator' } },
    });
  });

  it('end with all their sessions', async () => {
    await setUp();
    const cookie = await join('viewer', 'budi@example.com');
    const budi = (await people()).users.find(({ email }) => email === 'budi@example.com');
    expect(await actAs(administrator, () => removeUser(budi?.id ?? ''))).toMatchObject({ ok: true });
    expect(await identify(cookie)).toEqual(anonymousActor);
    expect(await enter(person.password, 'budi@example.com')).toMatchObject({ ok: false });
    expect(await actAs(administrator, () => removeUser(budi?.id ?? ''))).toMatchObject({
      error: { form: { message: 'user.gone' } },
    });
  });

  it('have an address that a removed one had only if the administrator says so', async () => {
    await setUp();
    await join('approver', 'budi@example.com');
    const find = async () =>
      (await people()).users.find(({ email }) => email === 'budi@example.com')?.id ?? '';
    const first = await find();
    await actAs(administrator, () => removeUser(first));
    const again = (reuse?: boolean) =>
      actAs(administrator, () =>
        inviteUser({
          email: 'Budi@example.com',
          grants: grantEverywhere('approver'),
          ...(reuse && { reuse }),
        }),
      );
    expect(await again()).toMatchObject({ error: { form: { message: 'user.formerAddress' } } });
    const invited = await again(true);
    invariant(invited.ok, 'it was said');
    const { token } = invited.value;
    const answer = await actAs(from(null), () =>
      completeSetUp({ token, ...person, email: 'budi@example.com' }),
    );
    expect(answer).toMatchObject({ ok: true });
    expect(await find()).not.toBe(first);
    // Nor can a link of the launcher give it out.
    await actAs(administrator, async () => removeUser(await find()));
    const link = await createRecoveryLink(context.url);
    const taken = await actAs(from(null), () =>
      completeSetUp({ token: link, ...person, email: 'budi@example.com' }),
    );
    expect(taken).toMatchObject({ error: { fields: { email: ['email.former'] } } });
  });

  it('use a link with the address that it was made for alone', async () => {
    await setUp();
    const token = await invite('viewer', 'budi@example.com');
    const use = (email: string) => actAs(from(null), () => completeSetUp({ token, ...person, email }));
    expect(await use('oka@example.com')).toMatchObject({
      error: { fields: { email: ['email.notInvited'] } },
    });
    expect(await use('Budi@example.com')).toMatchObject({ ok: true });
    const taken = await actAs(administrator, () =>
      inviteUser({ email: 'budi@example.com', grants: grantEverywhere('viewer') }),
    );
    expect(taken).toMatchObject({ error: { fields: { email: ['email.taken'] } } });
  });

  it('may end all their other sessions, and no one else’s', async () => {
    const first = await setUp();
    const other = await join('viewer', 'budi@example.com');
    const answer = await enter(person.password);
    invariant(answer.ok, 'the password is right');
    const second = sentBack(answer.value.cookies);
    const caller = await identifyCaller(second);
    expect(await actAs(caller, () => listSessions())).toHaveLength(2);
    expect(await actAs(caller, () => revokeOtherSessions({}))).toEqual({ ok: true, value: null });
    expect(await identify(first)).toEqual(anonymousActor);
    expect((await identify(second)).name).toBe(person.email);
    expect((await identify(other)).name).toBe('budi@example.com');
  });
});

describe('the audit log', () => {
  it('has sign-ins and changes of accounts, with who and from where, and none of their secrets', async () => {
    // The other tests have used up what strangers may add.
    Reflect.deleteProperty(globalThis, 'spillwayAnonymous');
    const cookie = await setUp();
    const wrong = 'not the right password';
    await enter(wrong, person.email, '192.0.2.9');
    await enter(person.password, person.email, '192.0.2.9');
    const request = { headers: { cookie }, socket: { remoteAddress: '192.0.2.9' } } as Parameters<
      typeof identifyRequest
    >[0];
    const caller = await identifyRequest(request);
    const invited = await actAs(caller, () =>
      inviteUser({ email: 'budi@example.com', grants: grantEverywhere('viewer') }),
    );
    invariant(invited.ok, 'an administrator may invite');
    await actAs(from(null), () =>
      completeSetUp({ ...person, token: invited.value.token, email: 'budi@example.com' }),
    );
    const budi = await context.db.query.users.findFirst({ where: eq(users.email, 'budi@example.com') });
    await actAs(caller, () => setUserGrants({ id: budi?.id ?? '', grants: grantEverywhere('approver') }));

    const rows = await context.db.select().from(auditEntries).orderBy(asc(auditEntries.seq));
    const contents = rows.map(({ content }) => AuditContent.parse(JSON.parse(content)));
    const signIns = contents.filter(
      ({ operation, address }) => operation === 'session.signIn' && address === '192.0.2.9',
    );
    expect(signIns).toMatchObject([
      { via: 'none', outcome: 'refused', refusal: ['session.wrong'], facts: { email: person.email } },
      { via: 'none', outcome: 'done', facts: { email: person.email }, fields: ['email', 'password', 'code'] },
    ]);
    expect(contents.at(-1)).toMatchObject({
      actor: person.email,
      role: 'administrator',
      via: 'session',
      credential: expect.any(String),
      operation: 'user.setGrants',
      outcome: 'done',
      objects: [{ kind: 'user', id: budi?.id }],
      facts: { email: 'budi@example.com', grants: 'approver' },
    });
    // The sign-in itself names the session that later entries have as their credential.
    const setUps = contents.filter(
      ({ operation, outcome }) => operation === 'setUp.complete' && outcome === 'done',
    );
    // The last one is Budi's.
    expect(setUps.at(-2)?.facts.session).toBe(contents.at(-1)?.credential);
    const [, value = ''] = cookie.split('=');
    const sessionToken = decodeURIComponent(value).split('.')[0] ?? '';
    const stored = rows.map(({ content }) => content).join('\n');
    for (const secret of [person.password, wrong, invited.value.token, value, sessionToken]) {
      expect(secret.length).toBeGreaterThan(10);
      expect(stored).not.toContain(secret);
    }
  });
});
