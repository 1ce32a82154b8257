import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvalRequests, users } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { PlanId } from '@/lib/plan/model/model';
import { getActivity } from '@/lib/server/diversions/get-activity';
import { getOverview } from '@/lib/server/overview/get-overview';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { readPlan } from '@/lib/store/plans/read-plan';
import { testSplit } from '@/testing/plan/test-estate';
import { requireApprovals } from '@/testing/server/require-approvals';
import { setSignIn, testCaller } from '@/testing/server/test-caller';
import { testContext } from '@/testing/server/test-context';
import { giveRole } from '@/testing/server/test-person';
import { approvePlan } from './change-approvals';
import { cancelRequest, commentPlan, declinePlan, requestApproval } from './change-requests';
import { createPlan } from './create-plan';

const context = testContext();
const oka = testCaller('oka@example.com', 'operator');
const intan = testCaller('intan@example.com', 'approver');
const bagus = testCaller('bagus@example.com', 'approver');
const vera = testCaller('vera@example.com', 'viewer');

beforeEach(async () => {
  await context.clear();
  await context.db.delete(users);
  for (const { actor } of [oka, intan, bagus, vera])
    await giveRole(context.db, actor.name, actor.role ?? 'viewer');
  await context.connect('test');
  await requireApprovals(context.db, 1);
  setSignIn('on');
});
afterEach(() => setSignIn('off'));

type Planned = { readonly id: string; readonly hash: string };
const done = { ok: true, value: null };
const refused = (message: string) => ({ ok: false, error: { form: { message } } });
const planned = () => actAs(oka, () => context.plan());
const request = (
  { id, hash }: Planned,
  approvers: readonly string[] | null = null,
  message = 'For the sale.',
) => actAs(oka, () => requestApproval({ planId: id, hash, approvers, message }));
const approve = (by: Caller, { id, hash }: Planned) =>
  actAs(by, () => approvePlan({ planId: id, hash, name: 'x', comment: '' }));
const decline = (by: Caller, { id, hash }: Planned) =>
  actAs(by, () => declinePlan({ planId: id, hash, name: 'x', reason: 'The ramp is too fast.' }));
const getView = async (id: string) => {
  const view = await readPlan(context.db, PlanId.parse(id));
  invariant(view !== null, 'the plan is stored');
  return view.approvals;
};
/** Returns the plans that someone is asked to approve, on their start page. */
const asked = (by: Caller) =>
  actAs(by, async () =>
    (await getOverview()).needs.items.flatMap((need) =>
      need.kind === 'approvalRequest' ? [`${need.request.actor}: ${need.request.message}`] : [],
    ),
  );

