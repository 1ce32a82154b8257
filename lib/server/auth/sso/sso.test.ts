import { beforeEach, describe, expect, it } from 'vitest';
import { apiTokens, passkeys, ssoRequests, userAccounts, userSessions, users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere, noLimits } from '@/lib/policy/access';
import { actAs } from '@/lib/server/request-actor';
import { ofThisFile } from '@/testing/db/test-file-database';
import { password, signedInAs } from '@/testing/server/sign-in-context';
import { signInProblem, ssoContext } from '@/testing/server/sso-context';
import { testActor } from '@/testing/server/test-person';
import { startTestProvider } from '@/testing/server/test-provider';
import { inviteUser, setUserGrants } from '../change-users';
import { isStillSignedIn } from '../find-actor';

/* Single sign-on at a real OpenID provider: accounts, roles, confirmation, failures, and attacks. */

const dashboard = 'http://127.0.0.1:3000';
const provider = ofThisFile(() => startTestProvider(new Map()));
const { context, open, setUp, origin, set, visit, complete, signIn, findPerson, readLastEntry } =
  ssoContext(provider);

beforeEach(() => {
  provider().people.clear();
  provider().people.set('budi-1', {
    email: 'Budi@example.com',
    email_verified: true,
    name: 'Budi',
    groups: ['ops', 'all'],
  });
});

