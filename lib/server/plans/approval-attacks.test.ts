import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiTokens, approvals, diversions, formerPeople, users } from '@/lib/db/schema';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { toDraft } from '@/lib/diversion/to-draft';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import type { Role } from '@/lib/policy/roles';
import { createToken } from '@/lib/server/auth/change-tokens';
import { identifyToken } from '@/lib/server/auth/identify-token';
import { duplicateDiversion, saveDraft } from '@/lib/server/diversions/change-diversions';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { setApprovalPolicy } from '@/lib/server/settings/set-approval-policy';
import { addSwitch, moveSwitch, removeSwitch } from '@/lib/server/switches/change-switches';
import { readPlan } from '@/lib/store/plans/read-plan';
import { testSplit, testSwitch } from '@/testing/plan/test-estate';
import { requireApprovals, setRules, testApprovalRule } from '@/testing/server/require-approvals';
import { setSignIn, testCaller } from '@/testing/server/test-caller';
import { testContext } from '@/testing/server/test-context';
import { giveRole, testActor } from '@/testing/server/test-person';
import { approvePlan } from './change-approvals';
import { createPlan } from './create-plan';
import { exportPlan } from './export-plan';
import { importPlan } from './import-plan';

/* What people try who want a plan to run that no one else has approved. */

const context = testContext();

const sari = testCaller('sari@example.com', 'administrator');
const budi = testCaller('budi@example.com', 'administrator');
const intan = testCaller('intan@example.com', 'approver');
const vera = testCaller('vera@example.com', 'viewer');

beforeEach(async () => {
  await context.clear();
  await context.db.delete(apiTokens);
  await context.db.delete(users);
  await context.db.delete(formerPeople);
  for (const { actor } of [sari, budi, intan, vera])
    await giveRole(context.db, actor.name, actor.role ?? 'viewer');
  await context.connect('test');
  await requireApprovals(context.db, 1);
  setSignIn('on');
});
afterEach(() => setSignIn('off'));

type Planned = { readonly id: string; readonly hash: string };
const plan = (by: Caller, diversion: object = testSplit()) => actAs(by, () => context.plan(diversion));
const approve = (by: Caller, { id, hash }: Planned) =>
  actAs(by, () => approvePlan({ planId: id, hash, name: 'Somebody else', comment: '' }));
const apply = (by: Caller, { id, hash }: Planned) => actAs(by, () => applyPlan({ planId: id, hash }));
const getView = (id: string) => readPlan(context.db, PlanId.parse(id));
const refused = (message: string) => ({ ok: false, error: { form: { message } } });

/** Creates an API token and returns what sends requests with it. */
async function programOf(owner: Caller, role: Role): Promise<Caller> {
  const made = await actAs(owner, () => createToken({ name: 'CI', role, days: 1 }));
  invariant(made.ok, 'the token is created');
  const request = { headers: {}, socket: { remoteAddress: '192.0.2.77' } };
  const found = await identifyToken(made.value.token, request as Parameters<typeof identifyToken>[1]);
  invariant(found.ok, 'the token is known');
  return found.value;
}

