import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { auditEntries, signInAttempts } from '@/lib/db/schema';
import { actAs, anonymousIdentity, type Caller, countedNetwork } from '@/lib/server/request-actor';
import { password, signInContext } from '@/testing/server/sign-in-context';
import { testCaller } from '@/testing/server/test-caller';
import { inTurn } from './password-hashes';
import { beginAttempt } from './sign-in-limits';

/* Attacks on the sign-in, over HTTP. All come from the same address as the person, as they do on one machine. */

const { context, open, setUp } = signInContext();
const email = 'sari@example.com';

/** Tries wrong passwords for an account, in a browser without cookies. */
async function attack(times: number, of = email) {
  const browser = open();
  const bodies = [];
  for (let attempt = 0; attempt < times; attempt += 1)
    bodies.push((await browser.signIn(of, 'not the right password')).body);
  return bodies;
}

/** Ends the limit of the address, which is shorter than that of the account. */
const passAMinute = () =>
  context.db.update(signInAttempts).set({ startedAt: sql`${signInAttempts.startedAt} - interval '61 s'` });

describe('someone who tries passwords', () => {
  it('is refused after ten, and does not lock the person out of a browser that signed in before', async () => {
    const { browser } = await setUp();
    const bodies = await attack(12);
    expect(bodies[9]).toContain('session.wrong');
    expect(bodies[10]).toContain('session.tooMany');
    await browser.ask('POST', '/api/session/sign-out', {});
    expect((await browser.signIn(email, password)).status).toBe(200);
  });

  it('is refused from every other browser and address for a quarter of an hour, with the right password, too', async () => {
    await setUp();
    await attack(12);
    await passAMinute();
    const other = open();
    expect((await other.signIn(email, password)).body).toContain('session.tooMany');
    await context.db.update(signInAttempts).set({ startedAt: sql`now() - interval '15 min 1 s'` });
    expect((await other.signIn(email, password)).status).toBe(200);
  });

  it('gets no more attempts by sending them at once', async () => {
    await setUp();
    const attempts = Array.from({ length: 11 }, () => open().signIn(email, 'not the right password'));
    const bodies = (await Promise.all(attempts)).map(({ body }) => body);
    expect(bodies.filter((body) => body.includes('session.wrong'))).toHaveLength(10);
    expect(bodies.filter((body) => body.includes('session.tooMany'))).toHaveLength(1);
  });

  it('gets ten from a stolen cookie of a known browser, and leaves the others alone', async () => {
    const { browser } = await setUp();
    const thief = open();
    thief.cookies.set('spillway.browser', browser.cookies.get('spillway.browser') ?? '');
    const bodies = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      bodies.push((await thief.signIn(email, 'not the right password')).body);
    expect(bodies[9]).toContain('session.wrong');
    expect(bodies[10]).toContain('session.tooMany');
    expect((await open().signIn(email, password)).status).toBe(200);
  });

  it('has no known browser by a cookie of another account, or one that they made', async () => {
    const { browser } = await setUp();
    await attack(12);
    const [nonce = '', signature = ''] = (browser.cookies.get('spillway.browser') ?? '').split('.');
    for (const made of ['', nonce, `${nonce}.`, `${nonce}x.${signature}`, `${nonce}.${'A'.repeat(43)}`]) {
      const other = open();
      other.cookies.set('spillway.browser', made);
      expect((await other.signIn(email, password)).body).toContain('session.tooMany');
    }
    browser.cookies.delete('spillway.session_token');
    expect((await browser.signIn('budi@example.com', password)).body).toContain('session.tooMany');
  });

  it('can’t tell whether an account exists by its limit', async () => {
    await setUp();
    const known = await attack(12);
    await context.db.delete(signInAttempts);
    const unknown = await attack(12, 'nobody@example.com');
    const kinds = (bodies: readonly string[]) => bodies.map((body) => /session\.\w+/.exec(body)?.[0]);
    expect(kinds(unknown)).toEqual(kinds(known));
  });

  it('leaves no list of the addresses that were tried', async () => {
    await attack(1, 'nobody@example.com');
    expect(JSON.stringify(await context.db.select().from(signInAttempts))).not.toContain('nobody');
  });

  it('does not count what succeeds', async () => {
    await setUp();
    for (let count = 0; count < 12; count += 1)
      expect((await open().signIn(email, password)).status).toBe(200);
  });
});

