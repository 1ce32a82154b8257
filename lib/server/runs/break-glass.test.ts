import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiTokens, auditEntries, breakGlasses, runs, users } from '@/lib/db/schema';
import type { Cutover } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import { type Grants, noLimits, toAccess } from '@/lib/policy/access';
import type { RunId } from '@/lib/run/model/run-id';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { acknowledgeAlert } from '@/lib/server/alerts/acknowledge-alert';
import { getPostMortem } from '@/lib/server/diversions/get-post-mortem';
import { listDiversions } from '@/lib/server/diversions/list-diversions';
import { getRail } from '@/lib/server/operations/get-rail';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { addSafetyRule } from '@/lib/server/safety/change-safety-rules';
import { addFreeze } from '@/lib/server/settings/change-freezes';
import { setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { readAlerts } from '@/lib/store/alerts/read-alerts';
import { loadRun } from '@/lib/store/runs/load-run';
import { storedValidator } from '@/lib/worker/runs/stored-validator';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { requireApprovals, setRules, testApprovalRule } from '@/testing/server/require-approvals';
import { setSignIn, testCaller } from '@/testing/server/test-caller';
import { testContext } from '@/testing/server/test-context';
import { giveRole } from '@/testing/server/test-person';
import { applyPlan } from './apply-plan';
import { breakGlass } from './break-glass';
import { cancelSchedule, rescheduleRun } from './change-schedule';
import { getRun } from './get-run';
import { getRunRecord } from './get-run-record';

const context = testContext();
const oka = testCaller('oka@example.com', 'operator');
const sari = testCaller('sari@example.com', 'administrator');
const intan = testCaller('intan@example.com', 'approver');
const reason = 'The shop is down, nobody else is awake.';

beforeEach(async () => {
  await context.clear();
  await context.db.delete(apiTokens);
  await context.db.delete(users);
  for (const { actor } of [oka, sari, intan]) await giveRole(context.db, actor.name, actor.role ?? 'viewer');
  await context.connect('test', 'sandbox', testEstate({ takenAt: new Date().toISOString() }));
  await requireApprovals(context.db, 1);
  setSignIn('on');
});
afterEach(() => setSignIn('off'));

const refused = (message: string) => ({ ok: false, error: { form: { message } } });
type Planned = { readonly id: string; readonly hash: string };
const glass = (by: Caller, { id, hash }: Planned, why = reason) =>
  actAs(by, () => breakGlass({ planId: id, hash, reason: why }));
const planned = () => actAs(oka, () => context.plan());
const marks = () => context.db.select().from(breakGlasses);

const hour = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * hour).toISOString();
const cutover: Cutover = {
  t0: at(2),
  prewarmS: 600,
  t1: at(4),
  zone: 'UTC',
  missedT0: { kind: 'skip' },
  guards: [],
};

async function scheduled({ id, hash }: Planned) {
  const applied = await actAs(oka, () => applyPlan({ planId: id, hash, typedDomain: null, cutover }));
  invariant(applied.ok, `it is scheduled: ${JSON.stringify(applied)}`);
  return applied.value;
}

/** Returns what the next check of a scheduled run finds. */
async function findProblems(runId: RunId): Promise<readonly string[]> {
  const run = await loadRun(context.db, runId);
  invariant(run !== null, 'the run is stored');
  const deps = { db: context.db, sync: async () => {}, keepAliveS: 75 };
  return (await storedValidator(deps, run).check(false)).map(({ kind }) => kind);
}