describe('an author', () => {
  it('can’t approve the plan, as an administrator neither, and no one applies it meanwhile', async () => {
    const own = await plan(sari);
    expect(await approve(sari, own)).toMatchObject(refused('approval.own'));
    expect(await apply(sari, own)).toMatchObject(refused('plan.unapproved'));
    expect(await approve(budi, own)).toMatchObject({ ok: true });
    expect(await apply(sari, own)).toMatchObject({ ok: true });
  });

  it('can’t approve it from a second session, nor with a token of their own', async () => {
    const own = await plan(sari);
    const second: Caller = { ...sari, credential: { via: 'session', id: 'another browser' } };
    expect(await approve(second, own)).toMatchObject(refused('approval.own'));
    const program = await programOf(sari, 'approver');
    expect(program.actor.name).toBe('sari@example.com');
    expect(await approve(program, own)).toMatchObject(refused('approval.own'));
    expect(await context.db.select().from(approvals)).toEqual([]);
  });

  it('stays one if someone else plans their content again', async () => {
    const own = await plan(sari);
    const again = await actAs(budi, () =>
      createPlan({ connectionId: 'test', diversion: testSplit(), diversionId: own.diversionId }),
    );
    invariant(again.ok, 'it is planned again');
    const view = await getView(again.value.planId);
    invariant(view !== null, 'it is stored');
    expect(view.approvals.authors).toEqual(['budi@example.com', 'sari@example.com']);
    expect(await approve(sari, view)).toMatchObject(refused('approval.own'));
    expect(await approve(budi, view)).toMatchObject(refused('approval.own'));
    expect(await approve(intan, view)).toMatchObject({ ok: true });
  });

  it('stays one in a copy of their diversion', async () => {
    const { diversionId } = await plan(sari);
    const copied = await actAs(budi, () => duplicateDiversion({ diversionId }));
    invariant(copied.ok, 'it is copied');
    const again = await actAs(budi, () =>
      createPlan({ connectionId: 'test', diversion: testSplit(), diversionId: copied.value.diversionId }),
    );
    invariant(again.ok, 'the copy is planned');
    const view = await getView(again.value.planId);
    invariant(view !== null, 'it is stored');
    expect(await approve(sari, view)).toMatchObject(refused('approval.own'));
  });

  it('stays one after a rename, an import, a rename of a copy, and without the Switch that was moved', async () => {
    const own = await plan(sari);
    const { diversionId } = own;
    const rename = { connectionId: 'test', diversion: testSplit({ name: 'Renamed' }) };
    const exported = await actAs(budi, () => exportPlan({ planId: own.id, form: 'json' }));
    invariant(exported.ok, 'it is exported');
    const copied = await actAs(budi, () => duplicateDiversion({ diversionId }));
    invariant(copied.ok, 'it is copied');
    const copyId = copied.value.diversionId;
    const added = await actAs(sari, () =>
      addSwitch({ connectionId: 'test', diversion: testSwitch(), policy: defaultFailover }),
    );
    invariant(added.ok, 'the Switch is added');
    const { switchId } = added.value;
    const moved = await actAs(sari, () =>
      moveSwitch({ switchId, toward: 'function', ramp: [{ percent: 100, bakeS: 60 }] }),
    );
    invariant(moved.ok, 'the move is planned');
    const ofMove = await actAs(budi, () => exportPlan({ planId: moved.value.planId, form: 'json' }));
    invariant(ofMove.ok, 'the move is exported');
    await actAs(sari, () => removeSwitch(switchId));
    const made = await actAs(budi, async () => [
      await createPlan(rename),
      await createPlan({ ...rename, diversionId }),
      await createPlan({ ...rename, diversionId: copyId }),
      await importPlan(exported.value.text),
      await importPlan(ofMove.value.text),
    ]);
    for (const each of made) {
      invariant(each.ok, `it is planned: ${JSON.stringify(each)}`);
      const view = await getView(each.value.planId);
      invariant(view !== null, 'it is stored');
      expect(view.approvals.authors).toEqual(['budi@example.com', 'sari@example.com']);
      expect(await approve(sari, view)).toMatchObject(refused('approval.own'));
    }
  });

  it('is everyone who has saved the draft that a plan was made from', async () => {
    const own = await plan(sari);
    const { diversionId } = own;
    const changed = testSplit({ expectedBody: 'Sale' });
    const draft = toDraft(changed);
    const saved = await actAs(budi, () => saveDraft({ connectionId: 'test', diversionId, draft }));
    expect(saved).toMatchObject({ ok: true });
    const planned = await actAs(sari, () =>
      createPlan({ connectionId: 'test', diversion: changed, diversionId }),
    );
    invariant(planned.ok, 'it is planned');
    const view = await getView(planned.value.planId);
    expect(view?.approvals.authors).toEqual(['budi@example.com', 'sari@example.com']);
    const next = await actAs(sari, () =>
      createPlan({
        connectionId: 'test',
        diversion: testSplit({ expectedBody: 'Night' }),
        diversionId,
      }),
    );
    invariant(next.ok, 'it is planned');
    expect((await getView(next.value.planId))?.approvals.authors).toEqual(['sari@example.com']);
  });

  it('is whoever added the Switch of a move that someone else starts, also of a later one', async () => {
    const added = await actAs(sari, () =>
      addSwitch({ connectionId: 'test', diversion: testSwitch(), policy: defaultFailover }),
    );
    invariant(added.ok, 'the Switch is added');
    const { switchId } = added.value;
    const move = async () => {
      const ramp = [{ percent: 100, bakeS: 60 }];
      const moved = await actAs(budi, () => moveSwitch({ switchId, toward: 'function', ramp }));
      invariant(moved.ok, `it is planned: ${JSON.stringify(moved)}`);
      expect(moved.value.runId).toBeNull();
      const view = await getView(moved.value.planId);
      invariant(view !== null, 'it is stored');
      return view;
    };
    for (const view of [await move(), await move()]) {
      expect(view.approvals.authors).toEqual(['budi@example.com', 'sari@example.com']);
      expect(await approve(sari, view)).toMatchObject(refused('approval.own'));
      expect(await approve(budi, view)).toMatchObject(refused('approval.own'));
      expect(await approve(intan, view)).toMatchObject({ ok: true });
    }
  });

  it('counts where a rule allows it', async () => {
    await setRules(context.db, [testApprovalRule(1, { selfApproval: true })]);
    const own = await plan(sari);
    expect(await approve(sari, own)).toMatchObject({ ok: true });
    expect(await apply(sari, own)).toMatchObject({ ok: true });
  });

  it('who approved while it was allowed no longer counts once it is not', async () => {
    await setRules(context.db, [testApprovalRule(1, { selfApproval: true })]);
    const own = await plan(sari);
    await approve(sari, own);
    await requireApprovals(context.db, 1);
    expect(await apply(sari, own)).toMatchObject(refused('plan.unapproved'));
    expect((await getView(own.id))?.approvals.all).toMatchObject([{ why: 'author' }]);
  });
});

