import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { secondFactors, userSessions } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere } from '@/lib/policy/access';
import { actAs } from '@/lib/server/request-actor';
import { password, signInContext } from '@/testing/server/sign-in-context';
import { testActor } from '@/testing/server/test-person';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeOwnSecondFactor,
  renewRecoveryCodes,
  resetSecondFactor,
} from './change-second-factor';
import { createToken } from './change-tokens';
import { inviteUser } from './change-users';
import { listUsers } from './list-users';

/* The second factor: an app's codes and recovery codes. */

const { context, open, origin, setUp } = signInContext();
const email = 'sari@example.com';

/** The code that an app with this key shows, now or so many steps of 30 s later. */
const showCode = (key: string, steps = 0) =>
  TOTP.generate({ secret: Secret.fromBase32(key), timestamp: Date.now() + steps * 30_000 });

/** Creates an account with a second factor. */
async function enrol() {
  const { browser, caller } = await setUp();
  const begun = await actAs(caller, () => beginSecondFactor({}));
  invariant(begun.ok, 'there is no second factor yet');
  const { key, address } = begun.value;
  const confirmed = await actAs(caller, () => confirmSecondFactor({ code: showCode(key, -1) }));
  invariant(confirmed.ok, 'the code is right');
  return { browser, caller, key, address, codes: confirmed.value.codes };
}

const signIn = async (code?: string) => {
  const browser = open();
  const answer = await browser.ask('POST', '/api/session/sign-in', {
    email,
    password,
    ...(code === undefined ? {} : { code }),
  });
  return { ...answer, browser };
};

describe('a second factor', () => {
  it('is set up with the key or its address, and is not in use before a code is confirmed', async () => {
    const { caller } = await setUp();
    const begun = await actAs(caller, () => beginSecondFactor({}));
    invariant(begun.ok, 'there is no second factor yet');
    expect(begun.value.address).toContain(`otpauth://totp/Spillway:${encodeURIComponent(email)}?`);
    expect(begun.value.address).toContain(`secret=${begun.value.key}`);
    expect((await signIn()).status).toBe(200);
    const wrong = await actAs(caller, () => confirmSecondFactor({ code: '000000' }));
    expect(wrong).toMatchObject({ error: { fields: { code: ['code.wrong'] } } });
    expect((await signIn()).status).toBe(200);
  });

  it('asks for a code after the right password, and starts no session before', async () => {
    const { key } = await enrol();
    const asked = await signIn();
    expect(asked.body).toContain('code.missing');
    expect(asked.cookies).toEqual([]);
    expect(await context.db.$count(userSessions)).toBe(1);
    const wrong = await open().signIn(email, 'not the right password');
    expect(wrong.body).not.toContain('code');
    const right = await signIn(showCode(key));
    expect(right.status).toBe(200);
    expect((await right.browser.ask('GET', '/api/whoami')).body).toContain(email);
  });

  it('accepts each code once, also when it is sent twice at the same time', async () => {
    const { key } = await enrol();
    const code = showCode(key);
    const both = await Promise.all([signIn(code), signIn(code)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect((await signIn(code)).body).toContain('code.used');
    // An older one is void as well.
    expect((await signIn(showCode(key, -1))).body).toContain('code.used');
    expect((await signIn(showCode(key, 1))).status).toBe(200);
  });

  it('accepts only codes of now, of the step before and of the next', async () => {
    const { key } = await enrol();
    for (const steps of [-3, 3]) expect((await signIn(showCode(key, steps))).body).toContain('code.wrong');
  });

  it('stores its key encrypted, and its recovery codes hashed', async () => {
    const { key, codes } = await enrol();
    const stored = JSON.stringify([
      await context.db.select().from(secondFactors),
      (await context.db.execute('select * from recovery_code')).rows,
    ]);
    expect(stored).not.toContain(key);
    for (const code of codes) expect(stored).not.toContain(code.replaceAll('-', ''));
  });

  it('is not replaced by another one while it is in use', async () => {
    const { caller } = await enrol();
    expect(await actAs(caller, () => beginSecondFactor({}))).toMatchObject({
      error: { form: { message: 'secondFactor.exists' } },
    });
  });

  it('limits the codes that someone with the password tries, but not in a known browser', async () => {
    const { browser, key } = await enrol();
    const bodies = [];
    for (let attempt = 0; attempt < 22; attempt += 1) {
      // The limit of passwords is another one.
      bodies.push((await signIn('123 456')).body);
    }
    expect(bodies[19]).toContain('code.wrong');
    expect(bodies[21]).toContain('session.tooMany');
    const code = showCode(key);
    expect((await signIn(code)).body).toContain('session.tooMany');
    const own = await browser.ask('POST', '/api/session/sign-in', { email, password, code });
    expect(own.status).toBe(200);
  });

  it('confirms that it is the person, instead of the password', async () => {
    const { browser, caller, key } = await enrol();
    const late = {
      ...caller,
      session: { userId: caller.session?.userId ?? '', authenticatedAt: new Date(0) },
    };
    expect(await actAs(late, () => removeOwnSecondFactor({}))).toMatchObject({
      error: { form: { message: 'session.notRecent', values: { by: 'code' } } },
    });
    const reauthenticate = (body: object) => browser.ask('POST', '/api/session/reauthenticate', body);
    expect((await reauthenticate({ password, code: null })).body).toContain('code.missing');
    expect((await reauthenticate({ password: null, code: showCode(key) })).status).toBe(200);
  });

  it('is removed by its owner', async () => {
    const { caller } = await enrol();
    expect(await actAs(caller, () => removeOwnSecondFactor({}))).toMatchObject({ ok: true });
    expect((await signIn()).status).toBe(200);
    expect(await actAs(caller, () => renewRecoveryCodes({}))).toMatchObject({ ok: false });
  });

  it('is reset by an administrator, which ends the sessions of its owner', async () => {
    const { browser, caller } = await enrol();
    const people = await actAs(caller, () => listUsers());
    expect(people?.users).toMatchObject([{ email, hasSecondFactor: true }]);
    const other = await actAs(caller, () =>
      inviteUser({ email: 'budi@example.com', grants: grantEverywhere('viewer') }),
    );
    invariant(other.ok, 'an administrator may invite');
    const viewer = { ...caller, actor: testActor('budi@example.com', 'viewer') };
    const id = people?.users[0]?.id ?? '';
    expect(await actAs(viewer, () => resetSecondFactor(id))).toMatchObject({
      error: { form: { message: 'role.notPermitted' } },
    });
    const ci = await actAs(caller, () => createToken({ name: 'CI', role: 'viewer', days: 1 }));
    invariant(ci.ok, 'the token is created');
    expect(await actAs(caller, () => resetSecondFactor(id))).toMatchObject({ ok: true });
    expect((await useToken(ci.value.token)).status).toBe(401);
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await signIn()).status).toBe(200);
  });
});