describe('someone who has a cookie of a session', () => {
  it('planted before the sign-in gets no session by it', async () => {
    const { browser: person } = await setUp();
    const planted = person.cookies.get('spillway.session_token') ?? '';
    const victim = open();
    victim.cookies.set('spillway.session_token', planted);
    await victim.signIn(email, password);
    expect(victim.cookies.get('spillway.session_token')).not.toBe(planted);
    expect((await person.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await victim.ask('GET', '/api/whoami')).body).toContain(email);
  });

  it('can’t use it after the sign-out', async () => {
    const { browser } = await setUp();
    const copy = open();
    copy.cookies.set('spillway.session_token', browser.cookies.get('spillway.session_token') ?? '');
    expect((await copy.ask('GET', '/api/whoami')).status).toBe(200);
    await browser.ask('POST', '/api/session/sign-out', {});
    expect(browser.cookies.has('spillway.session_token')).toBe(false);
    expect((await copy.ask('GET', '/api/whoami')).status).toBe(401);
  });

  it('of a known browser alone is not signed in', async () => {
    const { browser } = await setUp();
    browser.cookies.delete('spillway.session_token');
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(401);
  });
});

describe('many sign-ins at once', () => {
  const anonymous: Caller = { ...testCaller('x', 'viewer'), ...anonymousIdentity };

  it('compute one hash at a time, those of people who are signed in first', async () => {
    const begun: string[] = [];
    const release: (() => void)[] = [];
    const begin = (caller: Caller, name: string) =>
      actAs(caller, () =>
        inTurn(() => {
          begun.push(name);
          return new Promise<void>((resolve) => release.push(resolve));
        }),
      );
    const all = ['1', 'b', 'c'].map((name) => begin(anonymous, name));
    all.push(begin(testCaller('x', 'viewer'), 'a'));
    expect(begun).toEqual(['1']);
    for (const next of ['a', 'b', 'c']) {
      release.shift()?.();
      await expect.poll(() => begun.at(-1)).toBe(next);
    }
    for (const end of release) end();
    await Promise.all(all);
    expect(begun).toEqual(['1', 'a', 'b', 'c']);
  });

  it('are refused with 503 and Retry-After beyond a short queue, without counting or an audit entry, and not if signed in', async () => {
    const { browser } = await setUp();
    const known = open();
    known.cookies.set('spillway.browser', browser.cookies.get('spillway.browser') ?? '');
    let release = () => {};
    const held = inTurn(
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    const entries = await context.db.$count(auditEntries);
    const waiting = Array.from({ length: 10 }, (_, of) => open().signIn(`${of}@example.com`, password));
    waiting.push(known.signIn(email, password));
    onTestFinished(() => release());
    // Those of the set-up link, the address, the known browser, and each other account.
    await expect.poll(() => context.db.$count(signInAttempts), { timeout: 30_000 }).toBe(13);
    const counted = await context.db.select().from(signInAttempts);
    for (let attempt = 0; attempt < 11; attempt += 1) {
      const refused = await known.signIn(email, password);
      expect(refused).toMatchObject({ status: 503, retryAfter: '2' });
      expect(refused.body).toContain('session.busy');
    }
    expect(await context.db.select().from(signInAttempts)).toEqual(counted);
    expect(await context.db.$count(auditEntries)).toBe(entries);
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(200);
    const confirmed = browser.ask('POST', '/api/session/reauthenticate', { password });
    release();
    expect((await confirmed).status).toBe(200);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([...Array(10).fill(422), 200]);
    expect((await known.signIn(email, password)).status).toBe(200);
    await held;
  });

  it('count for their IPv4 address, or for the /64 of their IPv6 address', () => {
    expect(countedNetwork('192.0.2.7')).toBe('192.0.2.7');
    expect(countedNetwork('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(countedNetwork('2001:db8:0:1::7')).toBe(countedNetwork('2001:0DB8::1:ffff:ffff:ffff:ffff'));
    expect(countedNetwork('2001:db8:0:1::7')).not.toBe(countedNetwork('2001:db8:0:2::7'));
    expect(countedNetwork('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(countedNetwork('::1')).toBe('0:0:0:0::/64');
  });

  it('from other addresses of one /64 share their attempts', async () => {
    const outcomes = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      outcomes.push(
        await actAs({ ...anonymous, address: `2001:db8::${attempt}` }, () =>
          beginAttempt(context.db, `person${attempt}@example.com`, 'password'),
        ),
      );
    expect(outcomes.map(({ isAllowed }) => isAllowed)).toEqual([...Array(10).fill(true), false]);
  });

  it('get 60 challenges for a passkey a minute', async () => {
    const ask = () => open().ask('POST', '/api/session/passkey-challenge', { purpose: 'signIn' });
    for (let count = 0; count < 60; count += 1) expect((await ask()).status).toBe(200);
    expect((await ask()).body).toContain('session.tooMany');
  });
});

it('estimates ten new passwords of a person in a quarter of an hour', async () => {
  const { browser } = await setUp();
  const change = { current: password, password: 'passwordpassword' };
  const bodies = [];
  for (let attempt = 0; attempt < 11; attempt += 1)
    bodies.push((await browser.ask('POST', '/api/session/password', change)).body);
  expect(bodies[9]).toContain('password.guessable');
  expect(bodies[10]).toContain('session.tooMany');
});
