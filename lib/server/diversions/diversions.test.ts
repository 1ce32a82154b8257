import { beforeEach, describe, expect, it } from 'vitest';
import { approvals, switches } from '@/lib/db/schema';
import { DiversionId } from '@/lib/diversion/diversion';
import { toDraft } from '@/lib/diversion/to-draft';
import { invariant } from '@/lib/invariant';
import type { RunEvent } from '@/lib/run/model/model';
import { approvePlan } from '@/lib/server/plans/change-approvals';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { testEstate, testRecord, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';
import { discardDiversion, duplicateDiversion, restoreDiversion, saveDraft } from './change-diversions';
import { getActivity } from './get-activity';
import { getDiversion, getDiversionDraft } from './get-diversion';
import { listDiversions } from './list-diversions';

const context = testContext();

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
});

const refused = (message: string) => ({ ok: false, error: { form: { message } } });
const revise = (diversionId: DiversionId, diversion: object = testSplit({ expectedBody: 'Sale' })) =>
  createPlan({ connectionId: 'test', diversion, diversionId } as never);
const apply = async ({ id, hash }: { id: string; hash: string }) => {
  const answer = await applyPlan({ planId: id, hash, typedDomain: null, cutover: null } as never);
  return answer;
};
async function applied(plan: { id: string; hash: string }) {
  const answer = await apply(plan);
  invariant(answer.ok, `the plan is applied: ${JSON.stringify(answer)}`);
  return answer.value.runId;
}
const event = (type: string, more: object = {}) =>
  ({ type, at: new Date().toISOString(), direction: 'apply', ...more }) as RunEvent;
const started = () => event('started', { actor: 'local', attempt: 1 });

