import { beforeEach, expect, it } from 'vitest';
import { approvals, connections, estates, runAttempts, users } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { approvePlan, withdrawApproval } from '@/lib/server/plans/change-approvals';
import { getPlan } from '@/lib/server/plans/get-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { addSafetyRule, setSafetyGate } from '@/lib/server/safety/change-safety-rules';
import { addFreeze } from '@/lib/server/settings/change-freezes';
import { setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { loadRun } from '@/lib/store/runs/load-run';
import { testEstate, testRecord } from '@/testing/plan/test-estate';
import { requireApprovals } from '@/testing/server/require-approvals';
import { testContext } from '@/testing/server/test-context';
import { giveRole } from '@/testing/server/test-person';
import { storedValidator } from './stored-validator';

/* The findings for a waiting plan, on a real database. */

const context = testContext();
beforeEach(async () => {
  await context.clear();
  await context.connect('test', 'sandbox', testEstate({ takenAt: new Date().toISOString() }));
});

const hour = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * hour).toISOString();

/** Stores a scheduled plan and returns the findings of its re-validation. */
async function waiting(t0 = 2) {
  const plan = await context.plan();
  const cutover: Cutover = {
    t0: at(t0),
    prewarmS: 600,
    t1: at(t0 + 2),
    zone: 'UTC',
    missedT0: { kind: 'skip' },
    guards: [],
  };
  const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null, cutover });
  invariant(applied.ok, 'the plan is scheduled');
  const run = await loadRun(context.db, applied.value.runId);
  invariant(run !== null, 'the run is stored');
  const asked: string[] = [];
  const sync = async (connectionId: string) => {
    asked.push(connectionId);
  };
  const validator = storedValidator({ db: context.db, sync, keepAliveS: 75 }, run);
  return { plan, run, asked, revalidate: () => validator.check(false) };
}

const need = (approvals: number) => requireApprovals(context.db, approvals);

it('finds no problem for an unaffected plan, and requests a new sync', async () => {
  const { revalidate, asked } = await waiting();
  expect(await revalidate()).toEqual([]);
  expect(asked).toEqual(['test']);
});

it('accepts a snapshot of the last two hours while checks are up to an hour apart, and only a new one later', async () => {
  await context.db.delete(estates);
  await context.connect('test', 'sandbox', testEstate({ takenAt: at(-1.5) }));
  const far = await waiting(30);
  expect(await far.revalidate()).toEqual([]);
  const near = await waiting(1);
  expect(await near.revalidate()).toEqual([{ kind: 'stale', values: { minutes: 90 } }]);
});

it('reports a safety rule, with who may change it, until the rule allows the plan', async () => {
  const rule = { kind: 'gating', name: 'Release', match: {}, condition: 'gate', switchedBy: 'operator' };
  const { revalidate } = await waiting();
  const added = await addSafetyRule({ rule: SafetyRule.parse(rule) });
  invariant(added.ok, 'the rule is added');
  expect(await revalidate()).toMatchObject([
    { kind: 'safetyRule', values: { rule: 'Release', why: 'gate', may: 'operator' } },
  ]);
  await setSafetyGate({ id: added.value.id, isOn: true, reason: 'released' });
  expect(await revalidate()).toEqual([]);
  const hours = new Date(Date.now() + 12 * hour).getUTCHours() * 60;
  const window = { kind: 'daily', fromMinute: hours, toMinute: hours + 60, zone: 'UTC' };
  await addSafetyRule({
    rule: SafetyRule.parse({ kind: 'hours', name: 'Nights', match: {}, windows: [window] }),
  });
  expect(await revalidate()).toMatchObject([{ values: { rule: 'Nights', why: 'hours' } }]);
});

it('reports missing approvals until enough people have approved the plan, and again when one withdraws', async () => {
  await need(2);
  const { plan, revalidate } = await waiting();
  const unapproved = (given: number) => [{ kind: 'unapproved', values: { given, needed: 2 } }];
  expect(await revalidate()).toEqual(unapproved(0));
  const approve = (name: string) => approvePlan({ planId: plan.id, hash: plan.hash, name, comment: '' });
  await approve('Intan');
  expect(await revalidate()).toEqual(unapproved(1));
  await approve('Bagus');
  expect(await revalidate()).toEqual([]);
  const [first] = (await getPlan(plan.id))?.approvals.all ?? [];
  await withdrawApproval(first?.id ?? 0);
  expect(await revalidate()).toEqual(unapproved(1));
});

it('reports an author who may not apply plans any more, until someone who may retries', async () => {
  const { run } = await waiting();
  const { db } = context;
  await db.delete(users);
  await db.update(runAttempts).set({ actor: 'sari@example.com' });
  const revalidate = async () => {
    const stored = await loadRun(db, run.id);
    invariant(stored !== null, 'the run is stored');
    return storedValidator({ db, sync: async () => {}, keepAliveS: 75 }, stored).check(false);
  };
  const lost = [{ kind: 'authorLost', values: { actor: 'sari@example.com' } }];
  expect(await revalidate(), 'the account was removed').toEqual(lost);
  await giveRole(db, 'sari@example.com', 'operator');
  expect(await revalidate()).toEqual([]);
  await giveRole(db, 'sari@example.com', 'viewer');
  expect(await revalidate()).toEqual(lost);
  await giveRole(db, 'budi@example.com', 'operator');
  await db
    .insert(runAttempts)
    .values({ runId: run.id, attempt: 2, direction: 'apply', actor: 'budi@example.com' });
  expect(await revalidate()).toEqual([]);
});