describe('an account with the address of a removed one', () => {
  /** Gives an address to another account. */
  const replace = async (by: Caller): Promise<Caller> => {
    const { name, access, role } = by.actor;
    const [old] = await context.db.delete(users).where(eq(users.email, name)).returning();
    invariant(old !== undefined && role !== null, 'the account exists');
    const id = randomUUID();
    await context.db.insert(formerPeople).values(old);
    await context.db.insert(users).values({ ...old, id });
    return { ...by, actor: { name, access, role, accountId: id } };
  };

  it('is neither the author nor the approver that the removed one was', async () => {
    const first = await replace(sari);
    const own = await plan(first);
    expect(await approve(await replace(intan), own)).toMatchObject({ ok: true });
    const second = await replace(intan);
    const view = await getView(own.id);
    expect(view?.approvals.all).toMatchObject([{ name: 'intan@example.com', why: 'lostRight' }]);
    expect(view?.approvals.count).toMatchObject({ given: 0 });
    expect(await apply(first, own)).toMatchObject(refused('plan.unapproved'));
    // Neither the authorship nor the approval of the removed accounts is theirs.
    const other = await replace(sari);
    expect((await getView(own.id))?.approvals.authors).toEqual(['sari@example.com']);
    expect(await approve(other, own)).toMatchObject({ ok: true });
    expect((await getView(own.id))?.approvals.count).toMatchObject({ given: 1 });
    expect(await approve(second, own)).toMatchObject({ ok: true });
  });

  it('is no saver of their drafts', async () => {
    const { diversionId } = await plan(budi);
    const draft = toDraft(testSplit({ expectedBody: 'Sale' }));
    await actAs(sari, () => saveDraft({ connectionId: 'test', diversionId, draft }));
    const [row] = await context.db.select({ draftBy: diversions.draftBy }).from(diversions);
    expect(row?.draftBy).toEqual([sari.actor.accountId]);
  });
});

