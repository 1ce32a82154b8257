import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { AuditContent } from '@/lib/audit/audit-entry';
import {
  apiTokens,
  auditEntries,
  passkeys,
  setUpLinks,
  signInAttempts,
  ssoRequests,
  userAccounts,
  userSessions,
  users,
} from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere, toAccess } from '@/lib/policy/access';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { webProcess } from '@/lib/server/web-process';
import { ofThisFile } from '@/testing/db/test-file-database';
import { startSessionServer } from '@/testing/server/session-server';
import { testContext } from '@/testing/server/test-context';
import { providerClient, startTestProvider } from '@/testing/server/test-provider';
import { inviteUser, setUserGrants } from '../change-users';
import { createSetUpLink } from '../set-up-link';

/* Single sign-on at a real OpenID provider: accounts, roles, confirmation, failures, and attacks. */

process.env.SPILLWAY_SIGN_IN = 'on';
process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');
const context = testContext();
const server = ofThisFile(startSessionServer);
const dashboard = 'http://127.0.0.1:3000';
const provider = ofThisFile(() => startTestProvider(new Map()));

const password = 'three words and a number 7';
type Browser = ReturnType<ReturnType<typeof server>['open']>;

/** Changes the settings of this process. */
function set(settings: Partial<ReturnType<typeof webProcess>['settings']>): void {
  Object.assign(webProcess().settings, settings);
}

beforeEach(async () => {
  for (const table of [users, setUpLinks, signInAttempts, ssoRequests]) await context.db.delete(table);
  Reflect.deleteProperty(globalThis, 'spillwayAnonymous');
  set({
    SPILLWAY_OIDC_ISSUER: provider().issuer,
    SPILLWAY_OIDC_CLIENT_ID: providerClient.id,
    SPILLWAY_OIDC_CLIENT_SECRET: providerClient.secret,
    SPILLWAY_OIDC_NAME: 'Example',
    SPILLWAY_OIDC_ROLES: [
      { group: 'admins', role: 'administrator' },
      { group: 'ops', role: 'operator' },
    ],
    SPILLWAY_OIDC_DOMAINS: undefined,
    SPILLWAY_OIDC_DOMAIN_ROLE: undefined,
    SPILLWAY_OIDC_LINK: undefined,
    SPILLWAY_OIDC_ONLY: undefined,
    SPILLWAY_OIDC_HOSTS: undefined,
  });
  provider().people.clear();
  provider().people.set('budi-1', {
    email: 'Budi@example.com',
    email_verified: true,
    name: 'Budi',
    groups: ['ops', 'all'],
  });
});
afterAll(() => {
  delete process.env.SPILLWAY_SIGN_IN;
});

/** Creates a local administrator with a password, in their browser. */
async function setUp(email = 'sari@example.com') {
  const browser = server().open();
  const token = await createSetUpLink(context.url);
  await browser.ask('POST', '/api/session/set-up', { token, name: 'Sari', email, password });
  return browser;
}

/** Begins a sign-in and logs in at the provider; nothing is completed yet. */
async function visit(browser: Browser, subject = 'budi-1', query = '', cookies?: Map<string, string>) {
  const begun = await browser.ask('GET', `/api/session/sso${query}`);
  invariant(begun.location !== null, 'the browser is led somewhere');
  return provider().visit(begun.location, subject, cookies);
}

const complete = (browser: Browser, back: URL) => browser.ask('GET', `${back.pathname}${back.search}`);

async function signIn(subject = 'budi-1', browser = server().open()) {
  const answer = await complete(browser, await visit(browser, subject));
  return { ...answer, browser };
}

const problem = (key: string) => `/sign-in?problem=${key}`;

async function findPerson(email = 'budi@example.com') {
  const [person] = await context.db.select().from(users).where(eq(users.email, email));
  return person;
}

async function readLastEntry(operation: string): Promise<AuditContent> {
  const [row] = await context.db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.operation, operation))
    .orderBy(desc(auditEntries.seq))
    .limit(1);
  return AuditContent.parse(JSON.parse(row?.content ?? 'null'));
}

function callerOf(person: { id: string; email: string }, startedAt = new Date()): Caller {
  return {
    actor: { name: person.email, role: 'administrator', access: toAccess(grantEverywhere('administrator')) },
    session: { userId: person.id, startedAt },
    credential: { via: 'session', id: 'test' },
    requestId: 'test',
    address: '127.0.0.1',
    cookie: null,
    userAgent: 'test',
  };
}