describe('a request for approval', () => {
  it('to everyone is seen by those who may approve, until the plan has its approvals', async () => {
    const plan = await planned();
    expect(await request(plan)).toEqual(done);
    const line = 'oka@example.com: For the sale.';
    expect([await asked(intan), await asked(bagus), await asked(oka), await asked(vera)]).toEqual([
      [line],
      [line],
      [],
      [],
    ]);
    expect((await getView(plan.id)).requests).toMatchObject([{ approvers: null, state: 'open' }]);
    expect(await approve(intan, plan)).toEqual(done);
    expect(await asked(bagus)).toEqual([]);
    expect((await getView(plan.id)).requests).toMatchObject([{ state: 'approved' }]);
  });

  it('to a person is seen by that person, and can be canceled', async () => {
    const plan = await planned();
    await request(plan, ['bagus@example.com']);
    expect([await asked(intan), (await asked(bagus)).length]).toEqual([[], 1]);
    const [row] = await context.db.select().from(approvalRequests);
    expect(await actAs(oka, () => cancelRequest({ planId: plan.id, requestId: row?.id ?? 0 }))).toEqual(done);
    expect(await asked(bagus)).toEqual([]);
    expect(await actAs(oka, () => cancelRequest({ planId: plan.id, requestId: row?.id ?? 0 }))).toMatchObject(
      refused('approval.requestGone'),
    );
    expect((await getView(plan.id)).requests).toMatchObject([{ state: 'canceled' }]);
  });

  it('is refused to people who may not approve the plan, and for a plan that needs none', async () => {
    const plan = await planned();
    for (const who of ['vera@example.com', 'oka@example.com', 'nobody@example.com'])
      expect(await request(plan, [who])).toMatchObject({
        ok: false,
        error: { fields: { approvers: ['approval.notApprover'] } },
      });
    await requireApprovals(context.db, 0);
    expect(await request(plan)).toMatchObject(refused('approval.notNeeded'));
    expect(
      await actAs(vera, () => requestApproval({ planId: plan.id, hash: plan.hash, approvers: null })),
    ).toMatchObject(refused('role.notPermitted'));
  });

  it('is void after an edit, and the new revision says so', async () => {
    const plan = await planned();
    await request(plan);
    const { diversionId } = plan;
    const edited = await actAs(oka, () =>
      createPlan({ connectionId: 'test', diversion: testSplit({ expectedBody: 'Sale' }), diversionId }),
    );
    invariant(edited.ok, 'it is edited');
    expect(await asked(intan)).toEqual([]);
    expect((await getView(plan.id)).requests).toMatchObject([{ state: 'void' }]);
    expect(await getView(edited.value.planId)).toMatchObject({ requests: [], voidRequests: 1 });
  });

  it('names those who were asked and can’t approve any more', async () => {
    const plan = await planned();
    await request(plan, ['bagus@example.com']);
    await giveRole(context.db, 'bagus@example.com', 'viewer');
    expect((await getView(plan.id)).requests).toMatchObject([{ gone: ['bagus@example.com'] }]);
    expect(await asked({ ...bagus, actor: { ...bagus.actor, role: 'viewer' } })).toEqual([]);
  });
});

describe('a declined plan', () => {
  it('is not applied until its person approves it, however many others do', async () => {
    const plan = await planned();
    expect(await decline(bagus, plan)).toEqual(done);
    await approve(intan, plan);
    const apply = () => actAs(oka, () => applyPlan({ planId: plan.id, hash: plan.hash }));
    expect(await apply()).toMatchObject(refused('plan.declined'));
    expect((await getView(plan.id)).comments).toMatchObject([
      { name: 'bagus@example.com', text: 'The ramp is too fast.', stands: true },
    ]);
    await approve(bagus, plan);
    expect((await getView(plan.id)).comments).toMatchObject([{ stands: false }]);
    expect(await apply()).toMatchObject({ ok: true });
  });

  it('is no longer declined once its person may not approve any more', async () => {
    const plan = await planned();
    await decline(bagus, plan);
    await approve(intan, plan);
    await giveRole(context.db, 'bagus@example.com', 'viewer');
    expect(await actAs(oka, () => applyPlan({ planId: plan.id, hash: plan.hash }))).toMatchObject({
      ok: true,
    });
  });

  it('needs the right to approve', async () => {
    expect(await decline(oka, await planned())).toMatchObject(refused('role.notPermitted'));
  });
});

describe('a comment', () => {
  it('of operators and approvers stays with the revision, and is in the activity log', async () => {
    const plan = await planned();
    const comment = (by: Caller, text: string) =>
      actAs(by, () => commentPlan({ planId: plan.id, hash: plan.hash, name: 'x', text }));
    expect(await comment(intan, 'Why at noon?')).toEqual(done);
    expect(await comment(oka, 'The sale starts then.')).toEqual(done);
    expect(await comment(vera, 'Hello')).toMatchObject(refused('role.notPermitted'));
    expect((await getView(plan.id)).comments).toMatchObject([
      { name: 'intan@example.com', text: 'Why at noon?', stands: null },
      { name: 'oka@example.com', text: 'The sale starts then.', stands: null },
    ]);
    const activity = await actAs(vera, () => getActivity(plan.diversionId));
    expect(activity?.entries.filter(({ kind }) => kind === 'commented')).toMatchObject([
      { text: 'Why at noon?' },
      { text: 'The sale starts then.' },
    ]);
  });
});