describe('the revisions of a diversion', () => {
  it('are its plans, numbered from the first one on', async () => {
    const first = await context.plan();
    const second = await revise(first.diversionId);
    invariant(second.ok, 'the second revision is stored');
    const view = await getDiversion(first.diversionId);
    expect(view).toMatchObject({
      state: 'planned',
      name: '12.12 flash split',
      kind: 'split',
      owner: 'local',
    });
    expect(view?.revisions.map(({ planId, number, state }) => [planId, number, state])).toEqual([
      [second.value.planId, 2, 'planned'],
      [first.id, 1, 'superseded'],
    ]);
    expect(view?.domains).toEqual(['flash.example.co.id', 'shop.example.co.id']);
  });

  it('get different numbers when they are stored at the same time', async () => {
    const { diversionId } = await context.plan();
    const made = await Promise.all(Array.from({ length: 6 }, () => revise(diversionId)));
    expect(made.every(({ ok }) => ok)).toBe(true);
    const view = await getDiversion(diversionId);
    expect(view?.revisions.map(({ number }) => number)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  it('are refused for a diversion that does not exist, is of another account, or is discarded', async () => {
    expect(await revise(DiversionId.parse('D-9999'))).toMatchObject(refused('diversion.gone'));
    const { diversionId } = await context.plan();
    await context.connect('other');
    const elsewhere = createPlan({ connectionId: 'other', diversion: testSplit(), diversionId } as never);
    expect(await elsewhere).toMatchObject(refused('diversion.gone'));
    await discardDiversion({ diversionId });
    expect(await revise(diversionId)).toMatchObject(refused('diversion.discarded'));
  });

  it('are refused if a plan would hold more than can be imported', async () => {
    const records = Array.from({ length: 100 }, (_, nth) =>
      testRecord(100 + nth, 'flash', '127.77.1.1', { lineId: `${nth}`, line: `${nth}` }),
    );
    await context.connect('test', 'sandbox', testEstate({ records }));
    const diversion = testSwitch({ ramp: Array.from({ length: 20 }, (_, at) => 5 * (at + 1)) });
    expect(await createPlan({ connectionId: 'test', diversion } as never)).toMatchObject(
      refused('plan.tooLarge'),
    );
  });

  it('supersede each other: only the newest can be applied, and approvals do not carry over', async () => {
    const first = await context.plan();
    await approvePlan({ planId: first.id, hash: first.hash, name: 'Intan', comment: '' });
    const second = await revise(first.diversionId);
    invariant(second.ok, 'the second revision is stored');
    const { planId } = second.value;
    expect(await apply(first)).toMatchObject({
      ok: false,
      error: { form: { message: 'plan.superseded', values: { plan: first.id, by: planId } } },
    });
    const view = await getPlan(planId);
    invariant(view !== null, 'the second revision can be read');
    expect(view.approvals.count.given).toBe(0);
    expect(await context.db.select().from(approvals)).toHaveLength(1);
    const runId = await applied(view);
    await context.write(runId, started());
    expect(await getDiversion(first.diversionId)).toMatchObject({
      state: 'running',
      current: { planId, runId },
    });
  });
});

describe('a diversion', () => {
  it('can be duplicated: the copy is a separate draft, with the same content', async () => {
    const { diversionId, plan } = await context.plan();
    const copy = await duplicateDiversion({ diversionId });
    invariant(copy.ok, 'the copy is stored');
    const view = await getDiversion(copy.value.diversionId);
    expect(view).toMatchObject({ state: 'draft', name: 'Copy of 12.12 flash split', current: null });
    const draft = await getDiversionDraft(copy.value.diversionId);
    expect(draft).toMatchObject({
      nextRevision: 1,
      intent: { kind: 'draft', draft: { ...toDraft(plan.diversion), name: 'Copy of 12.12 flash split' } },
    });
    // Its first plan ends the draft.
    await revise(copy.value.diversionId);
    expect((await getDiversionDraft(copy.value.diversionId))?.intent.kind).toBe('planned');
  });

  it('can be duplicated if the name of the copy would end within a character', async () => {
    const name = `${'x'.repeat(71)}🎉`;
    const draft = { ...toDraft(testSplit()), name };
    const saved = await saveDraft({ connectionId: 'test', diversionId: null, draft });
    invariant(saved.ok, 'the draft is stored');
    const copy = await duplicateDiversion(saved.value);
    invariant(copy.ok, 'the copy is stored');
    expect((await getDiversion(copy.value.diversionId))?.name).toBe(`Copy of ${'x'.repeat(71)}`);
  });

  it('stores what the editor saves, complete or not, and keeps its plans unchanged', async () => {
    const { diversionId, hash, id } = await context.plan();
    const draft = { ...toDraft(testSplit()), name: '', lowerTtlS: null };
    const saved = await saveDraft({ connectionId: 'test', diversionId, draft });
    expect(saved).toEqual({ ok: true, value: { diversionId } });
    expect(await getDiversionDraft(diversionId)).toMatchObject({ intent: { kind: 'draft', draft } });
    expect((await getPlan(id))?.hash).toBe(hash);
    expect(await getDiversion(diversionId)).toMatchObject({ name: '12.12 flash split', state: 'planned' });

    const made = await saveDraft({ connectionId: 'test', diversionId: null, draft });
    invariant(made.ok, 'a draft needs no diversion');
    expect(await getDiversion(made.value.diversionId)).toMatchObject({
      state: 'draft',
      name: 'Untitled diversion',
    });
    const broken = { ...draft, routes: [] };
    expect(await saveDraft({ connectionId: 'test', diversionId: null, draft: broken })).toMatchObject({
      ok: false,
    });
  });

  it('keeps what someone else saved or planned after the editor opened', async () => {
    const { diversionId } = await context.plan();
    const draftNamed = (name: string) => ({ ...toDraft(testSplit()), name });
    const opened = async () => {
      const draft = await getDiversionDraft(diversionId);
      invariant(draft !== null, 'the diversion exists');
      return draft.contentVersion;
    };
    const save = (name: string, contentVersion: string) =>
      saveDraft({ connectionId: 'test', diversionId, contentVersion, draft: draftNamed(name) });
    const plan = (contentVersion: string) =>
      createPlan({ connectionId: 'test', diversion: testSplit(), diversionId, contentVersion });
    const first = await opened();
    expect(await save('Theirs', first)).toMatchObject({ ok: true });
    expect(await save('Ours', first)).toMatchObject(refused('diversion.changed'));
    expect(await plan(first)).toMatchObject(refused('diversion.changed'));
    expect(await getDiversionDraft(diversionId)).toMatchObject({ intent: { draft: { name: 'Theirs' } } });
    // The same content twice, such as after a lost response, is no conflict.
    expect(await save('Theirs', first)).toMatchObject({ ok: true });

    const second = await opened();
    expect(await plan(second)).toMatchObject({ ok: true });
    expect(await plan(second)).toMatchObject(refused('diversion.changed'));
    expect(await save('Ours', second)).toMatchObject(refused('diversion.changed'));
    expect(await save('Ours', await opened())).toMatchObject({ ok: true });
  });

  it('is planned once by two people who review the same content at the same time', async () => {
    const { diversionId } = await context.plan();
    const draft = await getDiversionDraft(diversionId);
    invariant(draft !== null, 'the diversion exists');
    const { contentVersion } = draft;
    const review = () =>
      createPlan({ connectionId: 'test', diversion: testSplit(), diversionId, contentVersion });
    const answers = await Promise.all([review(), review(), review()]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    for (const answer of answers) if (!answer.ok) expect(answer).toMatchObject(refused('diversion.changed'));
    expect((await getDiversion(diversionId))?.revisions).toHaveLength(2);
  });

  it('is removed from the list when it is discarded, unless a run of it may still write or is in effect', async () => {
    const plan = await context.plan();
    const { diversionId } = plan;
    const runId = await applied(plan);
    await context.write(runId, started());
    expect(await discardDiversion({ diversionId })).toMatchObject(refused('diversion.hasRun'));
    await context.write(runId, event('finished', { result: 'done' }));
    expect(await discardDiversion({ diversionId })).toMatchObject(refused('diversion.hasRun'));
    await context.write(runId, event('finished', { result: 'rolledBack', direction: 'rollback' }));
    expect(await discardDiversion({ diversionId })).toEqual({ ok: true, value: null });
    expect(await listDiversions()).toMatchObject([{ id: diversionId, state: 'discarded', attention: [] }]);
    expect(await getDiversion(diversionId)).toMatchObject({ discarded: { by: 'local' } });
  });
});

it('does not block a Switch after it is discarded', async () => {
  const { diversionId } = await context.plan();
  const policy = {} as typeof switches.$inferInsert.policy;
  await context.db
    .insert(switches)
    .values({ connectionId: 'test', diversionId, diversion: testSwitch(), policy, setBy: 'local' });
  await discardDiversion({ diversionId });
  expect(await context.db.select({ id: switches.diversionId }).from(switches)).toEqual([{ id: null }]);
});

describe('the activity of a diversion', () => {
  it('has every event of all its plans and runs, in order', async () => {
    const first = await context.plan();
    await approvePlan({ planId: first.id, hash: first.hash, name: 'Intan', comment: 'fine' });
    const runId = await applied(first);
    await context.write(
      runId,
      started(),
      event('intent', { stepId: 's1', action: 'CreateRule', attempt: 1 }),
      event('stopped', { stepId: 's1', reason: { kind: 'internal', message: 'no' } }),
    );
    const activity = await getActivity(first.diversionId);
    expect(activity?.entries.map((entry) => (entry.kind === 'run' ? entry.event.type : entry.kind))).toEqual([
      ...['created', 'planned', 'approved', 'requested', 'started', 'intent', 'stopped'],
    ]);
    expect(activity?.entries.at(5)).toMatchObject({ runId, step: { id: 's1' }, actor: null });
    expect(activity?.entries.at(3)).toMatchObject({ actor: 'local', attempt: 1, direction: 'apply' });
    expect(await getActivity(DiversionId.parse('D-9999'))).toBeNull();
  });
});

it('is restored when its discard is undone, except for a Switch', async () => {
  const { diversionId } = await context.plan();
  await discardDiversion({ diversionId });
  expect((await getDiversion(diversionId))?.state).toBe('discarded');
  expect(await restoreDiversion({ diversionId })).toEqual({ ok: true, value: null });
  expect(await getDiversion(diversionId)).toMatchObject({ state: 'planned', discarded: null });
  const other = await context.plan(testSwitch());
  await discardDiversion({ diversionId: other.diversionId });
  expect(await restoreDiversion({ diversionId: other.diversionId })).toMatchObject(
    refused('diversion.noRestore'),
  );
});