describe('a sign-in at the provider', () => {
  it('asks with PKCE, state and nonce, and keeps their secrets on the server', async () => {
    const browser = server().open();
    const begun = await browser.ask('GET', '/api/session/sso');
    const address = new URL(begun.location ?? '');
    expect(address.origin).toBe(provider().issuer);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${dashboard}/api/session/sso/callback`,
      scope: 'openid email profile',
    });
    const [request] = await context.db.select().from(ssoRequests);
    expect(address.searchParams.get('state')).toBe(request?.state);
    expect(address.searchParams.get('nonce')).toBe(request?.nonce);
    expect(address.href).not.toContain(request?.codeVerifier);
    expect(begun.cookies[0]).toMatch(/^spillway\.sso=.*HttpOnly; SameSite=Lax/);
    expect(begun.cookies[0]).not.toContain(request?.browserHash);
  });

  it('creates an account with the role of the first group, and signs in', async () => {
    const { status, location, browser } = await signIn();
    expect([status, location]).toEqual([303, '/']);
    expect(await findPerson()).toMatchObject({
      name: 'Budi',
      grants: [{ role: 'operator' }],
      emailVerified: true,
    });
    expect((await browser.ask('GET', '/api/whoami')).body).toContain('budi@example.com');
    expect(browser.cookies.has('spillway.sso')).toBe(false);
    const [session] = await context.db.select().from(userSessions);
    expect(await readLastEntry('session.completeSso')).toMatchObject({
      outcome: 'done',
      facts: { email: 'budi@example.com', role: 'operator', subject: 'budi-1', session: session?.id },
    });
  });

  it('opens the page that was asked for, and no other site', async () => {
    for (const [next, opened] of [
      ['/schedule?day=1', '/schedule?day=1'],
      ['https://evil.example.com/', '/'],
      ['//evil.example.com', '/'],
      ['/.//evil.example.com', '/'],
      ['/\\evil.example.com', '/'],
      ['javascript:alert(1)', '/'],
    ] as const) {
      const browser = server().open();
      const back = await visit(browser, 'budi-1', `?${new URLSearchParams({ next })}`);
      expect((await complete(browser, back)).location).toBe(opened);
    }
  });

  it('evaluates the groups each time', async () => {
    await signIn();
    provider().people.set('budi-1', { groups: ['admins', 'ops'] });
    await signIn();
    expect(await findPerson()).toMatchObject({ grants: [{ role: 'administrator' }] });
  });

  it('ends sessions and tokens if the groups no longer give a role', async () => {
    const { browser } = await signIn();
    const person = await findPerson();
    invariant(person !== undefined, 'the account exists');
    await context.db.insert(apiTokens).values({
      name: 'CI',
      userId: person.id,
      role: 'operator',
      prefix: 'spw_1',
      tokenHash: 'x',
      expiresAt: new Date(Date.now() + 60_000),
    });
    provider().people.set('budi-1', { email: 'budi@example.com', email_verified: true, groups: ['all'] });
    const refused = await signIn();
    expect(refused.location).toBe(problem('sso.noRole'));
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(401);
    expect(await findPerson()).toMatchObject({ grants: [] });
    const [token] = await context.db.select().from(apiTokens);
    expect(token?.revokedAt).not.toBeNull();
  });

  it('gives a role by a verified address in a domain, if that is set', async () => {
    set({ SPILLWAY_OIDC_DOMAINS: ['example.com'], SPILLWAY_OIDC_DOMAIN_ROLE: 'viewer' });
    provider().people.set('ani-1', { email: 'ani@example.com', email_verified: true });
    provider().people.set('eve-1', { email: 'eve@example.org', email_verified: true, groups: ['admins'] });
    provider().people.set('ida-1', { email: 'ida@notexample.com', email_verified: true });
    expect((await signIn('ani-1')).location).toBe('/');
    expect(await findPerson('ani@example.com')).toMatchObject({ grants: [{ role: 'viewer' }] });
    for (const subject of ['eve-1', 'ida-1'])
      expect((await signIn(subject)).location).toBe(problem('sso.noRole'));
  });

  it.each([
    ['sso.emailMissing', { groups: ['ops'] }],
    ['sso.emailUnverified', { email: 'budi@example.com', email_verified: false, groups: ['ops'] }],
    ['sso.emailUnverified', { email: 'budi@example.com', groups: ['ops'] }],
    ['sso.noRole', { email: 'budi@example.com', email_verified: true, groups: ['all'] }],
    ['sso.noRole', { email: 'budi@example.com', email_verified: true }],
  ])('creates no account: %s', async (key, person) => {
    provider().people.set('new-1', person);
    const refused = await signIn('new-1');
    expect(refused.location).toBe(problem(key));
    expect(refused.browser.cookies.has('spillway.session_token')).toBe(false);
    expect(await context.db.$count(users)).toBe(0);
    expect(await readLastEntry('session.completeSso')).toMatchObject({ outcome: 'refused', refusal: [key] });
  });
});

describe('an existing account', () => {
  it('is not taken over by an address, also if it is verified', async () => {
    await setUp('budi@example.com');
    expect((await signIn()).location).toBe(problem('sso.emailTaken'));
    expect(await findPerson()).toMatchObject({ grants: [{ role: 'administrator' }] });
  });

  it('is linked by a verified address alone, if that is set, and loses all other ways to sign in', async () => {
    set({ SPILLWAY_OIDC_LINK: 'verifiedEmail' });
    const local = await setUp('budi@example.com');
    const before = await findPerson();
    invariant(before !== undefined, 'the account exists');
    await context.db.insert(passkeys).values({
      id: 'AAAA',
      userId: before.id,
      name: 'x',
      rpId: 'localhost',
      publicKey: 'AA',
      counter: 0,
      transports: [],
      isSynced: false,
    });
    provider().people.set('eve-1', { email: 'budi@example.com', email_verified: false, groups: ['ops'] });
    expect((await signIn('eve-1')).location).toBe(problem('sso.emailUnverified'));
    expect((await signIn()).location).toBe('/');
    expect(await findPerson()).toMatchObject({ id: before.id, grants: [{ role: 'operator' }] });
    expect((await local.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await server().open().signIn('budi@example.com', password)).body).toContain('session.wrong');
    expect(await context.db.$count(passkeys)).toBe(0);
  });

  it('that is linked is not linked to another subject with its address', async () => {
    set({ SPILLWAY_OIDC_LINK: 'verifiedEmail' });
    await signIn();
    provider().people.set('budi-2', { email: 'budi@example.com', email_verified: true, groups: ['admins'] });
    expect((await signIn('budi-2')).location).toBe(problem('sso.emailTaken'));
    expect(await findPerson()).toMatchObject({ grants: [{ role: 'operator' }] });
    expect(await context.db.$count(userAccounts)).toBe(1);
  });
});

describe('an attack', () => {
  it('with another state, issuer, nonce or verifier is refused', async () => {
    const change = async (alter: (back: URL) => unknown) => {
      const browser = server().open();
      const back = await visit(browser);
      await alter(back);
      const answer = await complete(browser, back);
      expect(browser.cookies.has('spillway.session_token')).toBe(false);
      return answer.location;
    };
    expect(await change((back) => back.searchParams.set('state', 'other'))).toBe(problem('sso.invalid'));
    expect(await change((back) => back.searchParams.delete('state'))).toBe(problem('sso.invalid'));
    const mixed = 'https://login.evil.example.com';
    expect(await change((back) => back.searchParams.set('iss', mixed))).toBe(problem('sso.invalid'));
    expect(await change((back) => back.searchParams.delete('iss'))).toBe(problem('sso.invalid'));
    expect(await change(() => context.db.update(ssoRequests).set({ nonce: 'other' }))).toBe(
      problem('sso.invalid'),
    );
    const codeVerifier = 'o'.repeat(43);
    expect(await change(() => context.db.update(ssoRequests).set({ codeVerifier }))).toBe(
      problem('sso.invalid'),
    );
    expect(await context.db.$count(users)).toBe(0);
  });

  it('with an address that was used, or in another browser, is refused', async () => {
    const browser = server().open();
    const back = await visit(browser);
    const copy = server().open();
    const [name = '', value = ''] = [...browser.cookies].find(([each]) => each === 'spillway.sso') ?? [];
    // A victim who is led to the address of an attacker.
    expect((await complete(server().open(), back)).location).toBe(problem('sso.expired'));
    expect((await complete(browser, back)).location).toBe('/');
    copy.cookies.set(name, value);
    expect((await complete(copy, back)).location).toBe(problem('sso.expired'));
  });

  it('with the code of another sign-in is refused', async () => {
    const attacker = server().open();
    const stolen = await visit(attacker);
    const browser = server().open();
    const own = await visit(browser);
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    expect((await complete(browser, own)).location).toBe(problem('sso.invalid'));
    expect(browser.cookies.has('spillway.session_token')).toBe(false);
  });

  it('after ten minutes is refused', async () => {
    const browser = server().open();
    const back = await visit(browser);
    await context.db.update(ssoRequests).set({ expiresAt: new Date() });
    expect((await complete(browser, back)).location).toBe(problem('sso.expired'));
  });

  it('is limited to ten failures a minute', async () => {
    const locations = [];
    for (let count = 0; count < 11; count += 1) {
      const browser = server().open();
      const back = await visit(browser);
      back.searchParams.set('state', 'other');
      locations.push((await complete(browser, back)).location);
    }
    expect(locations[9]).toBe(problem('sso.invalid'));
    expect(locations[10]).toBe(problem('sso.tooMany'));
  });
});

describe('someone who signs in at the provider', () => {
  it('can’t use a password or get another role here', async () => {
    const administrator = await setUp();
    expect((await administrator.ask('GET', '/api/whoami')).status).toBe(200);
    await signIn();
    const [sari, budi] = [await findPerson('sari@example.com'), await findPerson()];
    invariant(sari !== undefined && budi !== undefined, 'both exist');
    expect(
      await actAs(callerOf(sari), () => setUserGrants({ id: budi.id, grants: grantEverywhere('viewer') })),
    ).toMatchObject({
      error: { form: { message: 'user.roleBySso', values: { name: 'Example' } } },
    });
    const late = callerOf(budi, new Date(0));
    expect(await actAs(late, () => inviteUser({ grants: grantEverywhere('viewer') }))).toMatchObject({
      error: { form: { message: 'session.notRecent', values: { by: 'sso', provider: 'Example' } } },
    });
  });

  it('confirms by signing in there again', async () => {
    const cookies = new Map<string, string>();
    const browser = server().open();
    await complete(browser, await visit(browser, 'budi-1', '', cookies));
    const before = browser.cookies.get('spillway.session_token');
    const begun = await browser.ask('GET', '/api/session/sso?purpose=confirm');
    const { searchParams } = new URL(begun.location ?? '');
    expect([searchParams.get('prompt'), searchParams.get('max_age')]).toEqual(['login', '0']);
    const back = await provider().visit(begun.location ?? '', 'budi-1', cookies);
    expect((await complete(browser, back)).location).toBe('/confirmed');
    expect(browser.cookies.get('spillway.session_token')).not.toBe(before);
    expect(await context.db.$count(userSessions)).toBe(1);
  });

  it('does not confirm as someone else, nor with an older login', async () => {
    provider().people.set('ani-1', { email: 'ani@example.com', email_verified: true, groups: ['ops'] });
    const { browser } = await signIn();
    const other = await visit(browser, 'ani-1', '?purpose=confirm');
    expect((await complete(browser, other)).location).toBe(problem('sso.otherPerson'));
    expect(await findPerson('ani@example.com')).toBeUndefined();
    const old = await visit(browser, 'budi-1', '?purpose=confirm');
    await context.db.update(ssoRequests).set({ startedAt: new Date(Date.now() + 60_000) });
    expect((await complete(browser, old)).location).toBe(problem('sso.notFresh'));
    expect((await server().open().ask('GET', '/api/session/sso?purpose=confirm')).location).toBe(
      problem('session.missing'),
    );
  });
});

describe('the setting that only the provider signs in', () => {
  it('leaves passwords to administrators alone', async () => {
    const browser = await setUp();
    const sari = await findPerson('sari@example.com');
    invariant(sari !== undefined, 'the account exists');
    const invited = await actAs(callerOf(sari), () => inviteUser({ grants: grantEverywhere('operator') }));
    invariant(invited.ok, 'an administrator may invite');
    const { token } = invited.value;
    const email = 'ani@example.com';
    await server().open().ask('POST', '/api/session/set-up', { token, name: 'Ani', email, password });
    set({ SPILLWAY_OIDC_ONLY: 'on' });
    expect((await server().open().signIn(email, password)).body).toContain('session.ssoOnly');
    expect((await server().open().signIn(email, 'not the right one')).body).toContain('session.wrong');
    expect((await browser.signIn('sari@example.com', password)).status).toBe(200);
    expect(
      await actAs(callerOf(sari), () => inviteUser({ grants: grantEverywhere('operator') })),
    ).toMatchObject({
      error: { form: { message: 'user.ssoOnly' } },
    });
  });
});

describe('a provider', () => {
  const begin = async () => (await server().open().ask('GET', '/api/session/sso')).location;

  it('that does not answer is named as the cause, and asked again at the next sign-in', async () => {
    set({ SPILLWAY_OIDC_ISSUER: 'http://127.0.0.1:9' });
    expect(await begin()).toBe(problem('sso.unreachable'));
    expect(await readLastEntry('session.beginSso')).toMatchObject({ refusal: ['sso.unreachable'] });
    set({ SPILLWAY_OIDC_ISSUER: provider().issuer });
    expect(await begin()).toContain(provider().issuer);
  });

  it('with another identifier, or a wrong secret of the client, is a wrong setting', async () => {
    set({ SPILLWAY_OIDC_ISSUER: provider().issuer.replace('127.0.0.1', 'localhost') });
    expect(await begin()).toBe(problem('sso.misconfigured'));
    set({ SPILLWAY_OIDC_ISSUER: provider().issuer, SPILLWAY_OIDC_CLIENT_SECRET: 'wrong' });
    expect((await signIn()).location).toBe(problem('sso.misconfigured'));
  });

  it('that refuses is named as the cause', async () => {
    const browser = server().open();
    const back = await visit(browser);
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    expect((await complete(browser, back)).location).toBe(problem('sso.denied'));
  });

  it('that is not set leads nowhere', async () => {
    set({ SPILLWAY_OIDC_ISSUER: undefined });
    expect(await begin()).toBe(problem('sso.off'));
  });
});
