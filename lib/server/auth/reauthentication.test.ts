import { beforeEach, describe, expect, it } from 'vitest';
import { connections, runs, userSessions } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere } from '@/lib/policy/access';
import { RunId } from '@/lib/run/model/run-id';
import { checkRecentSignIn } from '@/lib/server/actor';
import { actAs } from '@/lib/server/request-actor';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { removeSafetyRule } from '@/lib/server/safety/change-safety-rules';
import { setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { password, signInContext } from '@/testing/server/sign-in-context';
import { testCaller } from '@/testing/server/test-caller';
import { endSessions, inviteUser, revokeSession } from './change-users';

/* Verbs that need a recent sign-in, and how a person confirms that it is they. */

const { context, open, setUp } = signInContext();
const email = 'sari@example.com';

/** An administrator who signed in so many minutes ago. */
const signedIn = (minutesAgo: number) => testCaller(email, 'administrator', minutesAgo);
const notRecent = { ok: false, error: { form: { message: 'session.notRecent' } } };

beforeEach(() => context.clear());

describe('a verb that changes people', () => {
  it('needs a sign-in within five minutes', async () => {
    expect(
      await actAs(signedIn(4.9), () =>
        inviteUser({ email: 'budi@example.com', grants: grantEverywhere('viewer') }),
      ),
    ).toMatchObject({ ok: true });
    expect(
      await actAs(signedIn(5.1), () =>
        inviteUser({ email: 'budi@example.com', grants: grantEverywhere('viewer') }),
      ),
    ).toMatchObject(notRecent);
    const { session: _, ...withoutSession } = signedIn(0);
    expect(
      await actAs(withoutSession, () =>
        inviteUser({ email: 'budi@example.com', grants: grantEverywhere('viewer') }),
      ),
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

describe('what concerns all accounts', () => {
  it('needs one if any of them is real', async () => {
    const remove = () => actAs(signedIn(60), () => removeSafetyRule({ id: 1 }));
    await context.db.delete(connections);
    expect(await remove()).not.toMatchObject(notRecent);
    await context.connect('real', 'tencent');
    expect(await remove()).toMatchObject(notRecent);
    expect(await actAs(signedIn(1), () => removeSafetyRule({ id: 1 }))).not.toMatchObject(notRecent);
  });
});

describe('a new time of a run', () => {
  it('needs one on a real account, and none in the sandbox', async () => {
    const reschedule = async (connectionId: string, kind: 'sandbox' | 'tencent', runId: RunId) => {
      await context.connect(connectionId, kind);
      const plan = await actAs(signedIn(1), () => context.plan(undefined, connectionId));
      await context.db.insert(runs).values({ id: runId, planId: plan.id, createdBy: 'sari@example.com' });
      return actAs(signedIn(60), () => checkRecentSignIn('run.reschedule', { run: runId }));
    };
    await context.clear();
    expect(await reschedule('test', 'sandbox', RunId.parse('R-0001'))).not.toMatchObject(notRecent);
    await context.clear();
    expect(await reschedule('real', 'tencent', RunId.parse('R-0002'))).toMatchObject(notRecent);
  });
});

describe('a stop', () => {
  it('never needs one', async () => {
    expect(await actAs(signedIn(60), () => setEmergencyStop({ reason: 'test' }))).toMatchObject({ ok: true });
  });
});

describe('a confirmation', () => {
  it('starts a new session in place of the browser’s, which ends when that would have', async () => {
    const { browser } = await setUp();
    await context.db.update(userSessions).set({ authenticatedAt: new Date(0) });
    const copy = open();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    const before = await context.db.select().from(userSessions);
    expect((await browser.ask('POST', '/api/session/reauthenticate', { password })).status).toBe(200);
    const after = await context.db.select().from(userSessions);
    expect(after).toHaveLength(1);
    const [old] = before;
    const [fresh] = after;
    invariant(old !== undefined && fresh !== undefined, 'there is one session each time');
    expect(fresh.id).not.toBe(old.id);
    expect(fresh.createdAt).toEqual(old.createdAt);
    expect(fresh.authenticatedAt).not.toEqual(new Date(0));
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

describe('sessions end', () => {
  it('one by one, of the person who asks only', async () => {
    const { browser } = await setUp();
    const other = open();
    await other.signIn(email, password);
    const [first, second] = await context.db.select().from(userSessions).orderBy(userSessions.createdAt);
    invariant(first !== undefined && second !== undefined, 'two browsers have signed in');
    const stranger = testCaller('budi@example.com', 'administrator');
    const end = (id: string) => browser.ask('POST', '/api/action/session.revoke', { id });
    expect(await actAs(stranger, () => revokeSession({ id: second.id }))).toMatchObject({
      error: { form: { message: 'session.gone' } },
    });
    expect((await end(second.id)).status).toBe(200);
    expect((await end(second.id)).body).toContain('session.gone');
    expect((await other.ask('GET', '/api/whoami')).status).toBe(401);
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(200);
  });

  it('all of a person, by an administrator', async () => {
    const { browser, caller } = await setUp();
    const id = caller.session?.userId ?? '';
    expect(await actAs(testCaller('budi@example.com', 'operator'), () => endSessions(id))).toMatchObject({
      error: { form: { message: 'role.notPermitted' } },
    });
    expect(await actAs(signedIn(1), () => endSessions(id))).toMatchObject({ ok: true });
    expect((await browser.ask('GET', '/api/whoami')).status).toBe(401);
  });
});
