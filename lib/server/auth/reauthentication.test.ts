import { beforeEach, describe, expect, it } from 'vitest';
import { userSessions } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere } from '@/lib/policy/access';
import { actAs } from '@/lib/server/request-actor';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { password, signInContext } from '@/testing/server/sign-in-context';
import { testCaller } from '@/testing/server/test-caller';
import { inviteUser } from './change-users';

/* Verbs that need a recent sign-in, and how a person confirms that it is they. */

const { context, open, setUp } = signInContext();
const email = 'sari@example.com';

/** An administrator who signed in so many minutes ago. */
const signedIn = (minutesAgo: number) => testCaller(email, 'administrator', minutesAgo);
const notRecent = { ok: false, error: { form: { message: 'session.notRecent' } } };

beforeEach(() => context.clear());

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
  it('starts a new session in place of the browser’s', async () => {
    const { browser } = await setUp();
    const copy = open();
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
    const { browser } = await setUp();
    const bodies = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      bodies.push((await browser.ask('POST', '/api/session/reauthenticate', { password: 'wrong' })).body);
    expect(bodies[0]).toContain('password.wrong');
    expect(bodies[10]).toContain('session.tooMany');
    expect((await browser.ask('GET', '/api/whoami')).body).toContain(email);
  });

  it('is not open to someone who is not signed in', async () => {
    await setUp();
    const stranger = open();
    expect((await stranger.ask('POST', '/api/session/reauthenticate', { password })).status).toBe(401);
  });
});