describe('an approval', () => {
  it('of a former revision can’t be replayed for the edited plan', async () => {
    const first = await plan(sari);
    expect(await approve(intan, first)).toMatchObject({ ok: true });
    const { diversionId } = first;
    const edited = await actAs(sari, () =>
      createPlan({ connectionId: 'test', diversion: testSplit({ expectedBody: 'Sale' }), diversionId }),
    );
    invariant(edited.ok, 'it is edited');
    const second = await getView(edited.value.planId);
    invariant(second !== null, 'it is stored');
    expect(second.approvals.count).toEqual({ given: 0, needed: 1 });
    expect(await approve(intan, { id: second.id, hash: first.hash })).toMatchObject(
      refused('plan.otherHash'),
    );
    expect(await apply(sari, { id: second.id, hash: first.hash })).toMatchObject(refused('plan.otherHash'));
    expect(await apply(sari, second)).toMatchObject(refused('plan.unapproved'));
    expect(await apply(sari, first)).toMatchObject(refused('plan.superseded'));
  });

  it('copied to the edited plan with the hash of the former revision doesn’t count', async () => {
    const own = await plan(sari);
    const row = { name: 'x', nameKey: 'x', comment: '', actor: 'intan@example.com', hash: 'f'.repeat(64) };
    await context.db.insert(approvals).values({ ...row, planId: own.id });
    expect(await apply(sari, own)).toMatchObject(refused('plan.unapproved'));
    expect((await getView(own.id))?.approvals.all).toEqual([]);
  });

  it('by a viewer, or a token of one, is refused, whatever the role that the token was created with', async () => {
    const own = await plan(sari);
    expect(await approve(vera, own)).toMatchObject(refused('role.notPermitted'));
    const program = await programOf(vera, 'viewer');
    expect(await approve(program, own)).toMatchObject(refused('role.notPermitted'));
    const former = await programOf(intan, 'approver');
    await giveRole(context.db, 'intan@example.com', 'viewer');
    // A token never does more than its owner may now.
    const { actor } = former;
    expect(await approve({ ...former, actor: testActor(actor.name, 'viewer') }, own)).toMatchObject(
      refused('role.notPermitted'),
    );
  });

  it('expires: an older one than the rule allows doesn’t count', async () => {
    await setRules(context.db, [testApprovalRule(1, { expiresAfterH: 2 })]);
    const own = await plan(sari);
    await approve(intan, own);
    expect((await getView(own.id))?.approvals.count).toEqual({ given: 1, needed: 1 });
    await context.db.update(approvals).set({ at: new Date(Date.now() - 2 * 3_600_000) });
    expect(await apply(sari, own)).toMatchObject(refused('plan.unapproved'));
    expect((await getView(own.id))?.approvals.all).toMatchObject([{ why: 'expired' }]);
  });
});

describe('the approval rules', () => {
  const rules = [testApprovalRule(0)];

  it('can’t be loosened by an operator, by a token, or without a recent sign-in', async () => {
    const set = (by: Caller, readAt: string | null = null) =>
      actAs(by, () => setApprovalPolicy({ rules, readAt }));
    expect(await set(testCaller('oka@example.com', 'operator'))).toMatchObject(refused('role.notPermitted'));
    expect(await set(await programOf(sari, 'administrator'))).toMatchObject(refused('token.byToken'));
    expect(await set(testCaller('sari@example.com', 'administrator', 6))).toMatchObject(
      refused('session.notRecent'),
    );
  });

  it('are not overwritten unseen', async () => {
    const set = (readAt: string | null) => actAs(sari, () => setApprovalPolicy({ rules, readAt }));
    expect(await set(null)).toMatchObject(refused('policy.changed'));
    expect(await set(new Date(0).toISOString())).toMatchObject(refused('policy.changed'));
  });
});
