import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiTokens, users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { grantEverywhere } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';
import { currentIdentity } from '@/lib/server/actor';
import { actAs, type Caller, localActor } from '@/lib/server/request-actor';
import { setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { setSignIn, testCaller } from '@/testing/server/test-caller';
import { testContext } from '@/testing/server/test-context';
import { testActor } from '@/testing/server/test-person';
import { createToken, revokeToken } from './change-tokens';
import { identifyToken } from './identify-token';
import { listTokens } from './list-tokens';

/* API tokens on a real database. */

const context = testContext();
const sari = testCaller('sari@example.com', 'administrator');
const budi = testCaller('budi@example.com', 'operator');

let addresses = 0;
beforeEach(async () => {
  addresses += 1;
  setSignIn('on');
  await context.db.delete(apiTokens);
  await context.db.delete(users);
  const now = new Date();
  for (const { actor } of [sari, budi])
    await context.db.insert(users).values({
      id: actor.name,
      name: actor.name,
      email: actor.name,
      emailVerified: false,
      grants: grantEverywhere(actor.role ?? 'viewer'),
      createdAt: now,
      updatedAt: now,
    });
});
afterEach(() => {
  setSignIn('off');
});

const create = (caller: Caller, role: Role = 'operator', days = 90) =>
  actAs(caller, () => createToken({ name: 'CI', role, days }));

async function created(caller: Caller, role?: Role) {
  const answer = await create(caller, role);
  invariant(answer.ok, 'the token is created');
  return answer.value;
}

/** Uses a token from an address that differs in each test, because wrong tokens are counted by address. */
const use = (token: string, address = `192.0.2.${addresses}`) =>
  identifyToken(token, { headers: {}, socket: { remoteAddress: address } } as Parameters<
    typeof identifyToken
  >[1]);

const refused = (status: number, detail: string) => ({
  ok: false,
  error: { status, detail: expect.stringContaining(detail) },
});

describe('an API token', () => {
  it('acts for its owner with its own role, and is stored as a hash', async () => {
    const { token } = await created(sari, 'operator');
    expect(token).toMatch(/^spw_[\w-]{43}$/);
    expect(await use(token)).toEqual({
      ok: true,
      value: expect.objectContaining({
        actor: testActor('sari@example.com', 'operator'),
        cookie: null,
        credential: { via: 'token', id: token.slice(0, 12) },
      }),
    });
    const stored = await context.db.select().from(apiTokens);
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(stored[0]?.lastUsedAt).not.toBeNull();
  });

  it('has no more rights than its owner has now', async () => {
    const { token } = await created(budi, 'operator');
    const role = async () => {
      const found = await use(token);
      return found.ok && found.value.actor.role;
    };
    expect(await role()).toBe('operator');
    const budiNow = (to: Role) =>
      context.db
        .update(users)
        .set({ grants: grantEverywhere(to) })
        .where(eq(users.email, budi.actor.name));
    await budiNow('administrator');
    expect(await role()).toBe('operator');
    await budiNow('approver');
    expect(await role()).toBe('viewer');
    const found = await use(token);
    invariant(found.ok, 'the token is valid');
    expect(await actAs(found.value, () => setEmergencyStop({ reason: 'test' }))).toMatchObject({
      error: { form: { message: 'role.notPermitted' } },
    });
  });

  it.each<[caller: Caller, role: Role, days: number, refusal: object]>([
    [budi, 'approver', 90, { form: { message: 'token.role', values: { role: 'operator' } } }],
    [budi, 'administrator', 90, { form: { message: 'token.role', values: { role: 'operator' } } }],
    [budi, 'operator', 366, { fields: { days: ['days.invalid'] } }],
    [budi, 'operator', 0, { fields: { days: ['days.invalid'] } }],
    [testCaller('nobody@example.com', 'viewer'), 'viewer', 1, { form: { message: 'token.noOwner' } }],
    [
      { ...sari, credential: { via: 'token', id: 'spw_other' } },
      'viewer',
      1,
      { form: { message: 'token.byToken' } },
    ],
  ])(
    'is not created beyond the rights of its owner, or for too long: %o as %s for %i days',
    async (caller, role, days, refusal) => {
      expect(await create(caller, role, days)).toMatchObject({ ok: false, error: refusal });
    },
  );

  it('is refused after it was revoked or has expired, and when its owner is removed', async () => {
    const [one, other, third] = [await created(budi), await created(budi), await created(budi)];
    expect(await actAs(budi, () => revokeToken({ id: one.id }))).toEqual({ ok: true, value: null });
    expect(await use(one.token)).toMatchObject(refused(401, 'unknown or revoked'));
    await context.db
      .update(apiTokens)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(apiTokens.id, other.id));
    expect(await use(other.token)).toMatchObject(refused(401, 'expired'));
    expect(await use(third.token)).toMatchObject({ ok: true });
    await context.db.delete(users).where(eq(users.email, budi.actor.name));
    expect(await use(third.token)).toMatchObject(refused(401, 'owner was removed'));
  });

  it('is listed for its owner and for administrators, who may revoke it, and for no one else', async () => {
    const { id, token } = await created(budi);
    await created(sari, 'viewer');
    const own = await actAs(budi, () => listTokens());
    expect(own).toMatchObject([{ id, name: 'CI', owner: 'budi@example.com', prefix: token.slice(0, 12) }]);
    expect(JSON.stringify(own)).not.toContain(token);
    expect(await actAs(sari, () => listTokens())).toHaveLength(2);
    await context.db.update(users).set({ grants: grantEverywhere('operator') });
    const peer = testCaller('sari@example.com', 'operator');
    expect(await actAs(peer, () => revokeToken({ id }))).toMatchObject({
      error: { form: { message: 'token.gone' } },
    });
    expect(await actAs(sari, () => revokeToken({ id }))).toMatchObject({ ok: true });
    expect(await actAs(sari, () => listTokens())).toHaveLength(1);
    expect(await actAs(budi, () => revokeToken({ id }))).toMatchObject({
      error: { form: { message: 'token.gone' } },
    });
  });

  it('is guessed twenty times a minute from one address, while tokens that have worked keep working', async () => {
    const known = await created(budi);
    const fresh = await created(budi);
    expect(await use(known.token)).toMatchObject({ ok: true });
    const wrong = `spw_${'A'.repeat(43)}`;
    for (let attempt = 0; attempt < 20; attempt += 1)
      expect(await use(wrong)).toMatchObject({ error: { status: 401 } });
    expect(await use('short')).toMatchObject({ error: { status: 429, retryAfterS: expect.any(Number) } });
    expect(await use(fresh.token)).toMatchObject({ error: { status: 429 } });
    expect(await use(known.token)).toMatchObject({ ok: true });
    expect(await use(fresh.token, '198.51.100.1')).toMatchObject({ ok: true });
  });

  it('acts for the user of this machine without sign-in, and no longer once people sign in', async () => {
    setSignIn('off');
    const answer = await createToken({ name: 'Script', role: 'viewer', days: 1 });
    invariant(answer.ok, 'the token is created');
    const found = await use(answer.value.token);
    invariant(found.ok, 'the token is valid');
    expect(found.value.actor).toEqual(testActor(localActor.name, 'viewer'));
    expect(actAs(found.value, currentIdentity).actor).toEqual(testActor(localActor.name, 'viewer'));
    expect(await actAs(found.value, () => setEmergencyStop({ reason: 'test' }))).toMatchObject({
      error: { form: { message: 'role.notPermitted' } },
    });
    expect(await listTokens()).toMatchObject([{ owner: 'local' }]);
    setSignIn('on');
    expect(await use(answer.value.token)).toMatchObject(refused(401, 'unknown'));
  });

  it('is one of fifty at most', async () => {
    const { id } = await created(budi);
    for (let count = 1; count < 50; count += 1) await created(budi);
    expect(await create(budi)).toMatchObject({ error: { form: { message: 'token.tooMany' } } });
    await actAs(budi, () => revokeToken({ id }));
    expect(await create(budi)).toMatchObject({ ok: true });
  });
});
