import { generateKeyPairSync } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { auditEntries, passkeyChallenges, passkeys, userSessions, users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { password, signInContext, type TestBrowser } from '@/testing/server/sign-in-context';
import { type Deviation, SoftwareAuthenticator } from '@/testing/server/software-authenticator';
import { resetSecondFactor } from '../change-second-factor';
import { getSecurity } from '../get-security';
import { listSignInWays } from '../list-sign-in-ways';
import { listUsers } from '../list-users';
import { addPasskey, beginPasskey, removePasskey, renamePasskey } from './change-passkeys';

/* Passkeys, with a software authenticator: set-up, sign-in, confirmation, and attacks on them. */

const { context, open, setUp, readLastEntry } = signInContext();
const origin = 'http://localhost:3000';
type Person = Awaited<ReturnType<typeof setUp>>;

async function begin({ caller }: Person) {
  const begun = await actAs(caller, () => beginPasskey({}));
  invariant(begun.ok, 'a person may make a passkey');
  return begun.value.options;
}

async function register(person: Person, authenticator: SoftwareAuthenticator, deviation: Deviation = {}) {
  const credential = authenticator.create(await begin(person), deviation);
  return actAs(person.caller, () => addPasskey({ name: 'Laptop', credential }));
}

/** Creates an account with a passkey. */
async function enrol(email?: string, counts = true) {
  const person = await setUp(email);
  const authenticator = new SoftwareAuthenticator(origin, counts);
  expect(await register(person, authenticator)).toMatchObject({ ok: true });
  return { ...person, authenticator };
}

async function askChallenge(browser: TestBrowser, purpose: 'signIn' | 'confirm' = 'signIn') {
  const answer = await browser.ask('POST', '/api/session/passkey-challenge', { purpose });
  return { ...answer, options: JSON.parse(answer.body).options };
}

/** Signs in with a passkey, in a browser that no one has used. */
async function signIn(authenticator: SoftwareAuthenticator, deviation: Deviation = {}) {
  const browser = open();
  const { options } = await askChallenge(browser);
  const signed = authenticator.sign(options, deviation);
  const answer = await browser.ask('POST', '/api/session/passkey', signed);
  return { ...answer, browser, signed };
}

describe('a passkey', () => {
  it('is made on a verified, discoverable authenticator, and listed', async () => {
    const person = await setUp();
    expect(await listSignInWays()).toEqual({ passkeyOrigin: null, sso: null });
    const options = await begin(person);
    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const credential = new SoftwareAuthenticator(origin).create(options);
    expect(await actAs(person.caller, () => addPasskey({ name: 'Laptop', credential }))).toMatchObject({
      ok: true,
    });
    expect(await actAs(person.caller, () => getSecurity())).toMatchObject({
      passkeys: [{ name: 'Laptop', isSynced: false, otherHost: null, usedAt: null }],
      passkeyOrigin: origin,
    });
    expect(await listSignInWays()).toEqual({ passkeyOrigin: origin, sso: null });
    expect(await readLastEntry('passkey.add')).toMatchObject({ facts: { name: 'Laptop' } });
    // The browser refuses to make another one on the same authenticator.
    expect((await begin(person)).excludeCredentials).toMatchObject([{ id: credential.id }]);
  });

  it('signs in without password and code, in place of the browser’s session', async () => {
    const { authenticator, browser, email } = await enrol();
    const before = browser.cookies.get('spillway.session_token');
    const { options } = await askChallenge(browser);
    expect(options).not.toHaveProperty('allowCredentials');
    const answer = await browser.ask('POST', '/api/session/passkey', authenticator.sign(options));
    expect(answer.status).toBe(200);
    for (const cookie of answer.cookies) expect(cookie).toMatch(/HttpOnly.*SameSite=Lax/i);
    expect(browser.cookies.get('spillway.session_token')).not.toBe(before);
    expect(await context.db.$count(userSessions)).toBe(1);
    expect((await browser.ask('GET', '/api/whoami')).body).toContain(email);
    expect(browser.cookies.has('spillway.browser')).toBe(true);
    expect(await readLastEntry('session.signInWithPasskey')).toMatchObject({
      outcome: 'done',
      facts: { email, passkey: authenticator.id },
    });
    const [stored] = await context.db.select().from(passkeys);
    expect(stored?.lastUsedAt).not.toBeNull();
  });

  it('of a password manager signs in with a counter that stays 0', async () => {
    const { authenticator } = await enrol(undefined, false);
    for (const _ of [1, 2]) expect((await signIn(authenticator)).status).toBe(200);
    const [stored] = await context.db.select().from(passkeys);
    expect(stored).toMatchObject({ isSynced: true, counter: 0 });
  });

  it('confirms that it is the person', async () => {
    const { authenticator, browser, caller } = await enrol();
    const late = {
      ...caller,
      session: { userId: caller.session?.userId ?? '', authenticatedAt: new Date(0) },
    };
    expect(await actAs(late, () => beginPasskey({}))).toMatchObject({
      error: { form: { message: 'session.notRecent', values: { by: 'password', passkeyOrigin: origin } } },
    });
    const { options } = await askChallenge(browser, 'confirm');
    expect(options.allowCredentials).toMatchObject([{ id: authenticator.id }]);
    const before = browser.cookies.get('spillway.session_token');
    // An authenticator that was told which passkey to use need not name the person.
    const passkey = authenticator.sign(options, { userHandle: null });
    expect((await browser.ask('POST', '/api/session/reauthenticate', { passkey })).status).toBe(200);
    expect(browser.cookies.get('spillway.session_token')).not.toBe(before);
  });

  it('no longer signs in once it is removed, by its owner alone', async () => {
    const { authenticator, caller } = await enrol();
    const other = await setUp('budi@example.com');
    const remove = (as: Caller) => actAs(as, () => removePasskey({ id: authenticator.id }));
    expect(await remove(other.caller)).toMatchObject({ error: { form: { message: 'passkey.gone' } } });
    expect((await signIn(authenticator)).status).toBe(200);
    expect(await remove(caller)).toMatchObject({ ok: true });
    expect((await signIn(authenticator)).body).toContain('passkey.unknown');
  });

  it('gets another name from its owner alone, and signs in as before', async () => {
    const { authenticator, caller } = await enrol();
    const other = await setUp('budi@example.com');
    const rename = (as: Caller, name: string) =>
      actAs(as, () => renamePasskey({ id: authenticator.id, name }));
    expect(await rename(other.caller, 'Mine')).toMatchObject({
      error: { form: { message: 'passkey.gone' } },
    });
    expect(await rename(caller, ' ')).toMatchObject({ error: { fields: { name: ['name.missing'] } } });
    expect(await rename(caller, 'x'.repeat(81))).toMatchObject({
      error: { fields: { name: ['name.tooLong'] } },
    });
    expect(await rename(caller, ' Work laptop ')).toMatchObject({ ok: true });
    expect(await actAs(caller, () => getSecurity())).toMatchObject({ passkeys: [{ name: 'Work laptop' }] });
    expect(await readLastEntry('passkey.rename')).toMatchObject({
      outcome: 'done',
      facts: { name: 'Work laptop', formerName: 'Laptop', passkey: authenticator.id },
    });
    expect((await signIn(authenticator)).status).toBe(200);
  });

  it('ends with its owner', async () => {
    const { authenticator, email } = await enrol();
    await context.db.delete(users).where(eq(users.email, email));
    expect((await signIn(authenticator)).body).toContain('passkey.unknown');
  });

  it('needs a recent sign-in of the person to be added, renamed or removed, and a session', async () => {
    const { caller, authenticator } = await enrol();
    const late = {
      ...caller,
      session: { userId: caller.session?.userId ?? '', authenticatedAt: new Date(0) },
    };
    const credential = authenticator.create(await begin({ caller, browser: open(), email: '' }));
    const refused = [
      await actAs(late, () => beginPasskey({})),
      await actAs(late, () => addPasskey({ name: 'Laptop', credential })),
      await actAs(late, () => removePasskey({ id: authenticator.id })),
      await actAs(late, () => renamePasskey({ id: authenticator.id, name: 'Mine' })),
    ];
    for (const answer of refused)
      expect(answer).toMatchObject({ error: { form: { message: 'session.notRecent' } } });
    expect((await askChallenge(open(), 'confirm')).body).toContain('session.missing');
  });

  it('is one of twenty at most', async () => {
    const person = await enrol();
    const [made] = await context.db.select().from(passkeys);
    invariant(made !== undefined, 'there is a passkey');
    await context.db
      .insert(passkeys)
      .values(Array.from({ length: 19 }, (_, index) => ({ ...made, id: `other${index}` })));
    expect(await actAs(person.caller, () => beginPasskey({}))).toMatchObject({
      error: { form: { message: 'passkey.tooMany', values: { max: 20 } } },
    });
  });
});

describe('the sign-in refuses', () => {
  it.each<[string, Deviation, RegExp]>([
    ['a page of another origin', { origin: 'https://localhost.example.com' }, /origin/],
    ['another port of this machine', { origin: 'http://localhost:4000' }, /origin/],
    ['an IP address', { origin: 'http://127.0.0.1:3000' }, /origin/],
    ['another RP ID', { rpId: 'example.com' }, /RP ID/],
    ['an authenticator that has not verified its user', { isVerified: false }, /User verification/],
    ['a response to the making of a passkey', { type: 'webauthn.create' }, /type/],
    [
      'the name of another person',
      { userHandle: Buffer.from('someone').toString('base64url') },
      /another person/,
    ],
    ['no name', { userHandle: null }, /another person, or none/],
    [
      'the signature of another key',
      { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
      /signature/,
    ],
  ])('%s', async (_, deviation, reason) => {
    const { authenticator, email } = await enrol();
    const refused = await signIn(authenticator, deviation);
    expect(refused.body).toContain('passkey.invalid');
    expect(refused.cookies).toEqual([]);
    const entry = await readLastEntry('session.signInWithPasskey');
    expect(entry).toMatchObject({ outcome: 'refused', refusal: ['passkey.invalid'], facts: { email } });
    expect(entry.facts.reason).toMatch(reason);
    expect((await signIn(authenticator)).status).toBe(200);
  });

  it('a frame of another site', async () => {
    const { authenticator } = await enrol();
    expect((await signIn(authenticator, { crossOrigin: true })).body).toContain('passkey.invalid');
  });

  it('a response that is sent again', async () => {
    const { authenticator } = await enrol(undefined, false);
    const { signed } = await signIn(authenticator);
    const again = await open().ask('POST', '/api/session/passkey', signed);
    expect(again.body).toContain('passkey.expired');
  });

  it('one of two responses to a challenge that are sent at once', async () => {
    const { authenticator } = await enrol(undefined, false);
    const { options } = await askChallenge(open());
    const send = () => open().ask('POST', '/api/session/passkey', authenticator.sign(options));
    const both = await Promise.all([send(), send()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  it('a challenge after five minutes, or that it did not make', async () => {
    const { authenticator } = await enrol();
    const { options } = await askChallenge(open());
    await context.db.update(passkeyChallenges).set({ expiresAt: new Date() });
    const late = await open().ask('POST', '/api/session/passkey', authenticator.sign(options));
    expect(late.body).toContain('passkey.expired');
    expect((await signIn(authenticator, { challenge: 'AAAA' })).body).toContain('passkey.expired');
  });

  it('a challenge for a confirmation, and a confirmation one for a sign-in or for someone else', async () => {
    const { authenticator, browser } = await enrol();
    const { options } = await askChallenge(browser, 'confirm');
    const stranger = open();
    expect((await stranger.ask('POST', '/api/session/passkey', authenticator.sign(options))).body).toContain(
      'passkey.expired',
    );
    const forSignIn = (await askChallenge(browser)).options;
    const other = await enrol('budi@example.com');
    const forOther = (await askChallenge(other.browser, 'confirm')).options;
    for (const wrong of [forSignIn, forOther])
      expect(
        (await browser.ask('POST', '/api/session/reauthenticate', { passkey: authenticator.sign(wrong) }))
          .body,
      ).toContain('passkey.expired');
  });

  it('the passkey of someone else as a confirmation', async () => {
    const { browser } = await enrol();
    const other = await enrol('budi@example.com');
    const { options } = await askChallenge(browser, 'confirm');
    const passkey = other.authenticator.sign(options);
    expect((await browser.ask('POST', '/api/session/reauthenticate', { passkey })).body).toContain(
      'passkey.unknown',
    );
  });

  it('a counter that does not rise, which is the sign of a copy, and records it', async () => {
    const { authenticator } = await enrol();
    expect((await signIn(authenticator, { counter: 5 })).status).toBe(200);
    for (const counter of [5, 4, 0])
      expect((await signIn(authenticator, { counter })).body).toContain('passkey.counter');
    expect(await readLastEntry('session.signInWithPasskey')).toMatchObject({
      outcome: 'refused',
      refusal: ['passkey.counter'],
      facts: { reason: 'the counter is 0 after 5', passkey: authenticator.id },
    });
    expect((await signIn(authenticator, { counter: 6 })).status).toBe(200);
  });

  it('what is no response at all', async () => {
    for (const body of [{}, { id: 'AA' }, null, 'x']) {
      const answer = await open().ask('POST', '/api/session/passkey', { ...Object(body) });
      expect(answer.status).toBe(422);
    }
    const { authenticator } = await enrol();
    const { options } = await askChallenge(open());
    const signed = authenticator.sign(options);
    for (const clientDataJSON of ['AAAA', Buffer.from('[]').toString('base64url')]) {
      const response = { ...signed.response, clientDataJSON };
      const answer = await open().ask('POST', '/api/session/passkey', { ...signed, response });
      expect(answer.body).toContain('passkey.invalid');
    }
    const response = { ...signed.response, authenticatorData: 'AAAA' };
    expect((await open().ask('POST', '/api/session/passkey', { ...signed, response })).body).toContain(
      'passkey.invalid',
    );
  });

  it('more than ten failures a minute, but not in a browser that signed in before', async () => {
    const { authenticator, browser } = await enrol();
    const bodies = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      bodies.push((await signIn(authenticator, { isVerified: false })).body);
    expect(bodies[9]).toContain('passkey.invalid');
    expect(bodies[10]).toContain('session.tooMany');
    const { options } = await askChallenge(browser);
    const own = await browser.ask('POST', '/api/session/passkey', authenticator.sign(options));
    expect(own.status).toBe(200);
  });
});

describe('the set-up refuses', () => {
  it.each<[string, Deviation]>([
    ['a page of another origin', { origin: 'https://example.com' }],
    ['another RP ID', { rpId: 'example.com' }],
    ['an authenticator that has not verified its user', { isVerified: false }],
    ['a signed challenge', { type: 'webauthn.get' }],
  ])('%s', async (_, deviation) => {
    const person = await setUp();
    expect(await register(person, new SoftwareAuthenticator(origin), deviation)).toMatchObject({
      error: { form: { message: 'passkey.invalid' } },
    });
    expect(await context.db.$count(passkeys)).toBe(0);
    expect((await readLastEntry('passkey.add')).facts).toHaveProperty('reason');
  });

  it('a challenge that was used, or is of someone else', async () => {
    const person = await setUp();
    const options = await begin(person);
    const add = (as: Person, authenticator: SoftwareAuthenticator) => {
      const credential = authenticator.create(options);
      return actAs(as.caller, () => addPasskey({ name: 'Laptop', credential }));
    };
    const other = await setUp('budi@example.com');
    const expired = { error: { form: { message: 'passkey.expired' } } };
    expect(await add(other, new SoftwareAuthenticator(origin))).toMatchObject(expired);
    expect(await add(person, new SoftwareAuthenticator(origin))).toMatchObject({ ok: true });
    expect(await add(person, new SoftwareAuthenticator(origin))).toMatchObject(expired);
  });

  it('a passkey that someone has already', async () => {
    const { authenticator } = await enrol();
    const other = await setUp('budi@example.com');
    expect(await register(other, authenticator)).toMatchObject({
      error: { form: { message: 'passkey.exists' } },
    });
    const [stored] = await context.db.select().from(passkeys);
    expect(stored?.userId).not.toBe(other.caller.session?.userId);
  });
});

describe('challenges', () => {
  it('are stored as hashes, and leave no entry in the audit log if no one is signed in', async () => {
    const before = await context.db.$count(auditEntries);
    await askChallenge(open());
    const { options } = await askChallenge(open());
    expect(JSON.stringify(await context.db.select().from(passkeyChallenges))).not.toContain(
      options.challenge,
    );
    expect(await context.db.$count(auditEntries)).toBe(before);
  });
});

describe('an administrator’s reset', () => {
  it('removes the passkeys of a person and ends their sessions', async () => {
    const { caller } = await setUp();
    const { authenticator, browser, email } = await enrol('budi@example.com');
    const people = await actAs(caller, () => listUsers());
    const budi = people?.users.find((user) => user.email === email);
    expect(budi).toMatchObject({ hasPasskey: true, hasSecondFactor: false });
    expect(await actAs(caller, () => resetSecondFactor(budi?.id ?? ''))).toMatchObject({ ok: true });
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await signIn(authenticator)).body).toContain('passkey.unknown');
    expect((await browser.signIn(email, password)).status).toBe(200);
    expect(await readLastEntry('user.resetSecondFactor')).toMatchObject({ facts: { email, passkeys: 1 } });
  });
});
