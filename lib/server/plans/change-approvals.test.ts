import { beforeEach, describe, expect, it } from 'vitest';
import { approvals, estates, rehearsals, runs } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { invariant } from '@/lib/invariant';
import type { PlanId } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import { listDiversions } from '@/lib/server/diversions/list-diversions';
import { getRail } from '@/lib/server/operations/get-rail';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { getSchedule } from '@/lib/server/runs/get-schedule';
import { addSwitch, moveSwitch } from '@/lib/server/switches/change-switches';
import { getSwitchboard } from '@/lib/server/switches/get-switchboard';
import { testEstate, testRecord, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { setRules, testApprovalRule } from '@/testing/server/require-approvals';
import { testContext } from '@/testing/server/test-context';
import { approvePlan, withdrawApproval } from './change-approvals';
import { getPlan } from './get-plan';

const context = testContext();

const need = (count: number, kind: 'sandbox' | 'tencent' = 'sandbox') => {
  const match = { kind, connectionId: null, region: null, domain: null };
  return setRules(context.db, [testApprovalRule(count, { match })]);
};

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
  await need(2);
});

const approve = ({ id, hash }: { id: string; hash: string }, name: string, comment = '') =>
  approvePlan({ planId: id, hash, name, comment });
const apply = ({ id, hash }: { id: string; hash: string }, cutover: Cutover | null = null) =>
  applyPlan({ planId: id, hash, typedDomain: null, cutover });
const refused = (message: string, values: object = {}) => ({
  ok: false,
  error: { form: { message, ...(Object.keys(values).length === 0 ? {} : { values }) } },
});
const done = { ok: true, value: null };

