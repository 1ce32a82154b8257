import { exportSPKI, importJWK, type JWTPayload } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ssoRequests, users } from '@/lib/db/schema';
import { ofThisFile } from '@/testing/db/test-file-database';
import { startForgingProvider } from '@/testing/server/forging-provider';
import { signInProblem, ssoContext } from '@/testing/server/sso-context';
import { providerClient } from '@/testing/server/test-provider';

/* ID tokens that a provider must not have sent, over HTTP, and the difference between clocks. */

const provider = ofThisFile(startForgingProvider);
const { context, open, visit, complete, findPerson } = ssoContext(provider);

/** Completes a sign-in with an ID token, in a browser of its own. */
async function signInWith(createToken: () => string | Promise<string>) {
  const browser = open();
  const back = await visit(browser);
  provider().answers.idToken = await createToken();
  const { location } = await complete(browser, back);
  return { location, hasSession: browser.cookies.has('spillway.session_token') };
}

/** Completes a sign-in with a token that the provider has signed, whose claims are changed. */
const signInWithClaims = (change: JWTPayload | ((claims: JWTPayload) => JWTPayload)) =>
  signInWith(() => {
    const claims = provider().describeToken();
    return provider().sign(typeof change === 'function' ? change(claims) : { ...claims, ...change });
  });

const refused = (key: string) => ({ location: signInProblem(key), hasSession: false });
const accepted = { location: '/', hasSession: true };

beforeEach(() => {
  // The provider is read again, with its metadata of this test.
  Reflect.deleteProperty(globalThis, 'spillwaySsoProvider');
});

describe('an ID token', () => {
  it('with the right signature and claims is accepted', async () => {
    expect(await signInWithClaims({})).toEqual(accepted);
    expect(await findPerson()).toMatchObject({ grants: [{ role: 'operator' }] });
  });

  it('with another signature is refused', async () => {
    const { sign, describeToken, publicKey } = provider();
    const pem = new TextEncoder().encode(
      await exportSPKI((await importJWK(publicKey, 'RS256', { extractable: true })) as CryptoKey),
    );
    const secret = new TextEncoder().encode(providerClient.secret);
    const forged: readonly (() => string | Promise<string>)[] = [
      // Of a key that the provider does not publish, also under the name of its own.
      () => sign(describeToken(), { key: 'other' }),
      () => sign(describeToken(), { alg: 'none' }),
      // The public key, and the client's secret, as keys of an HMAC.
      () => sign(describeToken(), { key: pem }),
      () => sign(describeToken(), { key: secret }),
      // Other claims under a true signature.
      async () => {
        const [header, , signature] = (await sign(describeToken())).split('.');
        const claims = JSON.stringify({ ...describeToken(), groups: ['admins'] });
        return `${header}.${Buffer.from(claims).toString('base64url')}.${signature}`;
      },
      async () => (await sign(describeToken())).split('.').slice(0, 2).join('.'),
      async () => (await sign(describeToken())).replace(/[^.]+$/, ''),
      () => '',
    ];
    for (const createToken of forged) {
      expect(await signInWith(createToken)).toEqual(refused('sso.invalid'));
    }
    expect(await context.db.$count(users)).toBe(0);
  });

  it.each<[string, JWTPayload]>([
    ['for another client', { aud: 'other' }],
    ['for no client', { aud: [] }],
    ['for another client, too, that asked for it', { aud: ['other', providerClient.id], azp: 'other' }],
    ['for another client, too, that may have asked for it', { aud: ['other', providerClient.id] }],
    ['of another issuer', { iss: 'https://login.evil.example.com' }],
    ['of another tenant of the issuer', { iss: 'http://127.0.0.1:9' }],
    ['of another sign-in', { nonce: 'other' }],
    ['of nobody', { sub: '' }],
    ['whose subject is no text', { sub: 1 as unknown as string }],
    ['without an end', { exp: 'never' as unknown as number }],
  ])('%s is refused', async (_name, claims) => {
    expect(await signInWithClaims(claims)).toEqual(refused('sso.invalid'));
    expect(await context.db.$count(users)).toBe(0);
  });

  it.each(['iss', 'aud', 'sub', 'nonce', 'iat', 'exp'])('without %s is refused', async (name) => {
    const without = ({ [name]: _left, ...claims }: JWTPayload) => claims;
    expect(await signInWithClaims(without)).toEqual(refused('sso.invalid'));
    expect(await context.db.$count(users)).toBe(0);
  });

  it('of one sign-in does not complete another one', async () => {
    const first = open();
    const back = await visit(first);
    const token = await provider().sign(provider().describeToken());
    provider().answers.idToken = token;
    expect((await complete(first, back)).location).toBe('/');
    expect(await signInWith(() => token)).toEqual(refused('sso.invalid'));
  });

  it('is not completed by the user info of someone else', async () => {
    const { answers } = provider();
    answers.userInfo = { sub: 'ani-1', email: 'ani@example.com', email_verified: true, groups: ['admins'] };
    const { email: _email, groups: _groups, ...claims } = provider().describeToken();
    expect(await signInWithClaims(({ nonce = '' }) => ({ ...claims, nonce }))).toEqual(
      refused('sso.invalid'),
    );
    expect(await context.db.$count(users)).toBe(0);
  });
});