describe('a sign-in at the provider', () => {
  it('asks with PKCE, state and nonce, and keeps their secrets on the server', async () => {
    const browser = open();
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

  it('creates an account with the roles of the groups, and signs in', async () => {
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
      facts: { email: 'budi@example.com', grants: 'operator', subject: 'budi-1', session: session?.id },
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
      const browser = open();
      const back = await visit(browser, 'budi-1', `?${new URLSearchParams({ next })}`);
      expect((await complete(browser, back)).location).toBe(opened);
    }
  });

  it('keeps the page that was asked for if it fails or is cancelled, and no other site', async () => {
    const page = '/schedule?day=1';
    const query = (next: string) => `?${new URLSearchParams({ next })}`;
    const cancel = async (next: string) => {
      const browser = open();
      const back = await visit(browser, 'budi-1', query(next));
      back.searchParams.delete('code');
      back.searchParams.set('error', 'access_denied');
      return (await complete(browser, back)).location;
    };
    expect(await cancel(page)).toBe(signInProblem('sso.denied', page));
    for (const other of [
      'https://evil.example.com/',
      '//evil.example.com',
      '/.//evil.example.com',
      'javascript:1',
    ])
      expect(await cancel(other)).toBe(signInProblem('sso.denied'));
    const late = open();
    const back = await visit(late, 'budi-1', query(page));
    await context.db.update(ssoRequests).set({ expiresAt: new Date() });
    expect((await complete(late, back)).location).toBe(signInProblem('sso.expired', page));
    // The page of someone else's sign-in is not told.
    expect((await complete(open(), back)).location).toBe(signInProblem('sso.expired'));
    provider().people.set('new-1', { groups: ['ops'] });
    const nameless = open();
    expect((await complete(nameless, await visit(nameless, 'new-1', query(page)))).location).toBe(
      signInProblem('sso.emailMissing', page),
    );
    set({ SPILLWAY_OIDC_ISSUER: 'http://127.0.0.1:9' });
    for (const [next, kept] of [
      [page, page],
      ['https://evil.example.com/', undefined],
    ] as const)
      expect((await open().ask('GET', `/api/session/sso${query(next)}`)).location).toBe(
        signInProblem('sso.unreachable', kept),
      );
  });

  it('evaluates the groups each time', async () => {
    await signIn();
    provider().people.set('budi-1', { groups: ['admins', 'ops'] });
    await signIn();
    expect(await findPerson()).toMatchObject({ grants: [{ role: 'administrator' }, { role: 'operator' }] });
  });

  it('gives roles with the limits of each group, which hold at once', async () => {
    const shop = { ...noLimits, domains: ['*.shop.example.co.id'] };
    const jakarta = { ...noLimits, regions: ['ap-jakarta'] };
    set({
      SPILLWAY_OIDC_ROLES: [
        { group: 'ops', role: 'operator', ...shop },
        { group: 'all', role: 'viewer', ...jakarta },
      ],
    });
    const { browser } = await signIn();
    expect(await findPerson()).toMatchObject({
      grants: [
        { role: 'operator', ...shop },
        { role: 'viewer', ...jakarta },
      ],
    });
    expect(await readLastEntry('session.completeSso')).toMatchObject({
      facts: { grants: 'operator (domains *.shop.example.co.id), viewer (regions ap-jakarta)' },
    });
    expect(JSON.parse((await browser.ask('GET', '/api/whoami')).body)).toMatchObject({
      role: 'operator',
      rights: [
        { rights: expect.arrayContaining(['operate']), limits: [shop] },
        { rights: ['read'], limits: [jakarta] },
      ],
    });
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
    expect(refused.location).toBe(signInProblem('sso.noRole'));
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
      expect((await signIn(subject)).location).toBe(signInProblem('sso.noRole'));
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
    expect(refused.location).toBe(signInProblem(key));
    expect(refused.browser.cookies.has('spillway.session_token')).toBe(false);
    expect(await context.db.$count(users)).toBe(0);
    expect(await readLastEntry('session.completeSso')).toMatchObject({ outcome: 'refused', refusal: [key] });
  });
});

describe('an existing account', () => {
  it('is not taken over by an address, also if it is verified', async () => {
    await setUp('budi@example.com');
    expect((await signIn()).location).toBe(signInProblem('sso.emailTaken'));
    expect(await findPerson()).toMatchObject({ grants: [{ role: 'administrator' }] });
  });

  it('is linked by a verified address alone, if that is set, and loses all other ways to sign in', async () => {
    set({ SPILLWAY_OIDC_LINK: 'verifiedEmail' });
    const { browser: local } = await setUp('budi@example.com');
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
    expect((await signIn('eve-1')).location).toBe(signInProblem('sso.emailUnverified'));
    expect((await signIn()).location).toBe('/');
    expect(await findPerson()).toMatchObject({ id: before.id, grants: [{ role: 'operator' }] });
    expect((await local.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await open().signIn('budi@example.com', password)).body).toContain('session.wrong');
    expect(await context.db.$count(passkeys)).toBe(0);
  });

  it('with limits is linked by groups with limits alone', async () => {
    set({ SPILLWAY_OIDC_LINK: 'verifiedEmail' });
    await setUp('budi@example.com');
    const shop = { ...noLimits, domains: ['shop.example.co.id'] };
    await context.db.update(users).set({ grants: [{ role: 'viewer', ...shop }] });
    expect((await signIn()).location).toBe(signInProblem('sso.limited'));
    expect(await findPerson()).toMatchObject({ grants: [{ role: 'viewer', ...shop }] });
    set({ SPILLWAY_OIDC_ROLES: [{ group: 'ops', role: 'operator', ...shop }] });
    expect((await signIn()).location).toBe('/');
    expect(await findPerson()).toMatchObject({ grants: [{ role: 'operator', ...shop }] });
  });

  it('that is linked is not linked to another subject with its address', async () => {
    set({ SPILLWAY_OIDC_LINK: 'verifiedEmail' });
    await signIn();
    provider().people.set('budi-2', { email: 'budi@example.com', email_verified: true, groups: ['admins'] });
    expect((await signIn('budi-2')).location).toBe(signInProblem('sso.emailTaken'));
    expect(await findPerson()).toMatchObject({ grants: [{ role: 'operator' }] });
    expect(await context.db.$count(userAccounts)).toBe(1);
  });
});

describe('an attack', () => {
  it('with another state, issuer, nonce or verifier is refused', async () => {
    const change = async (alter: (back: URL) => unknown) => {
      const browser = open();
      const back = await visit(browser);
      await alter(back);
      const answer = await complete(browser, back);
      expect(browser.cookies.has('spillway.session_token')).toBe(false);
      return answer.location;
    };
    expect(await change((back) => back.searchParams.set('state', 'other'))).toBe(
      signInProblem('sso.invalid'),
    );
    expect(await change((back) => back.searchParams.delete('state'))).toBe(signInProblem('sso.invalid'));
    const mixed = 'https://login.evil.example.com';
    expect(await change((back) => back.searchParams.set('iss', mixed))).toBe(signInProblem('sso.invalid'));
    expect(await change((back) => back.searchParams.delete('iss'))).toBe(signInProblem('sso.invalid'));
    expect(await change(() => context.db.update(ssoRequests).set({ nonce: 'other' }))).toBe(
      signInProblem('sso.invalid'),
    );
    const codeVerifier = 'o'.repeat(43);
    expect(await change(() => context.db.update(ssoRequests).set({ codeVerifier }))).toBe(
      signInProblem('sso.invalid'),
    );
    expect(await context.db.$count(users)).toBe(0);
  });

  it('with an address that was used, or in another browser, is refused', async () => {
    const browser = open();
    const back = await visit(browser);
    const copy = open();
    const [name = '', value = ''] = [...browser.cookies].find(([each]) => each === 'spillway.sso') ?? [];
    // A victim who is led to the address of an attacker.
    expect((await complete(open(), back)).location).toBe(signInProblem('sso.expired'));
    expect((await complete(browser, back)).location).toBe('/');
    copy.cookies.set(name, value);
    expect((await complete(copy, back)).location).toBe(signInProblem('sso.expired'));
  });

  it('with the code of another sign-in is refused', async () => {
    const attacker = open();
    const stolen = await visit(attacker);
    const browser = open();
    const own = await visit(browser);
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    expect((await complete(browser, own)).location).toBe(signInProblem('sso.invalid'));
    expect(browser.cookies.has('spillway.session_token')).toBe(false);
  });

  it('after ten minutes is refused', async () => {
    const browser = open();
    const back = await visit(browser);
    await context.db.update(ssoRequests).set({ expiresAt: new Date() });
    expect((await complete(browser, back)).location).toBe(signInProblem('sso.expired'));
  });

  it('is limited to ten failures a minute', async () => {
    const locations = [];
    for (let count = 0; count < 11; count += 1) {
      const browser = open();
      const back = await visit(browser);
      back.searchParams.set('state', 'other');
      locations.push((await complete(browser, back)).location);
    }
    expect(locations[9]).toBe(signInProblem('sso.invalid'));
    expect(locations[10]).toBe(signInProblem('sso.tooMany'));
  });
});

describe('someone who signs in at the provider', () => {
  it('can’t use a password or get another role here', async () => {
    const { browser: administrator } = await setUp();
    expect((await administrator.ask('GET', '/api/whoami')).status).toBe(200);
    await signIn();
    const [sari, budi] = [await findPerson('sari@example.com'), await findPerson()];
    invariant(sari !== undefined && budi !== undefined, 'both exist');
    expect(
      await actAs(signedInAs(sari), () => setUserGrants({ id: budi.id, grants: grantEverywhere('viewer') })),
    ).toMatchObject({
      error: { form: { message: 'user.roleBySso', values: { name: 'Example' } } },
    });
    const late = signedInAs(budi, 60);
    expect(
      await actAs(late, () => inviteUser({ email: 'budi@example.com', grants: grantEverywhere('viewer') })),
    ).toMatchObject({
      error: { form: { message: 'session.notRecent', values: { by: 'sso', provider: 'Example' } } },
    });
  });

  it('confirms by signing in there again', async () => {
    const cookies = new Map<string, string>();
    const browser = open();
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
    expect((await complete(browser, other)).location).toBe(signInProblem('sso.otherPerson'));
    expect(await findPerson('ani@example.com')).toBeUndefined();
    const old = await visit(browser, 'budi-1', '?purpose=confirm');
    await context.db.update(ssoRequests).set({ startedAt: new Date(Date.now() + 60_000) });
    expect((await complete(browser, old)).location).toBe(signInProblem('sso.notFresh'));
    expect((await open().ask('GET', '/api/session/sso?purpose=confirm')).location).toBe(
      signInProblem('session.missing'),
    );
  });
});

describe('a session that began at the provider', () => {
  it('ends when the person logs out there, as the provider sends it', async () => {
    const cookies = new Map<string, string>();
    const browser = open();
    await complete(browser, await visit(browser, 'budi-1', '', cookies));
    const { browser: elsewhere } = await signIn();
    expect(await provider().logOut(cookies, origin())).toBe('accepted');
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await elsewhere.ask('GET', '/api/whoami')).status).toBe(200);
  });

  it('ends after the hours that are set, however much it is used, and one with a password later', async () => {
    const { browser: local } = await setUp();
    const { browser } = await signIn();
    const age = (hours: number) =>
      context.db.update(userSessions).set({ createdAt: new Date(Date.now() - hours * 3_600_000) });
    await age(11.9);
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(200);
    set({ SPILLWAY_OIDC_SESSION_HOURS: 11 });
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(401);
    expect(await context.db.$count(userSessions)).toBe(1);
    set({ SPILLWAY_OIDC_SESSION_HOURS: undefined });
    const { browser: again } = await signIn();
    await age(12.1);
    expect((await again.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await local.ask('GET', '/api/whoami')).status).toBe(200);
  });

  it('also ends what an open page listens to, without being extended by it', async () => {
    await signIn();
    const [stored] = await context.db.select().from(userSessions);
    const [person] = await context.db.select().from(users);
    invariant(stored !== undefined && person !== undefined, 'they have signed in');
    const caller = {
      actor: testActor(person.email, 'operator'),
      credential: { via: 'session', id: stored.id },
    } as const;
    const listens = () => isStillSignedIn(caller);
    expect(await listens()).toBe(true);
    expect(await context.db.select().from(userSessions)).toEqual([stored]);
    await context.db.update(users).set({ grants: grantEverywhere('viewer') });
    expect(await listens()).toBe(false);
    await context.db.update(users).set({ grants: grantEverywhere('operator') });
    await context.db.update(userSessions).set({ createdAt: new Date(Date.now() - 12 * 3_600_000) });
    expect(await listens()).toBe(false);
    await context.db.update(userSessions).set({ createdAt: new Date(), expiresAt: new Date() });
    expect(await listens()).toBe(false);
    await context.db.update(userSessions).set({ expiresAt: stored.expiresAt });
    expect(await listens()).toBe(true);
    await context.db.delete(userSessions);
    expect(await listens()).toBe(false);
  });

  it('is never one that an attacker has planted', async () => {
    const attacker = open();
    await signIn('budi-1', attacker);
    const planted = attacker.cookies.get('spillway.session_token') ?? '';
    provider().people.set('ani-1', { email: 'ani@example.com', email_verified: true, groups: ['admins'] });
    const victim = open();
    victim.cookies.set('spillway.session_token', planted);
    await signIn('ani-1', victim);
    expect(victim.cookies.get('spillway.session_token')).not.toBe(planted);
    expect((await attacker.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await victim.ask('GET', '/api/whoami')).body).toContain('ani@example.com');
  });

  it('ends if another provider is set, or none', async () => {
    const { browser } = await signIn();
    set({ SPILLWAY_OIDC_ISSUER: 'https://login.example.com' });
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(401);
  });
});