it('counts an approval only while its person may approve', async () => {
  await need(1);
  const { plan, revalidate } = await waiting();
  await approvePlan({ planId: plan.id, hash: plan.hash, name: 'Intan', comment: '' });
  await context.db.update(approvals).set({ actor: 'intan@example.com' });
  const why = async () => (await getPlan(plan.id))?.approvals.all.map((each) => each.why);
  await giveRole(context.db, 'intan@example.com', 'approver');
  expect(await revalidate()).toEqual([]);
  expect(await why()).toEqual([null]);
  await giveRole(context.db, 'intan@example.com', 'operator');
  expect(await revalidate()).toEqual([{ kind: 'unapproved', values: { given: 0, needed: 1 } }]);
  expect(await why()).toEqual(['lostRight']);
});

it('reports that approvals are void once the estate requires another plan, and the page says so', async () => {
  await need(1);
  const { plan, run, revalidate } = await waiting();
  await approvePlan({ planId: plan.id, hash: plan.hash, name: 'Intan', comment: '' });
  expect(await revalidate()).toEqual([]);
  const records = [testRecord(11, 'shop', '127.77.1.2'), testRecord(12, 'flash', '127.77.1.1', { ttlS: 60 })];
  await context.db.delete(estates);
  await context.connect('test', 'sandbox', testEstate({ records, takenAt: new Date().toISOString() }));
  const problems = await revalidate();
  expect(problems).toContainEqual({ kind: 'outdated', values: {} });
  expect(problems).toContainEqual({ kind: 'approvalsVoid', values: { count: 1 } });
  const isOutdated = async () => (await getPlan(plan.id))?.approvals.isOutdated;
  expect(await isOutdated(), 'the run has not been checked since').toBe(false);
  const due = { at: at(0), direction: 'apply' } as const;
  await context.write(
    run.id,
    { type: 'started', actor: 'test', attempt: 1, ...due },
    { type: 'checked', problems, ...due },
  );
  expect(await isOutdated()).toBe(true);
});

it('uses the current policy', async () => {
  const { revalidate } = await waiting();
  await need(1);
  expect(await revalidate()).toEqual([{ kind: 'unapproved', values: { given: 0, needed: 1 } }]);
});

it('finds a conflicting older run that is stopped now, and no newer one', async () => {
  const first = await waiting(2);
  const second = await waiting(8);
  expect(await second.revalidate()).toEqual([]);
  const due = { at: at(0), direction: 'apply' } as const;
  for (const { run } of [first, second])
    await context.write(
      run.id,
      { type: 'started', actor: 'test', attempt: 1, ...due },
      { type: 'stopped', stepId: null, reason: { kind: 'internal', message: 'x' }, ...due },
    );
  expect(await second.revalidate()).toEqual([{ kind: 'blocked', values: { count: 1, check: 'overlap' } }]);
  expect(await first.revalidate()).toEqual([]);
});

it('ignores changes of an earlier run that rolls back before the plan begins', async () => {
  const first = await waiting(2);
  const second = await waiting(8);
  const estate = testEstate({ takenAt: new Date().toISOString() });
  await context.db.delete(estates);
  await context.connect('test', 'sandbox', { ...estate, functions: [] });
  expect(await second.revalidate()).not.toEqual([]);
  const due = { at: at(0), direction: 'apply' } as const;
  await context.write(
    first.run.id,
    { type: 'started', actor: 'test', attempt: 1, ...due },
    { type: 'passed', gate: 'prewarm', latenessMs: 0, ...due },
    { type: 'passed', gate: 'T0', latenessMs: 0, ...due },
  );
  expect(await second.revalidate()).toEqual([]);
  // A stopped one may not be rolled back in time.
  await context.write(first.run.id, {
    type: 'stopped',
    stepId: null,
    reason: { kind: 'internal', message: 'x' },
    ...due,
  });
  expect(await second.revalidate()).not.toEqual([]);
});

it('reports all problems together', async () => {
  await need(1);
  const { revalidate } = await waiting();
  await addFreeze({ name: 'Settlement', span: { kind: 'once', from: at(1), to: at(3) } });
  await context.connect('test', 'sandbox', testEstate({ takenAt: new Date().toISOString(), functions: [] }));
  expect((await revalidate()).map(({ kind }) => kind)).toEqual(['unapproved', 'frozen', 'blocked']);
});

it('reports no problem while all changes are paused, because the pause must not stop the run', async () => {
  const { revalidate } = await waiting();
  await setEmergencyStop({ reason: 'Odd answers' });
  expect(await revalidate()).toEqual([]);
});

it('reports temporary keys that now expire before T1 and the drain', async () => {
  const { revalidate } = await waiting();
  const expiresAt = new Date(Date.now() + 3 * hour);
  await context.db.update(connections).set({ keysExpireAt: expiresAt });
  const problem = { kind: 'keysExpire', values: { expiresAt: expiresAt.toISOString() } };
  expect(await revalidate()).toMatchObject([problem]);
  await context.db.update(connections).set({ keysExpireAt: null });
  expect(await revalidate()).toEqual([]);
});
