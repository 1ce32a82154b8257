import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PlanView } from '@/lib/contract/plan';
import {
  approvals,
  changeFreezes,
  connections,
  emergencyStops,
  plans,
  runAttempts,
  safetyRules,
  users,
} from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { loadRun } from '@/lib/store/runs/load-run';
import { storedValidator } from '@/lib/worker/runs/stored-validator';
import { testEstate } from '@/testing/plan/test-estate';
import { setRules, testApprovalRule } from '@/testing/server/require-approvals';
import { testContext } from '@/testing/server/test-context';
import { giveRole } from '@/testing/server/test-person';
import { readRehearsalConditions } from './read-conditions';

const context = testContext();

const hour = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * hour).toISOString();
const schedule = (t0Hours: number): Cutover => ({
  t0: inHours(t0Hours),
  prewarmS: 600,
  t1: inHours(t0Hours + 2),
  zone: 'UTC',
  missedT0: { kind: 'skip' },
  guards: [],
});

let plan: PlanView;

beforeEach(async () => {
  await context.clear();
  await context.db.delete(users);
  await context.connect('test');
  await context.db.update(connections).set({ keysExpireAt: null });
  plan = await context.plan();
});

async function read(cutover: Cutover | null = schedule(2)) {
  const estate = await newestEstate(context.db, 'test');
  invariant(estate !== null, 'the account has a snapshot');
  const [row] = await context.db.select().from(plans).where(eq(plans.id, plan.id));
  const createdBy = row?.createdBy ?? '';
  return readRehearsalConditions(context.db, {
    planId: plan.id,
    plan: plan.plan,
    createdBy,
    cutover,
    estate,
  });
}

/** Stores an approval of the plan that was given some hours ago. */
async function approve(email: string, hoursAgo = 0): Promise<void> {
  const at = new Date(Date.now() - hoursAgo * hour);
  await context.db
    .insert(approvals)
    .values({ planId: plan.id, hash: plan.hash, name: email, nameKey: email, comment: '', actor: email, at });
}

async function addRule(rule: object): Promise<void> {
  const parsed = SafetyRule.parse({ name: 'Sale', match: { domains: ['flash.*'] }, ...rule });
  const by = { createdBy: 'local', changedBy: 'local' };
  await context.db.insert(safetyRules).values({ name: parsed.name, rule: parsed, ...by });
}

describe('the conditions of a rehearsal', () => {
  it('are none where nothing is set', async () => {
    expect(await read()).toMatchObject({
      safety: { rules: [], otherRuns: [] },
      freezes: [],
      stop: null,
      blocked: null,
      notes: [],
    });
  });

  it('are the rules, freezes and pause in force', async () => {
    await addRule({ kind: 'protected', approvals: null });
    const span = { kind: 'once', from: inHours(1), to: inHours(3) } as const;
    await context.db.insert(changeFreezes).values({ name: 'Year end', span, createdBy: 'local' });
    await context.db.insert(emergencyStops).values({ actor: 'sari', reason: 'incident' });
    expect(await read()).toMatchObject({
      safety: { rules: [{ rule: { name: 'Sale' } }] },
      freezes: [{ name: 'Year end', span }],
      stop: { actor: 'sari', reason: 'incident' },
    });
  });

  it('have the blocks of the preflight, in the words of the run’s own validator', async () => {
    const cutover = schedule(2);
    const applied = await applyPlan({ planId: plan.id, hash: plan.hash, cutover });
    invariant(applied.ok, 'the run is scheduled');
    await context.connect(
      'test',
      'sandbox',
      testEstate({ takenAt: new Date().toISOString(), functions: [] }),
    );
    const { blocked } = await read();
    expect(blocked).toMatchObject({ count: expect.any(Number), check: expect.any(String) });
    const run = await loadRun(context.db, applied.value.runId);
    invariant(run !== null, 'the run is stored');
    const validator = storedValidator({ db: context.db, sync: async () => {}, keepAliveS: 75 }, run);
    expect(await validator.check(false)).toContainEqual({ kind: 'blocked', values: blocked });
  });

  it('have other runs with their times, and not the own one', async () => {
    const cutover = schedule(2);
    expect((await applyPlan({ planId: plan.id, hash: plan.hash, cutover })).ok).toBe(true);
    expect((await read()).safety.otherRuns).toEqual([]);
    await context.connect('other');
    plan = await context.plan(undefined, 'other');
    expect((await applyPlan({ planId: plan.id, hash: plan.hash, cutover })).ok).toBe(true);
    const from = new Date(Date.parse(cutover.t0) - 600_000).toISOString();
    expect((await read()).safety.otherRuns).toMatchObject([
      { connectionIds: ['test'], from, until: cutover.t1 },
    ]);
  });
});

describe('the notes of a rehearsal', () => {
  it('say how many approvals are missing, and count those of a rule as given', async () => {
    await setRules(context.db, [testApprovalRule(2)]);
    await addRule({ kind: 'protected', approvals: 3 });
    await giveRole(context.db, 'budi@example.com', 'approver');
    await approve('budi@example.com');
    const { notes, safety } = await read();
    expect(notes).toEqual([
      { code: 'approvalsMissing', severity: 'todo', values: { given: 1, needed: 2 } },
      { code: 'ruleApprovals', severity: 'todo', values: { rule: 'Sale', given: 1, needed: 3 } },
    ]);
    expect(safety.approvals).toBe(3);
  });

  it('say that an approval that counts now will have expired at T0', async () => {
    await setRules(context.db, [testApprovalRule(1, { expiresAfterH: 4 })]);
    await giveRole(context.db, 'budi@example.com', 'approver');
    await approve('budi@example.com', 1);
    expect((await read(schedule(2))).notes).toEqual([]);
    expect((await read(schedule(6))).notes).toMatchObject([
      { code: 'approvalsExpire', severity: 'stops', values: { given: 0, needed: 1 } },
    ]);
  });

  it('name an approver who has lost the right', async () => {
    await setRules(context.db, [testApprovalRule(1)]);
    await giveRole(context.db, 'budi@example.com', 'viewer');
    await approve('budi@example.com');
    expect((await read()).notes).toEqual([
      { code: 'approvalsMissing', severity: 'todo', values: { given: 0, needed: 1 } },
      { code: 'approverLost', severity: 'warning', values: { actor: 'budi@example.com' } },
    ]);
  });

  it('name the author, and of a scheduled plan whoever has scheduled it, if they may not apply it any more', async () => {
    await context.db.update(plans).set({ createdBy: 'sari@example.com' });
    const author = { code: 'authorLost', severity: 'todo', values: { actor: 'sari@example.com' } };
    expect((await read()).notes).toEqual([author]);
    const cutover = schedule(2);
    expect((await applyPlan({ planId: plan.id, hash: plan.hash, cutover })).ok).toBe(true);
    expect((await read(cutover)).notes).toEqual([]);
    await giveRole(context.db, 'dewi@example.com', 'operator');
    await context.db.update(runAttempts).set({ actor: 'dewi@example.com' });
    expect((await read(cutover)).notes).toEqual([]);
    await giveRole(context.db, 'dewi@example.com', 'viewer');
    expect((await read(cutover)).notes).toEqual([
      { code: 'schedulerLost', severity: 'stops', values: { actor: 'dewi@example.com' } },
    ]);
  });

  it('name the account whose key expires before the run is complete', async () => {
    await context.db.update(connections).set({ keysExpireAt: new Date(inHours(3)) });
    expect((await read()).notes).toMatchObject([
      { code: 'keysExpire', severity: 'stops', values: { connection: 'test' } },
    ]);
  });
});
