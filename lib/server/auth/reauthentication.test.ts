import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { setUpLinks, signInAttempts, userAccounts, userSessions, users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere } from '@/lib/policy/access';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { ofThisFile } from '@/testing/db/test-file-database';
import { startSessionServer } from '@/testing/server/session-server';
import { testContext } from '@/testing/server/test-context';
import { testActor } from '@/testing/server/test-person';
import { inviteUser } from './change-users';
import { createSetUpLink } from './set-up-link';

/* Verbs that need a recent sign-in, and how a person confirms that it is they. */

process.env.SPILLWAY_SIGN_IN = 'on';
process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');
const context = testContext();
const server = ofThisFile(startSessionServer);

const email = 'sari@example.com';
const password = 'three words and a number 7';

/** An administrator who signed in so many minutes ago. */
const signedIn = (minutesAgo: number): Caller => ({
  actor: testActor(email, 'administrator'),
  session: { userId: 'sari', startedAt: new Date(Date.now() - minutesAgo * 60_000) },
  credential: { via: 'session', id: 'test' },
  requestId: 'test',
  address: '127.0.0.1',
  cookie: null,
  userAgent: 'test',
});
const notRecent = { ok: false, error: { form: { message: 'session.notRecent' } } };

beforeEach(async () => {
  await context.clear();
  for (const table of [userSessions, userAccounts, users, setUpLinks, signInAttempts])
    await context.db.delete(table);
});
afterAll(() => {
  delete process.env.SPILLWAY_SIGN_IN;
});

describe('a verb that changes people', () => {
  it('needs a sign-in within five minutes', async () => {
    expect(await actAs(signedIn(4.9), () => inviteUser({ grants: grantEverywhere('viewer') }))).toMatchObject(
      { ok: true },
    );
    expect(await actAs(signedIn(5.1), () => inviteUser({ grants: grantEverywhere('viewer') }))).toMatchObject(
      notRecent,
    );
    const { session: _, ...withoutSession } = signedIn(0);
    expect(
      await actAs(withoutSession, () => inviteUser({ grants: grantEverywhere('viewer') })),
    ).toMatchObject(notRecent);
  });
});

describe('an apply', () => {
  it('needs one on a real account, and none in the sandbox', async () => {
    const apply = async (connectionId: string, kind: 'sandbox' | 'tencent') => {
      await context.connect(connectionId, kind);
      const plan = await actAs(signedIn(60), () => context.plan(undefined, connectionId));
      const input = { planId: plan.id, hash: plan.hash, typedDomain: null, cutover: null };
      return [
        await actAs(signedIn(60), () => applyPlan(input)),
        await actAs(signedIn(1), () => applyPlan(input)),
      ];
    };
    const [late, recent] = await apply('real', 'tencent');
    expect(late).toMatchObject(notRecent);
    expect(recent).not.toMatchObject(notRecent);
    const [inSandbox] = await apply('test', 'sandbox');
    expect(inSandbox).not.toMatchObject(notRecent);
  });
});

describe('a stop', () => {
  it('never needs one', async () => {
    expect(await actAs(signedIn(60), () => setEmergencyStop({ reason: 'test' }))).toMatchObject({ ok: true });
  });
});

describe('a confirmation', () => {
  async function setUp() {
    const browser = server().open();
    const token = await createSetUpLink(context.url);
    await browser.ask('POST', '/api/session/set-up', { token, name: 'Sari', email, password });
    return browser;
  }

  it('starts a new session in place of the browser’s', async () => {
    const browser = await setUp();
    const copy = server().open();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    const before = await context.db.select().from(userSessions);
    expect((await browser.ask('POST', '/api/session/reauthenticate', { password })).status).toBe(200);
    const after = await context.db.select().from(userSessions);
    expect(after).toHaveLength(1);
    const [old] = before;
    const [fresh] = after;
    invariant(old !== undefined && fresh !== undefined, 'there is one session each time');
    expect(fresh.createdAt.getTime()).toBeGreaterThan(old.createdAt.getTime());
    expect((await browser.ask('GET', '/api/whoami')).body).toContain(email);
    expect((await copy.ask('GET', '/api/whoami')).status).toBe(401);
  });

  it('takes only the password of the person who is signed in, as often as a sign-in', async () => {
    const browser = await setUp();
    const bodies = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      bodies.push((await browser.ask('POST', '/api/session/reauthenticate', { password: 'wrong' })).body);
    expect(bodies[0]).toContain('password.wrong');
    expect(bodies[10]).toContain('session.tooMany');
    expect((await browser.ask('GET', '/api/whoami')).body).toContain(email);
  });

  it('is not open to someone who is not signed in', async () => {
    await setUp();
    const stranger = server().open();
    expect((await stranger.ask('POST', '/api/session/reauthenticate', { password })).status).toBe(401);
  });
});