describe('the setting that only the provider signs in', () => {
  it('leaves passwords to administrators alone', async () => {
    const { browser } = await setUp();
    const sari = await findPerson('sari@example.com');
    invariant(sari !== undefined, 'the account exists');
    const invited = await actAs(signedInAs(sari), () =>
      inviteUser({ email: 'ani@example.com', grants: grantEverywhere('operator') }),
    );
    invariant(invited.ok, 'an administrator may invite');
    const { token } = invited.value;
    const email = 'ani@example.com';
    await open().ask('POST', '/api/session/set-up', { token, name: 'Ani', email, password });
    set({ SPILLWAY_OIDC_ONLY: 'on' });
    expect((await open().signIn(email, password)).body).toContain('session.ssoOnly');
    expect((await open().signIn(email, 'not the right one')).body).toContain('session.wrong');
    expect((await browser.signIn('sari@example.com', password)).status).toBe(200);
    expect(
      await actAs(signedInAs(sari), () =>
        inviteUser({ email: 'ani@example.com', grants: grantEverywhere('operator') }),
      ),
    ).toMatchObject({
      error: { form: { message: 'user.ssoOnly' } },
    });
  });
});

describe('a provider', () => {
  const begin = async () => (await open().ask('GET', '/api/session/sso')).location;

  it('that does not answer is named as the cause, and asked again at the next sign-in', async () => {
    set({ SPILLWAY_OIDC_ISSUER: 'http://127.0.0.1:9' });
    expect(await begin()).toBe(signInProblem('sso.unreachable'));
    expect(await readLastEntry('session.beginSso')).toMatchObject({ refusal: ['sso.unreachable'] });
    set({ SPILLWAY_OIDC_ISSUER: provider().issuer });
    expect(await begin()).toContain(provider().issuer);
  });

  it('with another identifier, or a wrong secret of the client, is a wrong setting', async () => {
    set({ SPILLWAY_OIDC_ISSUER: provider().issuer.replace('127.0.0.1', 'localhost') });
    expect(await begin()).toBe(signInProblem('sso.misconfigured'));
    set({ SPILLWAY_OIDC_ISSUER: provider().issuer, SPILLWAY_OIDC_CLIENT_SECRET: 'wrong' });
    expect((await signIn()).location).toBe(signInProblem('sso.misconfigured'));
  });

  it('that refuses is named as the cause', async () => {
    const browser = open();
    const back = await visit(browser);
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    expect((await complete(browser, back)).location).toBe(signInProblem('sso.denied'));
  });

  it('that is not set leads nowhere', async () => {
    set({ SPILLWAY_OIDC_ISSUER: undefined });
    expect(await begin()).toBe(signInProblem('sso.off'));
  });
});