/** Returns the valid approvals of a plan, by name. */
async function given(planId: PlanId): Promise<Readonly<Record<string, number>>> {
  const view = await getPlan(planId);
  const counting = view?.approvals.all.filter(({ withdrawnAt }) => withdrawnAt === null) ?? [];
  return Object.fromEntries(counting.map(({ name, id }) => [name, id]));
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const cutover: Cutover = {
  t0: inHours(2),
  prewarmS: 600,
  t1: inHours(4),
  zone: 'UTC',
  missedT0: { kind: 'skip' },
  guards: [],
};

describe('a rule that requires a rehearsal', () => {
  /** Stores a rehearsal of a plan that ended some hours ago. */
  const rehearsed = (
    { id, hash }: { id: PlanId; hash: string },
    verdict: 'met' | 'missed',
    hoursAgo: number,
    settings: object = {},
  ) =>
    context.db.insert(rehearsals).values({
      planId: id,
      hash,
      input: { settings } as never,
      state: 'done',
      verdict,
      actor: 'sari',
      endedAt: new Date(Date.now() - hoursAgo * 3_600_000),
    });

  it('lets a plan be approved only after one that met its goals, not long ago', async () => {
    await setRules(context.db, [testApprovalRule(1, { rehearsedWithinH: 24 })]);
    const plan = await context.plan();
    const missing = refused('approval.notRehearsed', { hours: 24 });
    expect(await approve(plan, 'Sari')).toMatchObject(missing);
    await rehearsed(plan, 'missed', 1);
    await rehearsed(plan, 'met', 25);
    await rehearsed({ ...plan, hash: 'other' }, 'met', 1);
    await rehearsed(plan, 'met', 1, { commands: [{ atS: 300, kind: 'rollback' }] });
    expect(await approve(plan, 'Sari')).toMatchObject(missing);
    await rehearsed(plan, 'met', 23);
    expect(await approve(plan, 'Sari')).toEqual(done);
  });
});

async function scheduled() {
  const plan = await context.plan();
  const answer = await apply(plan, cutover);
  invariant(answer.ok, 'the plan is scheduled');
  return { plan, runId: answer.value.runId };
}

const stamp = { at: inHours(0), direction: 'apply' } as const;
const started: RunEvent = { type: 'started', actor: 'local', attempt: 1, ...stamp };
const waitsForT0: RunEvent = { type: 'gate', gate: 'T0', due: cutover.t0, ...stamp };
const passedT0: RunEvent = { type: 'passed', gate: 'T0', latenessMs: 0, ...stamp };

describe('an approval', () => {
  it('is required before a plan can be applied', async () => {
    const plan = await context.plan();
    const missing = (count: number) => refused('plan.unapproved', { plan: plan.id, given: count, needed: 2 });
    expect(await apply(plan)).toMatchObject(missing(0));
    expect(await approve(plan, ' Intan   Permata ', 'TTL is fine')).toEqual(done);
    expect(await apply(plan)).toMatchObject(missing(1));
    expect(await approve(plan, 'Bagus')).toEqual(done);
    expect(await getPlan(plan.id)).toMatchObject({
      approvals: {
        all: [
          { name: 'Intan Permata', comment: 'TTL is fine', withdrawnAt: null },
          { name: 'Bagus', comment: '', withdrawnAt: null },
        ],
        count: { given: 2, needed: 2 },
        state: 'open',
      },
    });
    expect(await apply(plan)).toMatchObject({ ok: true });
  });

  it('counts once per name in any spelling', async () => {
    const plan = await context.plan();
    await approve(plan, 'Intan Permata');
    const twice = { ok: false, error: { fields: { name: ['approval.twice'] } } };
    expect(await approve(plan, 'intan  PERMATA')).toMatchObject(twice);
    // Concurrent approvals count once, too.
    const both = await Promise.all([approve(plan, 'Bagus'), approve(plan, 'BAGUS')]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await context.db.select().from(approvals)).toHaveLength(2);
  });

  it('is valid only for the reviewed plan', async () => {
    const plan = await context.plan();
    const other = await context.plan(testSplit({ expectedBody: 'Sale' }));
    await approve(plan, 'Intan');
    await approve(plan, 'Bagus');
    expect(await apply(other)).toMatchObject({ ok: false, error: { form: { message: 'plan.unapproved' } } });
    expect(await approve({ ...other, hash: plan.hash }, 'Intan')).toMatchObject(refused('plan.otherHash'));
    expect(await approve({ ...plan, id: 'P-9999' }, 'Intan')).toMatchObject(refused('plan.gone'));
    const counts = (await listDiversions()).map(({ newest }) => [newest?.planId, newest?.approvals.given]);
    expect(Object.fromEntries(counts)).toEqual({ [plan.id]: 2, [other.id]: 0 });
  });

  it('is void on the page while the estate requires another plan', async () => {
    const plan = await context.plan();
    await approve(plan, 'Intan');
    const isOutdated = async () => (await getPlan(plan.id))?.approvals.isOutdated;
    expect(await isOutdated()).toBe(false);
    const records = [testRecord(12, 'flash', '127.77.1.1', { ttlS: 60 })];
    await context.db.delete(estates);
    await context.connect('test', 'sandbox', testEstate({ records }));
    expect(await isOutdated()).toBe(true);
  });

  it('is refused without a name', async () => {
    const plan = await context.plan();
    expect(await approve(plan, ' ', 'x'.repeat(501))).toMatchObject({
      ok: false,
      error: { fields: { name: ['approval.nameMissing'], comment: ['approval.commentTooLong'] } },
    });
  });

  it('without sign-in is refused without a name at all', async () => {
    const { id: planId, hash } = await context.plan();
    expect(await approvePlan({ planId, hash })).toMatchObject({
      ok: false,
      error: { fields: { name: ['approval.nameMissing'] } },
    });
  });

  it('can be withdrawn, and given again', async () => {
    const plan = await context.plan();
    await approve(plan, 'Intan');
    await approve(plan, 'Bagus');
    const { Intan = 0 } = await given(plan.id);
    expect(await withdrawApproval(Intan)).toEqual(done);
    expect(await withdrawApproval(Intan)).toMatchObject(refused('approval.gone'));
    expect(await apply(plan)).toMatchObject({ ok: false });
    expect((await getPlan(plan.id))?.approvals.all).toMatchObject([
      { name: 'Intan', withdrawnAt: expect.any(String) },
      { name: 'Bagus', withdrawnAt: null },
    ]);
    expect(await approve(plan, 'intan')).toEqual(done);
    expect(await apply(plan)).toMatchObject({ ok: true });
  });

  it('is required by kind of connection', async () => {
    await context.clear();
    await context.connect('test');
    await context.connect('real', 'tencent');
    await need(1, 'tencent');
    expect(await apply(await context.plan())).toMatchObject({ ok: true });
    const real = await context.plan(testSplit(), 'real');
    const typed = { planId: real.id, hash: real.hash, typedDomain: 'flash.example.co.id' };
    expect(await applyPlan(typed)).toMatchObject({
      ok: false,
      error: { form: { message: 'plan.unapproved' } },
    });
    await approve(real, 'Intan');
    expect(await applyPlan(typed)).toMatchObject({ ok: true });
  });
});

describe('a scheduled plan', () => {
  it('is accepted without approvals, and counted in the navigation until it has them', async () => {
    expect(await getRail()).toMatchObject({ unapproved: 0 });
    const { plan } = await scheduled();
    expect(await getRail()).toMatchObject({ unapproved: 1 });
    expect((await getSchedule()).cutovers).toMatchObject([{ approvals: { given: 0, needed: 2 } }]);
    await approve(plan, 'Intan');
    expect(await getRail()).toMatchObject({ unapproved: 1 });
    await approve(plan, 'Bagus');
    expect(await getRail()).toMatchObject({ unapproved: 0 });
    const { Bagus = 0 } = await given(plan.id);
    await withdrawApproval(Bagus);
    expect(await getRail()).toMatchObject({ unapproved: 1 });
  });

  it('uses the approvals at T0: afterwards none can be given or withdrawn', async () => {
    const { plan, runId } = await scheduled();
    await approve(plan, 'Intan');
    await context.write(runId, started, waitsForT0);
    expect(await getRail()).toMatchObject({ unapproved: 1 });
    await context.write(runId, passedT0);
    expect(await getRail()).toMatchObject({ unapproved: 0 });
    const { Intan = 0 } = await given(plan.id);
    expect(await withdrawApproval(Intan)).toMatchObject(refused('approval.withdrawn.begun'));
    expect(await approve(plan, 'Bagus')).toMatchObject(refused('approval.given.begun'));
    expect(await given(plan.id)).toEqual({ Intan });
    await context.write(runId, { type: 'finished', result: 'done', ...stamp });
    expect(await withdrawApproval(Intan)).toMatchObject(refused('approval.withdrawn.over'));
    expect((await getPlan(plan.id))?.approvals.state).toBe('over');
  });

  it('needs no approval if it was left as is before its T0', async () => {
    const { runId } = await scheduled();
    await context.write(runId, started, { type: 'closed', actor: 'local', ...stamp });
    expect(await getRail()).toMatchObject({ unapproved: 0 });
  });
});

describe('a Switch', () => {
  it('is moved by its switch control once its plan is approved, and the board shows that', async () => {
    await context.clear();
    await context.connect(
      'test',
      'sandbox',
      testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')] }),
    );
    await need(1);
    const added = await addSwitch({ connectionId: 'test', diversion: testSwitch(), policy: defaultFailover });
    invariant(added.ok, 'it is on the board');
    const { switchId } = added.value;
    const ramp = [{ percent: 100, bakeS: 0 }];
    const moved = await moveSwitch({ switchId, toward: 'function', ramp, typedDomain: null });
    expect(moved).toEqual({ ok: true, value: { planId: expect.stringMatching(/^P-/), runId: null } });
    expect(await context.db.select().from(runs)).toEqual([]);
    expect((await getSwitchboard()).switches).toMatchObject([{ approvals: 1, movedAt: null, lastRun: null }]);
    invariant(moved.ok, 'it was planned');
    const plan = await getPlan(moved.value.planId);
    invariant(plan !== null, 'the plan is stored');
    await approve(plan, 'Intan');
    const applied = await apply(plan);
    invariant(applied.ok, 'the plan is applied');
    expect((await getSwitchboard()).switches).toMatchObject([
      { movedAt: expect.any(String), lastRun: { id: applied.value.runId } },
    ]);
  });
});