describe('an e-mail address', () => {
  /** Completes a sign-in with these claims in the ID token, and others at the user info endpoint. */
  async function signInAs(inToken: JWTPayload, inUserInfo: object) {
    provider().answers.userInfo = { sub: 'budi-1', groups: ['ops'], ...inUserInfo };
    return signInWithClaims(({ email, email_verified, groups, ...claims }) => ({ ...claims, ...inToken }));
  }
  const budi = { email: 'budi@example.com' };
  const verified = { email_verified: true };

  it('is verified by the place that names it', async () => {
    expect(await signInAs({ ...budi, ...verified }, {})).toEqual(accepted);
    expect(await signInAs({}, { ...budi, ...verified })).toEqual(accepted);
    expect(await signInAs(budi, { ...budi, ...verified })).toEqual(accepted);
  });

  it.each<[JWTPayload, object]>([
    [budi, { email: 'eve@example.com', ...verified }],
    [budi, verified],
    [verified, budi],
    [{ ...budi, email_verified: 'true' }, {}],
    [
      { ...budi, email_verified: false },
      { ...budi, ...verified },
    ],
  ])('in the ID token as %j and in the user info as %j is not verified', async (inToken, inUserInfo) => {
    expect(await signInAs(inToken, inUserInfo)).toEqual(refused('sso.emailUnverified'));
    expect(await context.db.$count(users)).toBe(0);
  });
});

describe('a sign-in at the provider', () => {
  /** Signs in with these claims, and asks for what needs a recent sign-in. */
  async function createToken(claims: JWTPayload) {
    const browser = open();
    const back = await visit(browser);
    provider().answers.idToken = await provider().sign({ ...provider().describeToken(), ...claims });
    expect((await complete(browser, back)).location).toBe('/');
    const input = { name: 'CI', role: 'viewer', days: 1 };
    return (await browser.ask('POST', '/api/action/token.create', input)).body;
  }
  const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

  it('is recent if the person has just proved there who they are', async () => {
    expect(await createToken({ auth_time: secondsAgo(0) })).toContain('spw_');
  });

  it.each([
    ['proved it an hour ago', { auth_time: secondsAgo(3600) }],
    ['may have proved it at any time', {}],
  ])('is not recent if they %s', async (_when, claims) => {
    expect(await createToken(claims)).toContain('session.notRecent');
  });
});

describe('the clocks of Spillway and the provider', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  /** Seconds between now and a time in the token. */
  it.each<[change: 'exp' | 'nbf' | 'iat' | 'auth_time', seconds: number, isAccepted: boolean]>([
    ['exp', -29, true],
    ['exp', -30, false],
    ['nbf', 30, true],
    ['nbf', 31, false],
    ['iat', 30, true],
    ['iat', 31, false],
    ['auth_time', 30, true],
    ['auth_time', 31, false],
  ])('may differ by 30 s: %s %i s from now', async (claim, seconds, isAccepted) => {
    // The times of tokens are whole seconds.
    vi.setSystemTime(Math.floor(Date.now() / 1000) * 1000);
    const at = Date.now() / 1000 + seconds;
    expect(await signInWithClaims({ [claim]: at })).toEqual(isAccepted ? accepted : refused('sso.clock'));
  });

  it('may differ by 30 s when a person confirms', async () => {
    vi.setSystemTime(Math.floor(Date.now() / 1000) * 1000);
    const browser = open();
    const confirm = async (seconds: number) => {
      const back = await visit(browser, '', '?purpose=confirm');
      const [request] = await context.db.select().from(ssoRequests);
      const startedS = (request?.startedAt.getTime() ?? 0) / 1000;
      provider().answers.idToken = await provider().sign({
        ...provider().describeToken(),
        auth_time: startedS + seconds,
      });
      return (await complete(browser, back)).location;
    };
    const back = await visit(browser);
    provider().answers.idToken = await provider().sign(provider().describeToken());
    await complete(browser, back);
    expect(await confirm(-31)).toBe(signInProblem('sso.notFresh'));
    expect(await confirm(-30)).toBe('/confirmed');
  });
});

describe('the configuration of a provider', () => {
  it.each([
    ['another issuer', { issuer: 'https://login.evil.example.com' }],
    ['a host of its own for tokens', { token_endpoint: 'http://127.0.0.1:9/token' }],
    ['a host of its own for keys', { jwks_uri: 'http://127.0.0.1:9/keys' }],
  ])('that names %s is not followed', async (_name, changes) => {
    const { metadata, describeToken, sign } = provider();
    const before = { ...metadata };
    Object.assign(metadata, changes);
    try {
      const browser = open();
      const begun = await browser.ask('GET', '/api/session/sso');
      if (begun.location === signInProblem('sso.misconfigured')) return;
      const back = provider().visit(begun.location ?? '');
      provider().answers.idToken = await sign(describeToken());
      expect((await complete(browser, back)).location).toBe(signInProblem('sso.misconfigured'));
      expect(browser.cookies.has('spillway.session_token')).toBe(false);
    } finally {
      Object.assign(metadata, before);
    }
  });
});