describe('a recovery code', () => {
  it('signs in once, in whatever form it is typed', async () => {
    const { codes } = await enrol();
    const [first = '', second = ''] = codes;
    expect(codes).toHaveLength(10);
    expect((await signIn(first)).status).toBe(200);
    expect((await signIn(first)).body).toContain('code.wrong');
    expect((await signIn(second.toLowerCase().replaceAll('-', ' '))).status).toBe(200);
  });

  it('is void when new ones are created', async () => {
    const { caller, codes } = await enrol();
    const renewed = await actAs(caller, () => renewRecoveryCodes({}));
    invariant(renewed.ok, 'there is a second factor');
    expect((await signIn(codes[0])).body).toContain('code.wrong');
    expect((await signIn(renewed.value.codes[0])).status).toBe(200);
  });
});

describe('a change of the password', () => {
  it('needs the current one, follows the rules, and ends all other sessions', async () => {
    const { browser } = await setUp();
    const other = (await signIn()).browser;
    const change = (body: object) => browser.ask('POST', '/api/session/password', body);
    const next = 'umbrella tax violin';
    expect((await change({ current: 'wrong', password: next })).body).toContain('password.wrong');
    expect((await change({ current: password, password: 'sarisarisari' })).body).toContain(
      'password.context',
    );
    const before = browser.cookies.get('spillway.session_token');
    expect((await change({ current: password, password: next })).status).toBe(200);
    expect(browser.cookies.get('spillway.session_token')).not.toBe(before);
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(200);
    expect((await other.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await signIn()).body).toContain('session.wrong');
    expect((await open().signIn(email, next)).status).toBe(200);
  });

  it('revokes the API tokens of the person only if they wish', async () => {
    const { browser, caller } = await setUp();
    const ci = await actAs(caller, () => createToken({ name: 'CI', role: 'viewer', days: 1 }));
    invariant(ci.ok, 'the token is created');
    const change = (current: string, next: string, more: object = {}) =>
      browser.ask('POST', '/api/session/password', { current, password: next, ...more });
    expect((await change(password, 'umbrella tax violin')).status).toBe(200);
    // It is a token that works, and may not read the session of a browser.
    expect((await useToken(ci.value.token)).status).toBe(403);
    expect((await change('umbrella tax violin', password, { revokeTokens: true })).status).toBe(200);
    expect((await useToken(ci.value.token)).status).toBe(401);
  });
});

const useToken = (token: string) =>
  fetch(`${origin()}/api/whoami`, { headers: { authorization: `Bearer ${token}` } });
