import type { JWTPayload } from 'jose';
import { exportSPKI, importJWK } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { apiTokens, ssoLogouts, userSessions } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { ofThisFile } from '@/testing/db/test-file-database';
import { startForgingProvider } from '@/testing/server/forging-provider';
import type { TestBrowser } from '@/testing/server/sign-in-context';
import { signInProblem, ssoContext } from '@/testing/server/sso-context';
import { providerClient } from '@/testing/server/test-provider';

/* Logouts that a provider sends: those it may send, forged ones, and sign-ins at the same time. */

const provider = ofThisFile(startForgingProvider);
const { context, open, origin, set, setUp, visit, complete, readLastEntry } = ssoContext(provider);

const event = 'http://schemas.openid.net/event/backchannel-logout';
let count = 0;

/** The claims of a true logout token of Budi. */
function describeLogout(): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  count += 1;
  return {
    iss: provider().issuer,
    aud: providerClient.id,
    sub: 'budi-1',
    iat: now,
    exp: now + 120,
    jti: `logout ${count}`,
    events: { [event]: {} },
  };
}

/** Sends a form as a provider does: without cookies and without an Origin. */
const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${origin()}/api/session/sso/logout`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  });
const send = async (token: string | Promise<string>) =>
  (await post(new URLSearchParams({ logout_token: await token }).toString())).status;
const sendClaims = (changes: JWTPayload = {}, typ = 'logout+jwt') =>
  send(provider().sign({ ...describeLogout(), ...changes }, { typ }));

/** Signs Budi in, in a browser of its own, with the id of their session at the provider. */
async function signIn(sid?: string, subject = 'budi-1') {
  const browser = open();
  const back = await visit(browser);
  const { sign, describeToken, answers } = provider();
  answers.idToken = await sign({
    ...describeToken(),
    sub: subject,
    email: `${subject}@example.com`,
    ...(sid === undefined ? {} : { sid }),
  });
  expect((await complete(browser, back)).location).toBe('/');
  return browser;
}

const isSignedIn = async (browser: TestBrowser) => (await browser.ask('GET', '/api/whoami')).status === 200;

beforeEach(() => {
  Reflect.deleteProperty(globalThis, 'spillwaySsoProvider');
});

describe('a logout', () => {
  it('of a person ends all their sessions of the provider, and no others', async () => {
    const { browser: local } = await setUp();
    const [laptop, phone] = [await signIn('s1'), await signIn()];
    const other = await signIn('s2', 'ani-1');
    expect(await sendClaims()).toBe(200);
    expect([await isSignedIn(laptop), await isSignedIn(phone)]).toEqual([false, false]);
    expect([await isSignedIn(other), await isSignedIn(local)]).toEqual([true, true]);
    expect(await readLastEntry('session.endBySso')).toMatchObject({
      outcome: 'done',
      facts: { subject: 'budi-1', sessions: 2, email: 'budi-1@example.com' },
    });
  });

  it('of a session ends that one, also without its person, and those that have no id', async () => {
    const [laptop, phone, old] = [await signIn('s1'), await signIn('s2'), await signIn()];
    const { sub: _sub, ...claims } = describeLogout();
    expect(await send(provider().sign({ ...claims, sid: 's1' }))).toBe(200);
    expect([await isSignedIn(laptop), await isSignedIn(phone), await isSignedIn(old)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await sendClaims({ sid: 's3' })).toBe(200);
    expect([await isSignedIn(phone), await isSignedIn(old)]).toEqual([true, false]);
  });

  it('of a session of someone else ends nothing', async () => {
    const laptop = await signIn('s1');
    expect(await sendClaims({ sub: 'ani-1', sid: 's1' })).toBe(200);
    expect(await isSignedIn(laptop)).toBe(true);
  });

  it('leaves API tokens', async () => {
    await signIn('s1');
    const [session] = await context.db.select().from(userSessions);
    invariant(session !== undefined, 'there is a session');
    await context.db.insert(apiTokens).values({
      name: 'CI',
      userId: session.userId,
      role: 'operator',
      prefix: 'spw_1',
      tokenHash: 'x',
      expiresAt: new Date(Date.now() + 60_000),
    });
    expect(await sendClaims()).toBe(200);
    expect(await context.db.select().from(apiTokens)).toMatchObject([{ revokedAt: null }]);
  });

  it('has any of the types that providers give it, and the times of clocks that differ by 30 s', async () => {
    for (const typ of ['logout+jwt', 'Logout+JWT', 'application/logout+jwt', 'JWT'])
      expect(await sendClaims({}, typ)).toBe(200);
    const now = Math.floor(Date.now() / 1000);
    expect(await sendClaims({ exp: now - 15 })).toBe(200);
    expect(await sendClaims({ iat: now + 30 })).toBe(200);
    expect(await sendClaims({ iat: now - 600 })).toBe(200);
  });

  it('is not served without single sign-on', async () => {
    set({ SPILLWAY_OIDC_ISSUER: undefined });
    expect(await sendClaims()).toBe(400);
  });
});

describe('a forged logout', () => {
  /** Expects that the laptop of Budi stays signed in. */
  async function expectRefused(...tokens: readonly (string | Promise<string>)[]) {
    const laptop = await signIn('s1');
    for (const token of tokens) expect(await send(token)).toBe(400);
    expect(await isSignedIn(laptop)).toBe(true);
    expect(await context.db.$count(ssoLogouts)).toBe(0);
  }

  it('by its signature is refused', async () => {
    const { sign, publicKey } = provider();
    const pem = new TextEncoder().encode(
      await exportSPKI((await importJWK(publicKey, 'RS256', { extractable: true })) as CryptoKey),
    );
    const [header, , signature] = (await sign(describeLogout())).split('.');
    const claims = Buffer.from(JSON.stringify(describeLogout())).toString('base64url');
    await expectRefused(
      sign(describeLogout(), { key: 'other' }),
      sign(describeLogout(), { alg: 'none' }),
      sign(describeLogout(), { key: pem }),
      sign(describeLogout(), { key: new TextEncoder().encode(providerClient.secret) }),
      `${header}.${claims}.${signature}`,
      'x',
      '',
    );
    expect(await readLastEntry('session.endBySso')).toMatchObject({ refusal: ['sso.logoutInvalid'] });
  });

  it('by its claims is refused', async () => {
    const now = Math.floor(Date.now() / 1000);
    const changes: readonly JWTPayload[] = [
      { iss: 'https://login.evil.example.com' },
      { aud: 'other' },
      { aud: [providerClient.id, 'other'] },
      { exp: now - 31 },
      { iat: now + 45 },
      { iat: now - 700 },
      { nbf: now + 45 },
      { nonce: 'x' },
      { sub: '' },
      { jti: '' },
      { events: {} },
      { events: { [event]: null } },
      { events: { 'http://schemas.openid.net/event/other': {} } },
      { events: event },
    ];
    await expectRefused(...changes.map((change) => provider().sign({ ...describeLogout(), ...change })));
  });

  it.each(['iss', 'aud', 'sub', 'iat', 'exp', 'jti', 'events'])('without %s is refused', async (name) => {
    const { [name]: _left, ...claims } = describeLogout();
    await expectRefused(provider().sign(claims));
  });

  it('that is the ID token of a sign-in, or of another type, is refused', async () => {
    const { sign, describeToken } = provider();
    await expectRefused(
      sign(describeToken()),
      sign(describeLogout(), { typ: 'at+jwt' }),
      sign(describeLogout(), { typ: 'secevent+jwt' }),
    );
  });

  it('that was used is refused', async () => {
    const token = await provider().sign(describeLogout());
    expect(await send(token)).toBe(200);
    const laptop = await signIn('s1');
    expect(await send(token)).toBe(400);
    expect(await isSignedIn(laptop)).toBe(true);
    expect(await readLastEntry('session.endBySso')).toMatchObject({ refusal: ['sso.logoutUsed'] });
  });

  it('that is sent at once ends sessions once', async () => {
    await signIn('s1');
    const token = await provider().sign(describeLogout());
    const statuses = await Promise.all(Array.from({ length: 8 }, () => send(token)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  it('that a page sends, or that is no form, is refused', async () => {
    const laptop = await signIn('s1');
    const body = new URLSearchParams({ logout_token: await provider().sign(describeLogout()) }).toString();
    expect((await post(body, { Origin: 'https://evil.example.com' })).status).toBe(403);
    expect((await post(body, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await post(body, { Cookie: 'a=b' })).status).toBe(403);
    expect((await post(body, { 'Content-Type': 'application/json' })).status).toBe(400);
    expect((await post(`${body}&${body}`)).status).toBe(400);
    expect((await post('a=b')).status).toBe(400);
    expect((await post(`logout_token=${'x'.repeat(30_000)}`)).status).toBe(400);
    expect((await fetch(`${origin()}/api/session/sso/logout?${body}`)).status).not.toBe(500);
    expect(await isSignedIn(laptop)).toBe(true);
  });

  it('can’t make the dashboard read the keys of the provider again and again', async () => {
    await signIn('s1');
    expect(await sendClaims({ sub: 'nobody' })).toBe(200);
    const { requests, sign } = provider();
    const before = requests.length;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const [, claims, signature] = (await sign(describeLogout())).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: `k${attempt}` })).toString('base64url');
      expect(await send(`${header}.${claims}.${signature}`)).toBe(400);
    }
    expect(requests.length).toBe(before);
  });
});

describe('a sign-in during a logout', () => {
  it('ends with it', async () => {
    const browser = open();
    const back = await visit(browser);
    const { sign, describeToken, answers } = provider();
    answers.idToken = await sign({ ...describeToken(), sid: 's1' });
    expect(await sendClaims({ sid: 's1' })).toBe(200);
    expect((await complete(browser, back)).location).toBe(signInProblem('sso.loggedOut'));
    expect(await context.db.$count(userSessions)).toBe(0);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('of another session, or after it, does not', async () => {
    const browser = open();
    const back = await visit(browser);
    const { sign, describeToken, answers } = provider();
    answers.idToken = await sign({ ...describeToken(), sid: 's2' });
    expect(await sendClaims({ sid: 's1' })).toBe(200);
    expect((await complete(browser, back)).location).toBe('/');
    expect(await sendClaims()).toBe(200);
    expect(await isSignedIn(browser)).toBe(false);
    expect(await isSignedIn(await signIn('s3'))).toBe(true);
  });
});
