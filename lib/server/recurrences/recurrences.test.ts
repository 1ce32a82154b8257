import { eq, inArray, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import * as schema from '@/lib/db/schema';
import type { DiversionId } from '@/lib/diversion/diversion';
import type { RecurrenceRule } from '@/lib/diversion/recurrence';
import { invariant } from '@/lib/invariant';
import { StepId } from '@/lib/plan/model/model';
import { defaultPolicy, type Policy } from '@/lib/policy/policy';
import { listAudit } from '@/lib/server/audit/list-audit';
import { discardDiversion, restoreDiversion } from '@/lib/server/diversions/change-diversions';
import { getActivity } from '@/lib/server/diversions/get-activity';
import { getDiversion } from '@/lib/server/diversions/get-diversion';
import { listDiversions } from '@/lib/server/diversions/list-diversions';
import { getOverview } from '@/lib/server/overview/get-overview';
import { approvePlan } from '@/lib/server/plans/change-approvals';
import { createPlan } from '@/lib/server/plans/create-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { cancelSchedule } from '@/lib/server/runs/change-schedule';
import { getSchedule } from '@/lib/server/runs/get-schedule';
import { addFreeze } from '@/lib/server/settings/change-freezes';
import { clearEmergencyStop, setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { setPolicy } from '@/lib/server/settings/set-policy';
import { createOccurrences, isSeriesDue, listSeries } from '@/lib/store/recurrences/create-occurrences';
import { testEstate, testRecord, testRule as testRouteRule, testSplit } from '@/testing/plan/test-estate';
import { testRule } from '@/testing/plan/test-recurrence';
import { requireApprovals } from '@/testing/server/require-approvals';
import { testContext } from '@/testing/server/test-context';
import { setRecurrence, stopRecurrence } from './change-recurrence';

/* Tests what a rule creates, on a real database and the real engine's client; no worker changes the state of runs. */

const context = testContext();
let template: DiversionId;

beforeEach(async () => {
  await context.clear();
  await context.connect('test');
  template = (await context.plan()).diversionId;
});

const hourMs = 3_600_000;
const threeDays: Partial<RecurrenceRule> = { aheadDays: 3 };

async function setRule(rule: RecurrenceRule = testRule(threeDays)) {
  const answer = await setRecurrence({ diversionId: template, rule, reason: 'each day', typedDomain: null });
  invariant(answer.ok, `the rule is accepted: ${JSON.stringify(answer)}`);
  return rule;
}
/** Creates what is due, and lets a worker claim the new runs, each of which then waits for its prewarm. */
async function create(now = new Date()) {
  const isDone = await createOccurrences(template, now);
  for (const { runId, state, prewarmAt } of (await getSchedule()).cutovers) {
    if (state !== 'queued') continue;
    const base = { at: new Date().toISOString(), direction: 'apply' } as const;
    await context.write(runId, { ...base, type: 'started', actor: 'recurrence', attempt: 1 });
    await context.write(runId, { ...base, type: 'gate', gate: 'prewarm', due: prewarmAt });
  }
  return isDone;
}
/** The series with something to create or to finish at a given time. */
async function listDue(now: Date): Promise<readonly DiversionId[]> {
  const due = (await listSeries(now)).map(async (series) =>
    (await isSeriesDue(series, now)) ? [series.id] : [],
  );
  return (await Promise.all(due)).flat();
}
async function readTemplate() {
  const view = await getDiversion(template);
  invariant(view !== null && view.recurrence !== null, 'it repeats');
  return view.recurrence;
}
/** The occurrences, ordered by T0. */
const list = async () => (await readTemplate()).occurrences.toReversed();
const dates = async () => (await list()).map(({ date }) => date);
async function first() {
  const [found] = await list();
  invariant(found !== undefined && found.runId !== null, 'an occurrence is scheduled');
  return { ...found, runId: found.runId };
}

describe('a rule', () => {
  it('creates a scheduled diversion for each date that is due, with its own plan, once', async () => {
    const rule = await setRule();
    expect(await listDue(new Date())).toEqual([template]);
    expect(await create()).toBe(true);
    const created = await list();
    expect(created).toHaveLength(3);
    expect(created.map(({ state, problems }) => [state, problems])).toEqual(Array(3).fill(['scheduled', []]));
    expect(created[0]?.date).toBe(rule.from);
    const cutovers = (await getSchedule()).cutovers;
    expect(cutovers.map(({ cutover }) => [Date.parse(cutover.t0), Date.parse(cutover.t1 ?? '')])).toEqual(
      created.map(({ t0, t1 }) => [t0, t1]),
    );
    expect(new Set(cutovers.map(({ planId }) => planId)).size).toBe(3);
    expect((await getDiversion(created[0]?.diversionId ?? template))?.series).toMatchObject({
      kind: 'occurrence',
      of: template,
      date: rule.from,
    });

    // What a worker does by itself is in the audit log, too.
    const { entries } = await listAudit({ operation: 'occurrence.schedule', object: template });
    expect(entries.map(({ content }) => content?.facts.date).toReversed()).toEqual(
      created.map(({ date }) => date),
    );
    expect(entries[0]?.content).toMatchObject({
      via: 'worker',
      outcome: 'done',
      plans: [{ id: cutovers.at(-1)?.planId }],
    });

    expect(await create()).toBe(false);
    expect(await list()).toHaveLength(3);
    expect(await listDue(new Date())).toEqual([]);
    // A day later, the next one is due.
    const tomorrow = new Date(Date.now() + 24 * hourMs);
    expect(await listDue(tomorrow)).toEqual([template]);
  });

  it('is shown with its occurrences without reading their plans', async () => {
    await setRule();
    await create();
    const before = await list();
    await context.db
      .update(schema.plans)
      .set({ plan: sql`'{"diversion": {"acknowledged": "no list"}}'` })
      .where(
        inArray(
          schema.plans.diversionId,
          before.map(({ diversionId }) => diversionId),
        ),
      );
    expect(await list()).toEqual(before);
  });

  it('creates each date once with concurrent workers', async () => {
    await setRule();
    await Promise.all([create(), create()]);
    const found = await dates();
    expect(found).toHaveLength(3);
    expect(new Set(found).size).toBe(3);
    expect((await getSchedule()).cutovers).toHaveLength(3);
  });

  it('completes occurrences that a crash has left with only a draft, or a plan without a run', async () => {
    await setRule();
    await create();
    const [one, two] = await list();
    invariant(one?.runId && two?.runId, 'they are scheduled');
    for (const { runId, diversionId } of [one, two]) {
      invariant(runId, 'it is scheduled');
      await context.db.delete(schema.runEvents).where(eq(schema.runEvents.runId, runId));
      await context.db.delete(schema.runAttempts).where(eq(schema.runAttempts.runId, runId));
      await context.db.delete(schema.runs).where(eq(schema.runs.id, runId));
      await context.db
        .update(schema.occurrences)
        .set({ settledAt: null })
        .where(eq(schema.occurrences.diversionId, diversionId));
    }
    await context.db.delete(schema.plans).where(eq(schema.plans.diversionId, one.diversionId));
    expect(await create()).toBe(true);
    expect((await list()).map(({ diversionId, state }) => [diversionId, state])).toContainEqual([
      one.diversionId,
      'scheduled',
    ]);
    expect((await getSchedule()).cutovers).toHaveLength(3);
    expect((await getDiversion(two.diversionId))?.revisions).toHaveLength(1);
  });

  it('does not recreate occurrences that were canceled or discarded manually', async () => {
    await setRule();
    await create();
    const before = await dates();
    const { runId, diversionId } = await first();
    expect(await cancelSchedule({ runId, reason: 'no stock' })).toMatchObject({ ok: true });
    expect(await create()).toBe(false);
    expect(await discardDiversion({ diversionId })).toMatchObject({ ok: true });
    expect(await create()).toBe(false);
    expect(await dates()).toEqual(before);
    expect((await getSchedule()).cutovers).toHaveLength(2);
  });

  it('creates nothing while all changes are paused, and continues after they are resumed', async () => {
    await setRule();
    await setEmergencyStop({ reason: 'incident' });
    expect(await create()).toBe(false);
    expect(await list()).toEqual([]);
    await clearEmergencyStop({ reason: 'over' });
    await create();
    expect(await list()).toHaveLength(3);
  });

  it('waits while one of its occurrences is in effect, until just before the next one', async () => {
    await setRule(testRule({ aheadDays: 1 }));
    await create();
    const { runId, t0 } = await first();
    const base = { at: new Date().toISOString(), direction: 'apply' } as const;
    await context.write(runId, { ...base, type: 'passed', gate: 'prewarm', latenessMs: 0 });
    await context.write(runId, { ...base, type: 'passed', gate: 'T0', latenessMs: 0 });
    expect((await readTemplate()).waitsFor).toEqual({ diversionId: (await first()).diversionId, left: [] });
    await create(new Date(t0 + hourMs));
    expect(await list()).toHaveLength(1);
    // Half an hour before its prewarm it is planned regardless of what is in effect: it must not be lost silently.
    await create(new Date(t0 + 24 * hourMs - 20 * 60_000));
    expect(await list()).toHaveLength(2);
  });

  it('waits for a occurrence that was left as is that had begun, as its changes stay, until they are rolled back', async () => {
    await setRule(testRule({ aheadDays: 1 }));
    await create();
    const { runId, diversionId, t0 } = await first();
    const base = { at: new Date().toISOString(), direction: 'apply' } as const;
    const stepId = StepId.parse('s1');
    await context.write(runId, { ...base, type: 'passed', gate: 'prewarm', latenessMs: 0 });
    await context.write(runId, { ...base, type: 'intent', stepId, action: 'CreateRule', attempt: 1 });
    await context.write(runId, {
      ...base,
      type: 'stepDone',
      stepId,
      outcome: 'applied',
      requestId: 'r',
      durationMs: 1,
    });
    await context.write(runId, { ...base, type: 'closed', actor: 'local', reason: 'wrong day' });
    const rule = testRouteRule('loc-b', 'lb-scf', 'flash.example.co.id');
    await context.connect('test', 'sandbox', testEstate({ rules: [...testEstate().rules, rule] }));
    expect((await readTemplate()).waitsFor).toMatchObject({
      diversionId,
      left: [expect.stringContaining('flash')],
    });
    await create(new Date(t0 + hourMs));
    expect(await list()).toHaveLength(1);
    const undone = (await getDiversion(diversionId))?.newest;
    const plan = await getPlan(undone?.planId ?? '');
    const back = plan?.plan.rollback.find((step) => step.kind === 'write' && step.undoes === stepId);
    invariant(back !== undefined, 'the step has an inverse');
    const rollback = { ...base, direction: 'rollback' } as const;
    await context.write(runId, { ...rollback, type: 'started', actor: 'local', attempt: 2 });
    await context.write(runId, {
      ...rollback,
      type: 'stepDone',
      stepId: back.id,
      outcome: 'applied',
      requestId: 'r',
      durationMs: 1,
    });
    await context.write(runId, { ...rollback, type: 'closed', actor: 'local' });
    expect((await readTemplate()).waitsFor).toBeNull();
  });
});

describe('a series whose occurrence was left as is with its changes in effect', () => {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

  it('continues by itself once a sync from after the run finds them undone', async () => {
    await setRule(testRule({ aheadDays: 1 }));
    await create();
    const { runId, diversionId, t0 } = await first();
    const base = { at: ago(60), direction: 'apply' } as const;
    const stepId = StepId.parse('s1');
    const done = { outcome: 'applied', requestId: 'r', durationMs: 1 } as const;
    await context.write(runId, { ...base, type: 'passed', gate: 'prewarm', latenessMs: 0 });
    await context.write(runId, { ...base, type: 'intent', stepId, action: 'CreateRule', attempt: 1 });
    await context.write(runId, { ...base, type: 'stepDone', stepId, ...done });
    await context.write(runId, { ...base, type: 'closed', actor: 'local', reason: 'wrong day' });
    const waits = { diversionId, left: ['flash.example.co.id/ (lb-scf)'] };
    const rule = testRouteRule('loc-b', 'lb-scf', 'flash.example.co.id');
    const synced = async (minutes: number, rules: readonly object[] = []) =>
      context.connect(
        'test',
        'sandbox',
        testEstate({ takenAt: ago(minutes), rules: [...testEstate().rules, ...rules] }),
      );
    await synced(50, [rule]);
    expect((await readTemplate()).waitsFor).toEqual(waits);
    await create(new Date(t0 + hourMs));
    expect(await list()).toHaveLength(1);
    // The cloud may complete the run's last write after this sync.
    await synced(59);
    expect((await readTemplate()).waitsFor).toEqual(waits);
    await synced(40);
    expect((await readTemplate()).waitsFor).toBeNull();
    await create(new Date(t0 + hourMs));
    expect(await list()).toHaveLength(2);
    // Someone makes the change again.
    await synced(30, [rule]);
    expect((await readTemplate()).waitsFor).toEqual(waits);
  });
});

describe('a policy with a guard on a figure without a value', () => {
  const values = { measure: 'notConverged', source: 'policy', place: 1, probeS: 0 };
  const unread = { message: 'guard.unread', values };
  beforeEach(async () => {
    const guards: Policy['guards'] = [{ measure: 'notConverged', limit: 20, forS: 300, outcome: 'stop' }];
    await setPolicy({ ...defaultPolicy, guards, kind: 'sandbox', readAt: null });
  });

  it('lets no rule be set, so that scheduled occurrences stay', async () => {
    const rule = testRule(threeDays);
    const set = () => setRecurrence({ diversionId: template, rule, reason: 'each day', typedDomain: null });
    expect(await context.withSettings({ SPILLWAY_PROBE_S: 0 }, set)).toMatchObject({
      error: { form: unread },
    });
    expect(await set()).toMatchObject({ ok: true });
  });

  it('is the problem of an occurrence that is created after the settings have changed', async () => {
    await setRule(testRule({ aheadDays: 1 }));
    await context.withSettings({ SPILLWAY_PROBE_S: 0 }, () => create());
    expect(await list()).toMatchObject([{ runId: null, problems: [unread] }]);
  });
});

describe('an occurrence that cannot be scheduled', () => {
  it('in time is recorded as missed, if the rule had it: while all changes were paused, or no worker ran', async () => {
    const rule = await setRule();
    const t0 = Date.parse(rule.from) + rule.startMinute * 60_000;
    await context.db.update(schema.recurrences).set({ setAt: new Date(t0 - 2 * hourMs) });
    await setEmergencyStop({ reason: 'incident' });
    const later = new Date(t0 + hourMs);
    expect(await listDue(later)).toEqual([template]);
    expect(await create(later)).toBe(false);
    await clearEmergencyStop({ reason: 'over' });
    await create(later);
    const [missed, next] = await list();
    expect(missed).toMatchObject({ date: rule.from, runId: null, problems: [{ message: 'repeat.missed' }] });
    expect(next?.state).toBe('scheduled');
    const listed = (await listDiversions()).find(({ id }) => id === missed?.diversionId);
    expect(listed?.attention).toEqual(['unscheduled']);
    expect(await listDue(later)).toEqual([]);
    // An occurrence that ended before the rule was set was never promised.
    await context.db.delete(schema.occurrences);
    await context.db.update(schema.recurrences).set({ setAt: new Date(t0 + 60_000) });
    await create(later);
    expect(await dates()).not.toContain(rule.from);
  });

  it('on a real account because its template now moves another name, which no person has confirmed', async () => {
    await context.connect('real', 'tencent');
    template = (await context.plan({ ...testSplit(), name: 'Real split' }, 'real')).diversionId;
    const rule = testRule({ aheadDays: 1 });
    const typed = { diversionId: template, rule, reason: 'each day', typedDomain: 'flash.example.co.id' };
    expect(await setRecurrence(typed)).toMatchObject({ ok: true });
    const swapped = testSplit(
      { domain: 'shop.example.co.id' },
      { domain: 'flash.example.co.id', rule: { kind: 'existing', ruleId: 'loc-flash' } },
    );
    expect(
      await createPlan({ connectionId: 'real', diversion: swapped, diversionId: template }),
    ).toMatchObject({ ok: true });
    await create();
    const values = { series: template, names: 'shop.example.co.id', typed: 'flash.example.co.id' };
    expect((await list()).map(({ problems }) => problems)).toEqual([
      [{ message: 'repeat.otherNames', values }],
    ]);
    expect((await getSchedule()).cutovers).toEqual([]);
    // Confirmed by the other domain, it is scheduled.
    expect(await setRecurrence({ ...typed, typedDomain: 'shop.example.co.id' })).toMatchObject({ ok: true });
    await create();
    expect((await list()).map(({ problems }) => problems)).toEqual([[]]);
  });

  it('is kept with the reason if its plan is blocked, and needs attention', async () => {
    await setRule();
    // The function was deleted after the template was planned.
    const estate = testEstate();
    await context.db.delete(schema.estates);
    await context.connect('test', 'sandbox', { ...estate, functions: [] });
    await create();
    const [one] = await list();
    expect(one).toMatchObject({ runId: null });
    expect(one?.problems.length).toBeGreaterThan(0);
    const listed = (await listDiversions()).find(({ id }) => id === one?.diversionId);
    expect(listed?.attention).toContain('unscheduled');
    expect((await getSchedule()).cutovers).toEqual([]);
    // It is not retried automatically.
    expect(await create()).toBe(false);
  });

  it('is kept with the reason in a change freeze, and the others are scheduled', async () => {
    const rule = testRule(threeDays);
    const t0 = Date.parse(rule.from) + rule.startMinute * 60_000;
    const span = {
      kind: 'once',
      from: new Date(t0 - 60_000).toISOString(),
      to: new Date(t0 + 60_000).toISOString(),
    } as const;
    expect(await addFreeze({ name: 'payday', span })).toMatchObject({ ok: true });
    await setRule(rule);
    await create();
    expect((await list()).map(({ state, problems }) => [state, problems])).toEqual([
      ['planned', [{ message: 't0.frozen' }]],
      ['scheduled', []],
      ['scheduled', []],
    ]);
  });

  it('that needs approvals is scheduled and waits for them, like any plan', async () => {
    await requireApprovals(context.db, 1);
    await setRule();
    await create();
    const { diversionId, state } = await first();
    expect(state).toBe('scheduled');
    expect((await getDiversion(diversionId))?.attention).toEqual(['unapproved']);
  });
});

describe('an occurrence whose plan is outdated', () => {
  const base = { at: new Date().toISOString(), direction: 'apply' } as const;
  const outdated = { ...base, type: 'checked', problems: [{ kind: 'outdated', values: {} }] } as const;
  /** Changes the snapshot behind the plans. */
  const changeEstate = (ttlS: number) => {
    const [shop] = testEstate().records;
    const records = [shop, testRecord(12, 'flash', '127.77.1.1', { ttlS })];
    return context.connect('test', 'sandbox', testEstate({ records, takenAt: new Date().toISOString() }));
  };

  it('is recreated once if it is the next one, and otherwise needs attention', async () => {
    await setRule();
    await create();
    const before = (await list()).map(({ diversionId, runId }) => ({ diversionId, runId }));
    await changeEstate(120);
    for (const { runId } of before) if (runId !== null) await context.write(runId, outdated);
    expect(await listDue(new Date())).toEqual([template]);
    await create();
    const after = await list();
    expect(after.map(({ state, problems }) => [state, problems])).toEqual(Array(3).fill(['scheduled', []]));
    expect(after.map(({ diversionId }, index) => diversionId === before[index]?.diversionId)).toEqual([
      false,
      true,
      true,
    ]);
    await changeEstate(240);
    await context.write((await first()).runId, outdated);
    expect(await listDue(new Date())).toEqual([]);
    await create();
    expect((await first()).diversionId).toBe(after[0]?.diversionId);
  });

  it('needs attention on every page until a later re-validation passes', async () => {
    await setRule();
    await create();
    const { diversionId, runId } = await first();
    await context.write(runId, outdated);
    const get = async () => (await listDiversions()).find(({ id }) => id === diversionId)?.attention;
    expect(await get()).toEqual(['revalidation']);
    expect((await getDiversion(diversionId))?.attention).toEqual(['revalidation']);
    const needs = async () => (await getOverview()).needs.items.filter(({ kind }) => kind !== 'worker');
    expect(await needs()).toMatchObject([{ kind: 'revalidation', runId, problems: outdated.problems }]);
    await context.write(runId, { ...outdated, problems: [] });
    expect(await get()).toEqual([]);
    expect(await needs()).toEqual([]);
  });

  it('is unchanged if a person has approved its plan, or while the plan fits the snapshot', async () => {
    await setRule();
    await create();
    const before = await first();
    await context.write(before.runId, outdated);
    await create();
    expect((await first()).diversionId).toBe(before.diversionId);
    await changeEstate(120);
    const { planId } = (await getDiversion(before.diversionId))?.newest ?? {};
    invariant(planId !== undefined, 'it has a plan');
    const hash = (await getPlan(planId))?.hash ?? '';
    expect(await approvePlan({ planId, hash, name: 'Intan', comment: '' })).toMatchObject({ ok: true });
    await create();
    expect((await first()).diversionId).toBe(before.diversionId);
  });
});

describe('a change of the rule', () => {
  it('is in the activity with actor and reason, and so is the end of the recurrence', async () => {
    const rule = await setRule();
    await create();
    const { diversionId } = await first();
    const changed = { ...rule, ...testRule(threeDays, 2) };
    expect(
      await setRecurrence({ diversionId: template, rule: changed, reason: ' ', typedDomain: null }),
    ).toMatchObject({ error: { fields: { reason: ['reason.missing'] } } });
    await setRecurrence({ diversionId: template, rule: changed, reason: 'earlier', typedDomain: null });
    await stopRecurrence({ diversionId: template, scheduled: 'keep', reason: 'sale over' });
    const entries = (await getActivity(template))?.entries.filter(({ kind }) => kind === 'recurrence');
    const of = { kind: 'recurrence', actor: 'local' };
    expect(entries).toMatchObject([
      { ...of, change: 'set', rule, reason: 'each day' },
      { ...of, change: 'changed', rule: changed, reason: 'earlier' },
      { ...of, change: 'stopped', rule: changed, reason: 'sale over' },
    ]);
    const canceled = (await getActivity(diversionId))?.entries.flatMap((entry) =>
      entry.kind === 'run' && entry.event.type === 'closed' ? [entry.event.reason] : [],
    );
    expect(canceled).toEqual(['The recurrence was changed: earlier']);
  });

  it('cancels and replaces occurrences that no longer fit, and keeps the rest', async () => {
    await setRule();
    await create();
    const before = await list();
    const earlier = await setRule(testRule(threeDays, 2));
    const runs = (await getSchedule()).cutovers;
    expect(runs).toEqual([]);
    expect((await getDiversion(before[0]?.diversionId ?? template))?.state).toBe('discarded');
    await create();
    const after = await list();
    expect(after).toHaveLength(3);
    expect(after.every(({ diversionId }) => before.every((each) => each.diversionId !== diversionId))).toBe(
      true,
    );
    expect(after.map(({ state }) => state)).toEqual(['scheduled', 'scheduled', 'scheduled']);

    await setRule({ ...earlier, aheadDays: 2 });
    expect((await list()).map(({ diversionId }) => diversionId)).toEqual(
      after.map(({ diversionId }) => diversionId),
    );
  });

  it('waits for a canceled run that no worker has claimed yet, instead of conflicting with it', async () => {
    const rule = await setRule();
    // No worker has claimed its runs: a message ends each once it is claimed.
    await createOccurrences(template, new Date());
    const before = (await getSchedule()).cutovers;
    await setRule({
      ...rule,
      endMinute: (rule.endMinute + 1) % 1440,
      endsAfterDays: rule.endMinute === 1439 ? 1 : rule.endsAfterDays,
    });
    await createOccurrences(template, new Date());
    expect((await list()).map(({ state, problems }) => [state, problems])).toEqual(
      Array(3).fill(['planned', []]),
    );
    for (const { runId } of before) {
      const base = { at: new Date().toISOString(), direction: 'apply' } as const;
      await context.write(runId, { ...base, type: 'closed', actor: 'local', reason: 'changed' });
    }
    await create();
    expect((await list()).map(({ state }) => state)).toEqual(Array(3).fill('scheduled'));
  });

  it('replaces occurrences of an older plan of the series', async () => {
    const rule = await setRule();
    await create();
    const before = await list();
    const diversion = { ...testSplit(), expectedPeakRps: 50 };
    expect(await createPlan({ connectionId: 'test', diversion, diversionId: template })).toMatchObject({
      ok: true,
    });
    expect((await list()).map(({ isCurrent }) => isCurrent)).toEqual([false, false, false]);
    await setRule(rule);
    await create();
    const after = await list();
    expect(after.map(({ isCurrent }) => isCurrent)).toEqual([true, true, true]);
    expect(after[0]?.diversionId).not.toBe(before[0]?.diversionId);
  });

  it('that stops it drops unscheduled occurrences, even if the rest is kept', async () => {
    await setRule();
    await create();
    const [, , last] = await list();
    invariant(last?.runId, 'it is scheduled');
    await context.db.delete(schema.runEvents).where(eq(schema.runEvents.runId, last.runId));
    await context.db.delete(schema.runAttempts).where(eq(schema.runAttempts.runId, last.runId));
    await context.db.delete(schema.runs).where(eq(schema.runs.id, last.runId));
    await context.db
      .update(schema.occurrences)
      .set({ settledAt: null })
      .where(eq(schema.occurrences.diversionId, last.diversionId));
    expect(
      await stopRecurrence({ diversionId: template, scheduled: 'keep', reason: 'sale over' }),
    ).toMatchObject({ ok: true });
    expect((await list()).map(({ state }) => state)).toEqual(['scheduled', 'scheduled']);
    expect((await getDiversion(last.diversionId))?.state).toBe('discarded');
  });

  it.each([
    ['keep', 'scheduled', 3],
    ['cancel', 'discarded', 0],
  ] as const)('that stops it can %s scheduled occurrences', async (scheduled, state, left) => {
    await setRule();
    await create();
    const { diversionId } = await first();
    expect(await stopRecurrence({ diversionId: template, scheduled, reason: 'sale over' })).toMatchObject({
      ok: true,
    });
    expect((await getDiversion(diversionId))?.state).toBe(state);
    expect((await getSchedule()).cutovers).toHaveLength(left);
    expect(await listDue(new Date(Date.now() + 24 * hourMs))).toEqual([]);
    expect(await create(new Date(Date.now() + 24 * hourMs))).toBe(false);
    expect((await readTemplate()).stopped).toMatchObject({ by: 'local' });
  });
});

describe('the list of diversions', () => {
  it('excludes occurrences that were replaced or ended long ago', async () => {
    const rule = await setRule();
    await create();
    const before = (await list()).map(({ diversionId }) => diversionId);
    await setRule({ ...rule, ...testRule(threeDays, 2) });
    await create();
    const created = await list();
    const [old, ...others] = created.map(({ diversionId }) => diversionId);
    const runId = created[0]?.runId;
    invariant(old !== undefined && runId, 'an occurrence was created, with its run');
    await context.write(runId, {
      type: 'closed',
      actor: 'local',
      at: new Date().toISOString(),
      direction: 'apply',
    });
    await context.db
      .update(schema.occurrences)
      .set({ t1: new Date(Date.now() - 32 * 24 * hourMs) })
      .where(eq(schema.occurrences.diversionId, old));
    const listed = (await listDiversions()).map(({ id }) => id);
    expect(listed).toEqual(expect.arrayContaining([template, ...others]));
    for (const id of [old, ...before]) expect(listed).not.toContain(id);
    // A replaced occurrence that an operator restores is a diversion like any other.
    const [restored] = before;
    invariant(restored !== undefined, 'there are occurrences before');
    expect(await restoreDiversion({ diversionId: restored })).toMatchObject({ ok: true });
    expect((await listDiversions()).map(({ id }) => id)).toContain(restored);
  });
});

describe('a recurrence is refused', () => {
  const refusal = async (diversionId: DiversionId, typedDomain: string | null = null) => {
    const answer = await setRecurrence({ diversionId, rule: testRule(), reason: 'each day', typedDomain });
    return answer.ok ? null : (answer.error.form?.message ?? answer.error.fields);
  };

  it('for an occurrence, and its template is not discarded while it repeats', async () => {
    await setRule();
    await create();
    expect(await refusal((await first()).diversionId)).toBe('repeat.isOccurrence');
    const discarded = await discardDiversion({ diversionId: template });
    expect(discarded).toMatchObject({ ok: false, error: { form: { message: 'diversion.repeats' } } });
  });

  it('on a real account unless the moved domain is typed', async () => {
    await context.connect('real', 'tencent');
    const { diversionId } = await context.plan({ ...testSplit(), name: 'Real split' }, 'real');
    expect(await refusal(diversionId)).toEqual({ typedDomain: ['typedDomain.differs'] });
    expect(await refusal(diversionId, 'flash.example.co.id')).toBeNull();
  });

  it('with invalid fields of the rule, at the field', async () => {
    const rule = { ...testRule(), aheadDays: 99 };
    expect(
      await setRecurrence({ diversionId: template, rule, reason: 'each day', typedDomain: null }),
    ).toMatchObject({
      error: { fields: { 'rule.aheadDays': ['repeat.ahead'] } },
    });
  });
});