describe('breaking glass', () => {
  it('applies a plan without approval, and marks run, list, record and post-mortem for good', async () => {
    const plan = await planned();
    const done = await glass(oka, plan);
    invariant(done.ok, 'it is applied');
    const { runId } = done.value;
    const mark = { actor: 'oka@example.com', reason, isVoid: false };
    const seen = () =>
      actAs(sari, async () => [
        (await getRun(runId))?.breakGlass,
        (await getRunRecord(runId))?.breakGlass,
        (await listDiversions()).find(({ id }) => id === plan.diversionId)?.current?.approvals.breakGlass,
        (await getPostMortem(plan.diversionId))?.diversion.revisions[0]?.approvals.breakGlass,
      ]);
    expect(await seen()).toMatchObject([mark, mark, mark, mark]);
    // Whoever did it may leave: the mark stays.
    await context.db.delete(users).where(eq(users.email, 'oka@example.com'));
    const later = { ...mark, isVoid: true };
    expect(await seen()).toMatchObject([later, later, later, later]);
  });

  it('is recorded in the audit log with its reason, and raises an alert until someone acknowledges it', async () => {
    const done = await glass(oka, await planned());
    invariant(done.ok, 'it is applied');
    const entries = await context.db
      .select({ content: auditEntries.content, outcome: auditEntries.outcome })
      .from(auditEntries)
      .where(eq(auditEntries.operation, 'plan.breakGlass'));
    expect(entries.at(-1)?.outcome).toBe('done');
    expect(entries.at(-1)?.content).toContain(reason);
    const alerts = async () => (await readAlerts(context.db)).open;
    const [alert] = await alerts();
    invariant(alert !== undefined, 'an alert is open');
    expect(alert.reason).toEqual({ kind: 'breakGlass', actor: 'oka@example.com', reason });
    const { subject, occurrence } = alert;
    const acknowledge = (by: Caller, about: typeof subject) =>
      actAs(by, () => acknowledgeAlert({ subject: about, occurrence, reason: 'Seen.' }));
    // Whoever did it can't silence it, nor can anyone by naming another kind of object.
    expect(await acknowledge(oka, subject)).toMatchObject(refused('alert.ownBreakGlass'));
    expect(await acknowledge(intan, { kind: 'switch', id: subject.id })).toMatchObject(refused('alert.gone'));
    expect(await alerts()).toHaveLength(1);
    await acknowledge(intan, subject);
    expect(await alerts()).toEqual([]);
  });

  it('raises an alert that only people with the right on its objects are offered to acknowledge', async () => {
    const done = await glass(oka, await planned());
    invariant(done.ok, 'it is applied');
    const offered = async (grants: Grants) => {
      const { actor, ...caller } = testCaller('made@example.com', 'viewer');
      const { alerts } = await actAs({ ...caller, actor: { ...actor, access: toAccess(grants) } }, () =>
        getRail(),
      );
      return alerts.open.map(({ mayAcknowledge }) => mayAcknowledge);
    };
    const viewer = { role: 'viewer', ...noLimits } as const;
    const operatorWithin = (domains: readonly string[]) =>
      ({ ...viewer, role: 'operator', domains }) as const;
    expect(await offered([{ ...viewer, role: 'operator' }])).toEqual([true]);
    expect(await offered([viewer])).toEqual([false]);
    expect(await offered([viewer, operatorWithin(['*.other.example.com'])])).toEqual([false]);
    expect(await offered([viewer, operatorWithin(['*.example.co.id'])])).toEqual([true]);
  });

  it('needs a reason, the reviewed hash, and a lack of approvals', async () => {
    const plan = await planned();
    expect(await glass(oka, plan, 'urgent')).toMatchObject({
      ok: false,
      error: { fields: { reason: ['breakGlass.reason'] } },
    });
    expect(await glass(oka, { ...plan, hash: 'f'.repeat(64) })).toMatchObject(refused('plan.otherHash'));
    await requireApprovals(context.db, 0);
    expect(await glass(oka, plan)).toMatchObject(refused('breakGlass.notNeeded'));
    expect(await marks()).toEqual([]);
  });

  it('is for operators and administrators who have just signed in, not for approvers and programs', async () => {
    const plan = await planned();
    expect(await glass(intan, plan)).toMatchObject(refused('role.notPermitted'));
    expect(await glass(testCaller('oka@example.com', 'operator', 6), plan)).toMatchObject(
      refused('session.notRecent'),
    );
    const { session: _, ...program } = oka;
    const token: Caller = { ...program, credential: { via: 'token', id: 'spw_test' } };
    expect(await glass(token, plan)).toMatchObject(refused('token.byToken'));
    expect(await marks()).toEqual([]);
    expect(await glass(sari, plan)).toMatchObject({ ok: true });
  });

  it('is refused where a rule forbids it', async () => {
    await setRules(context.db, [testApprovalRule(1, { breakGlass: false })]);
    expect(await glass(sari, await planned())).toMatchObject(refused('breakGlass.forbidden'));
  });

  it('skips no other check: neither a freeze nor the pause, and leaves no mark', async () => {
    const plan = await planned();
    const span = { kind: 'once', from: at(-1), to: at(1) } as const;
    await actAs(sari, () => addFreeze({ name: 'payday', span }));
    expect(await glass(oka, plan)).toMatchObject(refused('plan.frozen'));
    await context.clear();
    await context.connect('test');
    await requireApprovals(context.db, 1);
    const other = await planned();
    await actAs(sari, () => setEmergencyStop({ reason: 'wait' }));
    expect(await glass(oka, other)).toMatchObject(refused('emergencyStop.stopped'));
    expect(await marks()).toEqual([]);
    expect(await context.db.select().from(runs)).toEqual([]);
  });

  it('is refused for a plan that preflight blocks, and leaves no mark', async () => {
    const plan = await planned();
    await context.connect('test', 'sandbox', testEstate({ takenAt: at(0), functions: [] }));
    expect(await glass(oka, plan)).toMatchObject(refused('plan.blocked'));
    expect(await marks()).toEqual([]);
    expect(await context.db.select().from(runs)).toEqual([]);
  });

  it.each([
    ['a protected domain', { kind: 'protected', match: { domains: ['flash.*'] }, approvals: null }, 'never'],
    [
      'a protected domain whose approvals it skips',
      { kind: 'protected', match: { domains: ['flash.*'] }, approvals: 1 },
      'approvals',
    ],
    ['a gate that is off', { kind: 'gating', match: {}, condition: 'gate' }, 'gate'],
  ])('is refused by a safety rule: %s', async (_, rule, why) => {
    const plan = await planned();
    await actAs(sari, () => addSafetyRule({ rule: SafetyRule.parse({ name: 'Sale', ...rule }) }));
    expect(await glass(oka, plan)).toMatchObject({
      ok: false,
      error: { form: { message: 'plan.safetyRule', values: { rule: 'Sale', why } } },
    });
    expect(await marks()).toEqual([]);
    expect(await context.db.select().from(runs)).toEqual([]);
  });

  it('does not let a scheduled run pass what preflight and safety rules find', async () => {
    const plan = await planned();
    const { runId } = await scheduled(plan);
    expect(await glass(oka, plan)).toMatchObject({ ok: true });
    await actAs(sari, () =>
      addSafetyRule({
        rule: SafetyRule.parse({ kind: 'gating', name: 'Sale', match: {}, condition: 'gate' }),
      }),
    );
    await context.connect('test', 'sandbox', testEstate({ takenAt: at(0), functions: [] }));
    expect(await findProblems(runId)).toEqual(['safetyRule', 'blocked']);
  });

  describe('is for one schedule', () => {
    it('can’t be used again once that schedule was canceled: neither at once nor on another one', async () => {
      const plan = await planned();
      const { runId } = await scheduled(plan);
      expect(await glass(oka, plan)).toMatchObject({ ok: true });
      expect(await findProblems(runId)).toEqual([]);
      await actAs(oka, () => cancelSchedule({ runId, reason: 'Not tonight' }));
      // No worker runs here: what it records for a run that no one had claimed.
      await context.write(
        runId,
        { type: 'started', actor: 'oka', attempt: 1, at: at(0), direction: 'apply' },
        { type: 'closed', actor: 'oka', at: at(0), direction: 'apply' },
      );
      const now = { planId: plan.id, hash: plan.hash, typedDomain: null };
      expect(await actAs(oka, () => applyPlan(now))).toMatchObject(refused('plan.unapproved'));
      expect((await scheduled(plan)).runId).toBe(runId);
      expect(await findProblems(runId)).toEqual(['unapproved']);
      expect(await marks(), 'it stays recorded').toHaveLength(1);
      expect(await glass(oka, plan), 'but a new decision is possible').toMatchObject({ ok: true });
      expect(await findProblems(runId)).toEqual([]);
      expect((await marks()).map(({ schedule }) => schedule)).toEqual([1, 2]);
    });

    it('nor once the run was rescheduled', async () => {
      const plan = await planned();
      const { runId } = await scheduled(plan);
      expect(await glass(oka, plan)).toMatchObject({ ok: true });
      const later = { runId, cutover: { ...cutover, t0: at(30), t1: at(32) }, reason: 'Next month' };
      expect(await actAs(oka, () => rescheduleRun(later))).toMatchObject({ ok: true });
      expect(await findProblems(runId)).toEqual(['unapproved']);
    });

    it('nor for the next revision of the diversion', async () => {
      const plan = await planned();
      expect(await glass(oka, plan)).toMatchObject({ ok: true });
      const { hash: _, ...other } = await actAs(oka, () => context.plan(testSplit({ name: 'Another' })));
      expect(other.approvals.count.breakGlass).toBeUndefined();
    });
  });

  it('lets a scheduled run continue at T0, as long as the person may do it', async () => {
    const plan = await planned();
    const { runId } = await scheduled(plan);
    const problems = () => findProblems(runId);
    expect(await problems()).toEqual(['unapproved']);
    expect(await glass(oka, plan)).toEqual({ ok: true, value: { runId } });
    expect(await problems()).toEqual([]);
    await setRules(context.db, [testApprovalRule(1, { breakGlass: false })]);
    expect(await problems()).toEqual(['unapproved']);
    await requireApprovals(context.db, 1);
    await giveRole(context.db, 'oka@example.com', 'viewer');
    expect(await problems()).toEqual(['authorLost', 'unapproved']);
  });
});
